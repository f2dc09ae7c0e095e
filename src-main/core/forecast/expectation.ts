import type { Core } from '../core';
import type { Job } from '../jobs/job';

/** What a run of a job is expected to take. */
export interface Expectation {
  readonly duration_seconds: number;
  /** Successful runs it was learnt from; 0: assumed. */
  readonly samples: number;
}

/** Of a job that never ran. */
const assumed: Expectation = { duration_seconds: 10, samples: 0 };

/** So many histories are read for one forecast; of the jobs behind them their last run is taken for the usual one. */
const mostRead = 1000;

/** The saved connection, or the server, that a job works on. */
export function connectionOf(job: Job): string | undefined {
  const connection = job.definition.config.connection;
  if (typeof connection !== 'object' || connection === null) return undefined;
  const { connection_id, server, database, driver } = connection as Record<string, unknown>;
  if (typeof connection_id === 'string') return connection_id;
  if (driver === 'sqlite' && typeof database === 'string') return `SQLite ${database}`;
  return typeof server === 'string' ? server : undefined;
}

/** Gives what runs of jobs are expected to take, by their usual duration. */
export function createExpectations(
  core: Pick<Core, 'jobFigures' | 'registry'>,
): (job_id: string) => Promise<Expectation> {
  let read = 0;
  return async (job_id) => {
    const latest = core.registry.latest(job_id);
    if (!latest) return assumed;
    read += 1;
    if (read > mostRead)
      return latest.status === 'success' && latest.duration_seconds !== null
        ? { duration_seconds: latest.duration_seconds, samples: 1 }
        : assumed;
    const { usual_seconds, successes } = await core.jobFigures.of(job_id);
    return usual_seconds === null ? assumed : { duration_seconds: usual_seconds, samples: successes };
  };
}
