import { viewerZone } from './time-text';

/** What clocks on the wall show in a zone: milliseconds as if that wall stood in UTC. */

const dayMs = 86_400_000;
const readers = new Map<string, Intl.DateTimeFormat>();

function readerOf(zone: string): Intl.DateTimeFormat {
  const reader =
    readers.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  readers.set(zone, reader);
  return reader;
}

/** The wall's time at an instant (epoch ms). */
export function wallOf(instant: number, zone = viewerZone): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of readerOf(zone).formatToParts(instant)) parts[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((instant % 1000) + 1000) % 1000);
}

/**
 * The first instant at which the wall shows a time; when it never does (clocks go forward), as long
 * after the change as it lies inside the hour that is left out.
 */
export function instantOf(wall: number, zone = viewerZone): number {
  const offsets = [wall - dayMs, wall + dayMs].map((near) => wallOf(near, zone) - near);
  const found = offsets.map((offset) => wall - offset).filter((instant) => wallOf(instant, zone) === wall);
  if (found.length > 0) return Math.min(...found);
  const [before = 0] = offsets;
  return wall - before;
}

/** Midnight of the day in which an instant lies, `days` later; a day that begins at 01:00 begins then. */
export function startOfDay(instant: number, days = 0, zone = viewerZone): number {
  const midnight = Math.floor(wallOf(instant, zone) / dayMs) * dayMs + days * dayMs;
  return instantOf(midnight, zone);
}
