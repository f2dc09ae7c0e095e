import type { ExecutionSummary } from '../../../src-shared/model/execution';

/** The missed slots of one job; a row of the history may stand for many. */
export interface MissedJob {
  readonly job_id: string;
  readonly name: string;
  readonly slots: number;
  /** Epoch ms of the oldest and the newest. */
  readonly first: number;
  readonly last: number;
  readonly reason: string;
}

const numberOf = (value: unknown) => (typeof value === 'number' ? value : undefined);
const instantOf = (value: unknown) => (typeof value === 'string' ? Date.parse(value) : Number.NaN);

/** Missed rows by job, the job that missed last first. Rows are given newest first. */
export function groupMissed(rows: readonly ExecutionSummary[]): readonly MissedJob[] {
  const jobs = new Map<string, MissedJob>();
  for (const { job_id, job_name, scheduled_time, start_time, error_message, metadata } of rows) {
    const at = Date.parse(scheduled_time ?? start_time);
    const first = instantOf(metadata.first_scheduled_time);
    const last = instantOf(metadata.last_scheduled_time);
    const known = jobs.get(job_id);
    jobs.set(job_id, {
      job_id,
      name: known?.name ?? job_name,
      slots: (known?.slots ?? 0) + (numberOf(metadata.count) ?? 1),
      first: Math.min(known?.first ?? at, Number.isNaN(first) ? at : first),
      last: Math.max(known?.last ?? at, Number.isNaN(last) ? at : last),
      reason: known?.reason ?? error_message ?? '',
    });
  }
  return [...jobs.values()];
}
