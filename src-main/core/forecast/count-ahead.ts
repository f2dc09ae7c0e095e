import { shadowAhead } from '../run/admission';
import { exclusionReason } from '../schedule/calendars/exclusion';
import { heldSlot, holdReason, type PreparedWindow } from '../schedule/maintenance-window';
import type { TimetableEntry } from '../schedule/timetable';
import type { createForecastSums } from './forecast-sums';
import type { PlayedJob } from './pool-play';

const hourMs = 3_600_000;

/**
 * Counts by the hour what is too much to be played: which slots there are, and which of them holiday sets and
 * maintenance windows keep back. How runs meet is not looked at. Yields now and then.
 */
export function* countAhead(
  left: readonly { readonly played: PlayedJob; readonly entry: TimetableEntry }[],
  options: { readonly from: number; readonly to: number; readonly windows: readonly PreparedWindow[] },
  sums: Pick<ReturnType<typeof createForecastSums>, 'counted' | 'withheld'>,
): Generator<void> {
  const { from, to, windows } = options;
  let steps = 0;
  for (const { played, entry } of left) {
    const { job } = played;
    const { trigger, exclusion } = entry;
    const after = Math.max(entry.cursor, from - 1);
    const concerned = windows.filter((window) => window.concerns(job.definition.tags));
    if (!exclusion && concerned.length === 0) {
      for (let at = after; at < to; ) {
        const slot = trigger.next(at);
        if (slot === undefined || slot > to) break;
        const end = Math.min(to, (Math.floor(slot / hourMs) + 1) * hourMs - 1);
        const count = trigger.count(slot - 1, end);
        const last = count === 1 ? slot : (trigger.previous(end) ?? slot);
        if (job.definition.shadow)
          sums.withheld(job, { fate: 'skipped', reason: shadowAhead, first: slot, last, count });
        else sums.counted(job, slot, count, last);
        at = end;
        steps += 1;
        if (steps % 128 === 0) yield;
      }
      continue;
    }
    for (let slot = trigger.next(after); slot !== undefined && slot <= to; slot = trigger.next(slot)) {
      steps += 1;
      if (steps % 128 === 0) yield;
      const excluded = exclusion?.(slot);
      const held = excluded ? undefined : heldSlot(concerned, job, trigger, slot);
      const runs = !excluded && (!held || held.runsLate);
      if (runs && !job.definition.shadow) {
        sums.counted(job, slot, 1, slot);
        continue;
      }
      const kept = excluded ? exclusionReason(excluded) : held ? holdReason(held.hold) : '';
      const reason = runs ? shadowAhead : kept;
      sums.withheld(job, { fate: 'skipped', reason, first: slot, last: slot, count: 1 });
    }
  }
}
