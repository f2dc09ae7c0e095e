import { create } from 'zustand';
import type { AppEvent } from '../../../../src-shared/contract/events';
import type { JobStatistics } from '../../../../src-shared/contract/statistics';
import type { ExecutionSummary } from '../../../../src-shared/model/execution';
import type { JobDetail } from '../../../../src-shared/model/job';
import { api } from '../../../lib/api';
import { gather } from '../../../lib/gather';

interface JobState {
  readonly job_id: string;
  readonly job: JobDetail | undefined;
  readonly figures: JobStatistics | undefined;
  /** The newest runs, newest first. */
  readonly runs: readonly ExecutionSummary[] | undefined;
  readonly totalRuns: number;
  readonly error: unknown;
  /** Set when somebody deleted it while it was shown. */
  readonly isDeleted: boolean;
  load(job_id: string): Promise<void>;
  loadMore(): Promise<void>;
  apply(event: AppEvent): void;
}

const firstRuns = 60;
const moreRuns = 200;
const renewMs = 400;
const nothing = {
  job: undefined,
  figures: undefined,
  runs: undefined,
  totalRuns: 0,
  error: undefined,
  isDeleted: false,
};

function jobOf(event: AppEvent): string | undefined {
  if ('job_id' in event.data) return event.data.job_id ?? undefined;
  return 'execution' in event.data ? event.data.execution.job_id : undefined;
}

/** One job, its figures and its newest runs. */
export const useJob = create<JobState>((set, get) => {
  const renewSoon = gather(() => void get().load(get().job_id), renewMs);
  const list = (job_id: string, limit: number, offset: number) =>
    api.executions.list({ query: { job_id, limit, offset, sort: '-execution_id' } });
  return {
    job_id: '',
    ...nothing,
    async load(job_id) {
      if (job_id !== get().job_id) set({ job_id, ...nothing });
      try {
        const [{ job }, { statistics }, { executions, total }] = await Promise.all([
          api.jobs.get({ params: { job_id } }),
          api.statistics.jobs({ query: { ids: [job_id] } }),
          list(job_id, Math.max(firstRuns, Math.min(1000, get().runs?.length ?? 0)), 0),
        ]);
        if (get().job_id !== job_id) return;
        set({
          job,
          figures: statistics[0],
          runs: executions,
          totalRuns: total,
          error: undefined,
          isDeleted: false,
        });
      } catch (error) {
        if (get().job_id === job_id) set({ error });
      }
    },
    async loadMore() {
      const { job_id, runs = [], totalRuns } = get();
      if (runs.length >= totalRuns) return;
      const { executions, total } = await list(job_id, moreRuns, runs.length);
      if (get().job_id !== job_id) return;
      const known = new Set(runs.map((run) => run.execution_id));
      set({ runs: [...runs, ...executions.filter((run) => !known.has(run.execution_id))], totalRuns: total });
    },
    apply(event) {
      if (event.type === 'execution.output') return;
      if (event.type !== 'scheduler.state' && jobOf(event) !== get().job_id) return;
      if (event.type === 'job.deleted') set({ isDeleted: true });
      else renewSoon();
    },
  };
});
