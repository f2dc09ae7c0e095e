import type { ExecutionStatus } from '../../../src-shared/model/execution';
import type { JobRegistry } from '../jobs/job-registry';
import type { ExecutionRecord, ExecutionRepository } from '../ports/store';

export interface RecentRun {
  readonly execution_id: number;
  readonly status: ExecutionStatus;
  readonly start_time: number;
  readonly duration_seconds: number | null;
}

/** What a job's last runs say about it. */
export interface JobFigures {
  /** The last runs that ended, oldest first. */
  readonly recent: readonly RecentRun[];
  /** Median and 95th percentile of its last successes' durations; null before the first. */
  readonly usual_seconds: number | null;
  readonly p95_seconds: number | null;
  /** The successes these were learnt from. */
  readonly successes: number;
  /** Successes among its last ended runs, 0-1. */
  readonly success_rate: number | null;
}

/** Figures by job, from its last runs; kept until its newest run changes. */
export interface JobStatisticsService {
  of(job_id: string): Promise<JobFigures>;
}

/** Enough for a percentile, and few enough to be read for forty jobs at once. */
const consideredRuns = 60;
const shownRuns = 14;
const mostKept = 20_000;

const failures: ReadonlySet<ExecutionStatus> = new Set(['failed', 'timeout', 'interrupted']);

/** The value below which so much of the list lies; null of an empty one. */
export function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}

/** Rows newest first. */
export function figuresOf(rows: readonly ExecutionRecord[]): JobFigures {
  const ended = rows.filter((row) => row.status !== 'pending' && row.status !== 'running');
  const successes = ended.filter((row) => row.status === 'success');
  const durations = successes.map((row) => row.duration_seconds ?? 0).sort((a, b) => a - b);
  const judged = successes.length + ended.filter((row) => failures.has(row.status)).length;
  return {
    recent: ended
      .slice(0, shownRuns)
      .reverse()
      .map(({ execution_id, status, start_time, duration_seconds }) => ({
        execution_id,
        status,
        start_time,
        duration_seconds,
      })),
    usual_seconds: percentile(durations, 0.5),
    p95_seconds: percentile(durations, 0.95),
    successes: durations.length,
    success_rate: judged === 0 ? null : Math.round((successes.length / judged) * 10_000) / 10_000,
  };
}

const noFigures: JobFigures = {
  recent: [],
  usual_seconds: null,
  p95_seconds: null,
  successes: 0,
  success_rate: null,
};

export function createJobStatistics(deps: {
  readonly executions: ExecutionRepository;
  readonly registry: JobRegistry;
}): JobStatisticsService {
  const kept = new Map<string, { readonly mark: string; readonly figures: Promise<JobFigures> }>();
  const read = async (job_id: string): Promise<JobFigures> =>
    figuresOf(
      await deps.executions.list(
        { job_id },
        { limit: consideredRuns, offset: 0, sort: 'execution_id', descending: true },
      ),
    );
  return {
    of(job_id) {
      const latest = deps.registry.latest(job_id);
      if (!latest) return Promise.resolve(noFigures);
      const mark = `${latest.execution_id} ${latest.status}`;
      const known = kept.get(job_id);
      if (known?.mark === mark) return known.figures;
      const figures = read(job_id);
      if (kept.size >= mostKept) kept.clear();
      kept.set(job_id, { mark, figures });
      figures.catch(() => kept.delete(job_id));
      return figures;
    },
  };
}
