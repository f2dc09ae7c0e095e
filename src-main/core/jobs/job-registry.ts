import type { ExecutionRecord } from '../ports/store';
import type { Job } from './job';

/** What lists show of a job's newest execution. */
export type LatestExecution = Pick<
  ExecutionRecord,
  'execution_id' | 'status' | 'start_time' | 'end_time' | 'duration_seconds'
>;

/**
 * All jobs of the running program, in memory: a schedule must not wait for a database, and lists of 10,000 jobs
 * are asked for many times a second. The store stays the truth; every change is written there first.
 */
export interface JobRegistry {
  get(job_id: string): Job | undefined;
  all(): readonly Job[];
  put(job: Job): void;
  remove(job_id: string): void;
  readonly size: number;
  /** Grows with every change of a job; what was computed of all jobs holds as long as it stays. */
  readonly version: number;
  latest(job_id: string): LatestExecution | undefined;
  noteExecution(execution: LatestExecution & { readonly job_id: string }): void;
}

export function createJobRegistry(): JobRegistry {
  const jobs = new Map<string, Job>();
  const latest = new Map<string, LatestExecution>();
  let list: readonly Job[] | undefined;
  let version = 0;

  return {
    get: (job_id) => jobs.get(job_id),
    all() {
      list ??= [...jobs.values()];
      return list;
    },
    put(job) {
      jobs.set(job.record.job_id, job);
      list = undefined;
      version += 1;
    },
    remove(job_id) {
      // Its newest run stays known: a deletion that is taken back has not made it forget.
      jobs.delete(job_id);
      list = undefined;
      version += 1;
    },
    get size() {
      return jobs.size;
    },
    get version() {
      return version;
    },
    latest: (job_id) => latest.get(job_id),
    noteExecution({ job_id, execution_id, status, start_time, end_time, duration_seconds }) {
      const known = latest.get(job_id);
      if (known && known.execution_id > execution_id) return;
      latest.set(job_id, { execution_id, status, start_time, end_time, duration_seconds });
    },
  };
}
