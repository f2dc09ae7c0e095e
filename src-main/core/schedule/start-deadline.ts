import type { Job } from '../jobs/job';
import { dayMs } from './civil-date';
import { createTrigger } from './trigger';
import { resolveLocal, type Zone } from './zone';

/**
 * The last instant at which the run of a slot may start: the first time the clock of its zone shows `notAfter`
 * (HH:MM) at or behind the slot. A nightly job of 22:00 with 06:00 may start until the next morning.
 */
export function startDeadline(slot: number, notAfter: string, zone: Zone): number {
  const time = (Number(notAfter.slice(0, 2)) * 60 + Number(notAfter.slice(3, 5))) * 60_000;
  const today = Math.floor((slot + zone.offsetAt(slot)) / dayMs);
  for (let day = today; ; day += 1) {
    const place = resolveLocal(zone, day * dayMs + time);
    const instant = place.kind === 'once' ? place.instant : place.kind === 'gap' ? place.after : place.first;
    if (instant >= slot) return instant;
  }
}

/** The same for a job's slot that has its row already; undefined for a job without `not_after`. */
export function deadlineOf(job: Job, slot: number | null): number | undefined {
  const { not_after, timezone } = job.effective;
  if (not_after === null || slot === null || !job.schedule) return undefined;
  const trigger = createTrigger(job.schedule, { defaultTimezone: timezone, anchor: slot });
  return startDeadline(slot, not_after, trigger.zoneOf(slot));
}
