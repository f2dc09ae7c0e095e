import type { Zone } from './zone';

/** `2026-03-08T03:00:00-04:00`: an instant in a zone, with its offset there. */
export function localIso(instant: number, zone: Zone): string {
  const offset = zone.offsetAt(instant);
  const sign = offset < 0 ? '-' : '+';
  const minutes = Math.floor(Math.abs(offset) / 60_000);
  const pad = (value: number) => String(value).padStart(2, '0');
  const text = new Date(instant + offset).toISOString().replace(/(\.000)?Z$/, '');
  return `${text}${sign}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/** An instant as the API sends it; always with milliseconds, so that texts sort as the instants do. */
export function utcIso(instant: number): string {
  return new Date(instant).toISOString();
}

/** The same for previews and sentences: milliseconds only when there are any. */
export function briefIso(instant: number): string {
  return utcIso(instant).replace('.000Z', 'Z');
}

/** `2026-03-08 03:00`, for sentences; seconds only when there are any. */
export function localShown(instant: number, zone: Zone): string {
  return new Date(instant + zone.offsetAt(instant))
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ')
    .replace(/:00$/, '');
}
