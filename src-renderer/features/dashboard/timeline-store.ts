import { create } from 'zustand';
import type { AppEvent } from '../../../src-shared/contract/events';
import type { TimelineJob } from '../../../src-shared/contract/statistics';
import type { ExecutionSummary } from '../../../src-shared/model/execution';
import { api } from '../../lib/api';
import { serverNow } from '../../lib/clock';
import { gather } from '../../lib/gather';

const minute = 60_000;
const hour = 60 * minute;

/** How much the chart shows: most of it past, the last part future. */
export const zooms = [
  { id: '1h', label: '1 h', past: 45 * minute, future: 15 * minute },
  { id: '6h', label: '6 h', past: 4.5 * hour, future: 1.5 * hour },
  { id: '24h', label: '24 h', past: 15 * hour, future: 9 * hour },
  { id: '3d', label: '3 d', past: 54 * hour, future: 18 * hour },
  { id: '7d', label: '7 d', past: 144 * hour, future: 24 * hour },
] as const;
export type Zoom = (typeof zooms)[number];

interface TimelineState {
  readonly zoom: Zoom;
  readonly jobs: readonly TimelineJob[] | undefined;
  /** Jobs that ran or will run in this stretch. */
  readonly total: number;
  /** Whether all of them are shown, as far as one answer holds them. */
  readonly isWhole: boolean;
  readonly error: unknown;
  /** Reads the rows; `again` keeps the jobs that are shown, so that nothing changes place. */
  load(zoom: Zoom, options?: { readonly again?: boolean; readonly isWhole?: boolean }): Promise<void>;
  apply(event: AppEvent): void;
}

export const shownJobs = 8;
/** The most that one answer holds (contract). */
export const mostJobs = 200;
const renewMs = 5000;

/** Puts a run that began or ended into its row. */
export function withRun(job: TimelineJob, execution: ExecutionSummary): TimelineJob {
  const { execution_id, status, start_time, end_time } = execution;
  const run = { execution_id, status, start_time, end_time, count: 1 };
  const at = job.runs.findIndex((known) => known.execution_id === execution_id && known.count === 1);
  return { ...job, runs: at < 0 ? [...job.runs, run] : job.runs.with(at, run) };
}

/** The rows of the timeline chart. */
export const useTimeline = create<TimelineState>((set, get) => {
  const renewSoon = gather(() => void get().load(get().zoom, { again: true }), renewMs);
  return {
    zoom: zooms[2],
    jobs: undefined,
    total: 0,
    isWhole: false,
    error: undefined,
    async load(zoom, { again = false, isWhole = get().isWhole } = {}) {
      set({ zoom, isWhole });
      const now = serverNow();
      const known = get().jobs;
      const job_ids = again && known && known.length > 0 ? known.map((job) => job.job_id) : undefined;
      try {
        const reply = await api.statistics.timeline({
          query: {
            from: new Date(now - zoom.past).toISOString(),
            to: new Date(now + zoom.future).toISOString(),
            limit: isWhole ? mostJobs : shownJobs,
            ...(job_ids ? { job_ids } : {}),
          },
        });
        if (get().zoom === zoom && get().isWhole === isWhole)
          set({ jobs: reply.jobs, total: reply.total, error: undefined });
      } catch (error) {
        set({ error });
      }
    },
    apply(event) {
      if (event.type === 'execution.started' || event.type === 'execution.finished') {
        const { execution } = event.data;
        set(({ jobs }) => ({
          jobs: jobs?.map((job) => (job.job_id === execution.job_id ? withRun(job, execution) : job)),
        }));
      }
      if (event.type === 'job.scheduled' && get().jobs?.some((job) => job.job_id === event.data.job_id))
        renewSoon();
      if (event.type === 'job.deleted' || event.type === 'scheduler.state') renewSoon();
    },
  };
});
