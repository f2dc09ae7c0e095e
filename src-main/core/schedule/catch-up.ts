import { AppError } from '../../../src-shared/errors';
import { formatExecutionId } from '../../../src-shared/model/ids';
import type { Job } from '../jobs/job';
import type { ExecutionRecord, Store } from '../ports/store';
import type { RunQueue } from '../run/run-queue';
import type { RunRequest } from '../run/run-request';
import { exclusionReason } from './calendars/exclusion';
import type { Scheduler } from './scheduler';

/** At most this many runs are asked for at once. */
const mostRuns = 100;
const mostRows = 5000;

export interface CatchUpWish {
  readonly from: number;
  readonly to: number;
  /** `each`: a run for every slot without one; `latest`: one, for the last of them. */
  readonly mode: 'each' | 'latest';
  /** Also slots that ran already. */
  readonly include_ran: boolean;
  /** Also slots that a holiday set excludes. */
  readonly include_excluded: boolean;
  readonly dry_run: boolean;
}

export interface CatchUpSlot {
  readonly scheduled_time: number;
  readonly action: 'run' | 'leave';
  readonly reason: string;
  readonly execution_id?: number;
}

/** The run that a slot has had, if any did not merely fail to begin. */
function ranFor(rows: readonly ExecutionRecord[], slot: number): ExecutionRecord | undefined {
  return rows.find(
    (row) => row.scheduled_time === slot && row.status !== 'missed' && row.status !== 'skipped',
  );
}

/**
 * Runs by hand what a job has missed in a range of time: each run is for its own planned instant, one after the
 * other. With `dry_run` it only says what it would do. Slots that ran are left alone unless they are asked for.
 */
export async function catchUp(
  job: Job,
  wish: CatchUpWish,
  by: string,
  deps: {
    readonly store: Store;
    readonly scheduler: Pick<Scheduler, 'planOf'>;
    readonly queue: Pick<RunQueue, 'submit'>;
    readonly now: number;
  },
): Promise<CatchUpSlot[]> {
  const name = `Job "${job.record.job_id}"`;
  const plan = await deps.scheduler.planOf(job);
  if (!plan) throw new AppError('conflict', `${name} has no schedule, so it has missed nothing`);
  if (job.disabledReason) throw new AppError('conflict', `${name} can't run here: ${job.disabledReason}`);
  const to = Math.min(wish.to, deps.now);
  const { created_date } = job.record;
  if (to < created_date)
    throw new AppError(
      'validation_failed',
      `${name} was first saved at ${new Date(created_date).toISOString()}; expected a range that ends behind that`,
    );
  // Nothing was planned, and so nothing missed, before there was a job.
  const from = Math.max(wish.from, created_date);
  const count = from > to ? 0 : plan.trigger.count(from - 1, to);
  if (count > mostRows) {
    throw new AppError(
      'validation_failed',
      `${count} runs were planned between from and to; expected at most ${mostRows}: ask for a shorter range`,
    );
  }
  const slots = count === 0 ? [] : plan.trigger.between(from - 1, to, mostRows);
  const rows = await deps.store.executions.list(
    { job_id: job.record.job_id, planned_from: from, planned_to: to },
    { limit: mostRows * 2, offset: 0, sort: 'execution_id', descending: true },
  );
  const decided = slots.map((slot): CatchUpSlot => {
    const ran = ranFor(rows, slot);
    if (ran && !wish.include_ran) {
      return {
        scheduled_time: slot,
        action: 'leave',
        reason: `It ran already: ${formatExecutionId(ran.execution_id)} (${ran.status})`,
        execution_id: ran.execution_id,
      };
    }
    const excluded = plan.exclusion?.(slot);
    if (excluded && !wish.include_excluded)
      return { scheduled_time: slot, action: 'leave', reason: exclusionReason(excluded) };
    const why = ran
      ? `It ran already (${formatExecutionId(ran.execution_id)}), and is asked for again`
      : 'It did not run';
    return { scheduled_time: slot, action: 'run', reason: why };
  });
  const wanted = decided.filter((slot) => slot.action === 'run');
  const chosen = wish.mode === 'latest' ? wanted.slice(-1) : wanted;
  if (chosen.length > mostRuns) {
    throw new AppError(
      'validation_failed',
      `${chosen.length} runs would be started; expected at most ${mostRuns}: ask for a shorter range, or mode "latest"`,
    );
  }
  const isChosen = new Set(chosen.map((slot) => slot.scheduled_time));
  const result = decided.map(
    (slot): CatchUpSlot =>
      slot.action === 'run' && !isChosen.has(slot.scheduled_time)
        ? { ...slot, action: 'leave', reason: 'A later one runs for it (mode "latest")' }
        : slot,
  );
  if (wish.dry_run || chosen.length === 0) return result;
  const requests = chosen.map(({ scheduled_time }): RunRequest => {
    const earlier = rows.filter((row) => row.trigger === 'catch_up' && row.scheduled_time === scheduled_time);
    return {
      job,
      trigger: 'catch_up',
      scheduled_time,
      retry_count: 0,
      first_execution_id: null,
      requested_by: by,
      waits: true,
      // Two people who catch up the same slot at the same moment start one run.
      claim: `catch_up ${new Date(scheduled_time).toISOString()} ${earlier.length}`,
    };
  });
  const submitted = await deps.queue.submit(requests);
  const outcome = new Map(chosen.map((slot, index) => [slot.scheduled_time, submitted[index]]));
  return result.map((slot): CatchUpSlot => {
    const one = outcome.get(slot.scheduled_time);
    if (!one) return slot;
    if (one.kind === 'claimed')
      return { ...slot, action: 'leave', reason: 'Somebody else is catching it up' };
    return { ...slot, execution_id: one.execution_id };
  });
}
