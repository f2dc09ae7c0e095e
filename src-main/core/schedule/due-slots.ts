import type { NewExecution } from '../ports/store';
import type { RunRequest } from '../run/run-request';
import { decideMisfire } from './misfire';
import { missReason } from './miss-reason';
import type { TimetableEntry } from './timetable';

/** What a due job comes to at one wake. */
export interface Due {
  readonly entry: TimetableEntry;
  /** The last slot this accounts for. */
  readonly cursor: number;
  readonly requests: readonly RunRequest[];
  /** One row for all slots that will not run. */
  readonly missed: NewExecution | undefined;
}

const iso = (instant: number): string => new Date(instant).toISOString();

/**
 * Applies misfire and coalescing to the slots of one job between its cursor and now. `fraction` gives a number in
 * [0, 1) that places a start within the jitter.
 */
export function dueSlots(entry: TimetableEntry, now: number, fraction: () => number): Due {
  const { job, trigger, absence } = entry;
  const { misfire_grace_time: graceSeconds, coalesce } = job.effective;
  const decision = decideMisfire({ trigger, cursor: entry.cursor, now, graceSeconds, coalesce });
  const { missed } = decision;
  return {
    entry,
    cursor: Math.max(decision.cursor, entry.cursor),
    requests: decision.run.map((scheduled_time) => ({
      job,
      trigger: 'schedule',
      scheduled_time,
      retry_count: 0,
      first_execution_id: null,
      requested_by: null,
      delay_ms: Math.floor(trigger.jitterSeconds * 1000 * (trigger.jitterSeconds > 0 ? fraction() : 0)),
    })),
    missed: missed && {
      job_id: job.record.job_id,
      job_name: job.record.name,
      status: absence?.kind === 'paused' || absence?.kind === 'stopped' ? 'skipped' : 'missed',
      trigger: 'schedule',
      scheduled_time: missed.first,
      start_time: now,
      end_time: now,
      duration_seconds: 0,
      error_message: missReason(missed, absence, {
        graceSeconds,
        coalescedInto: coalesce ? decision.run.at(-1) : undefined,
      }),
      retry_count: 0,
      max_retries: job.effective.max_retries,
      slot_key: iso(missed.first),
      owner: null,
      metadata: {
        count: missed.count,
        first_scheduled_time: iso(missed.first),
        last_scheduled_time: iso(missed.last),
        ...(absence ? { reason: absence.kind } : {}),
      },
    },
  };
}
