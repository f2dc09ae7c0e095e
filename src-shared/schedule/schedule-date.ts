/** A date as written: an instant when it names its offset, else a local time of the schedule's zone. */
export type ScheduleDate =
  | { readonly kind: 'instant'; readonly epoch: number }
  /** `local`: the wall clock's fields as if they were UTC, epoch ms. */
  | { readonly kind: 'local'; readonly local: number };

const form =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Reads `2026-11-24`, `2026-11-24 08:00:00`, with `T`, fractions, `Z` or an offset: the forms APScheduler reads.
 * Returns the rest of a sentence for anything else.
 */
export function parseScheduleDate(text: string): ScheduleDate | string {
  const match = form.exec(text.trim());
  if (!match) {
    const seconds = /^\d{4}-\d{1,2}-\d{1,2}[ T]\d{1,2}:\d{2}$/.test(text.trim())
      ? ' (the seconds are missing)'
      : '';
    return `is "${text.slice(0, 60)}"; expected YYYY-MM-DD or YYYY-MM-DD HH:MM:SS${seconds}`;
  }
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const millisecond = Number(`0.${match[7] ?? '0'}`) * 1000;
  const local = Date.UTC(year, month - 1, day, hour, minute, second, Math.floor(millisecond));
  const back = new Date(local);
  const isReal =
    year >= 1 &&
    back.getUTCFullYear() === year &&
    back.getUTCMonth() === month - 1 &&
    back.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  if (!isReal) return `is "${text.slice(0, 60)}", a date or time that does not exist`;
  const zone = match[8];
  if (zone === undefined) return { kind: 'local', local };
  if (zone === 'Z') return { kind: 'instant', epoch: local };
  const sign = zone.startsWith('-') ? -1 : 1;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  return { kind: 'instant', epoch: local - sign * (hours * 60 + minutes) * 60_000 };
}
