import type { Core } from '../core';
import type { GapRecord } from '../ports/schedule-store';
import { shownInstant } from './miss-reason';

/** A stretch in which schedules are not served, that has not ended. */
export type OpenGap = GapRecord & { readonly text: string };

/** What keeps schedules from being served just now: the scheduler paused or stopped, and jobs disabled. */
export async function openGaps(
  core: Pick<Core, 'scheduler' | 'store' | 'registry' | 'clock'>,
): Promise<OpenGap[]> {
  const now = core.clock.now();
  const { state, since, changedBy } = core.scheduler;
  const found: OpenGap[] = [];
  if (state !== 'running') {
    const by = changedBy ?? 'nobody yet';
    found.push({
      kind: state,
      job_id: null,
      from: since,
      to: now,
      actor: changedBy,
      text: `The scheduler is ${state} (${by}) since ${shownInstant(since)}`,
    });
  }
  for (const { job_id, held_since, held_by } of await core.store.scheduleState.list()) {
    const job = core.registry.get(job_id);
    if (held_since == null || !job) continue;
    const why = job.record.enabled && job.disabledReason ? `can't run here` : 'is disabled';
    found.push({
      kind: 'disabled',
      job_id,
      from: held_since,
      to: now,
      actor: held_by ?? null,
      text: `Job "${job_id}" ${why} since ${shownInstant(held_since)} (${held_by ?? 'its definition'})`,
    });
  }
  return found;
}
