import { asUtc, civilIn } from '../../src-shared/civil-time';
import { viewerZone } from './time-text';

/** What clocks on the wall show in a zone: milliseconds as if that wall stood in UTC. */

const dayMs = 86_400_000;
/** The wall's time at an instant (epoch ms). */
export const wallOf = (instant: number, zone = viewerZone): number => asUtc(civilIn(instant, zone));

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
