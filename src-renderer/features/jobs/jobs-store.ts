import { create } from 'zustand';
import type { AppEvent } from '../../../src-shared/contract/events';
import type { ExecutionSummary } from '../../../src-shared/model/execution';
import type { JobSummary } from '../../../src-shared/model/job';
import { api } from '../../lib/api';
import { gather } from '../../lib/gather';

interface JobsState {
  /** All jobs by id; undefined until they are first loaded. */
  readonly jobs: ReadonlyMap<string, JobSummary> | undefined;
  readonly error: unknown;
  load(): Promise<void>;
  apply(event: AppEvent): void;
}

const pageSize = 1000;
/** Events of a burst are taken in together: copying ten thousand rows for each would not keep up. */
const gatherMs = 120;
/** More changed jobs than this: the list is read whole. */
const mostSingle = 20;

/** All pages of the list, the first one alone, so that it can be shown at once. */
async function loadAll(onFirst: (jobs: readonly JobSummary[]) => void): Promise<readonly JobSummary[]> {
  const first = await api.jobs.list({ query: { limit: pageSize } });
  if (first.total > first.jobs.length) onFirst(first.jobs);
  const offsets: number[] = [];
  for (let offset = pageSize; offset < first.total; offset += pageSize) offsets.push(offset);
  const more = await Promise.all(
    offsets.map((offset) => api.jobs.list({ query: { limit: pageSize, offset } })),
  );
  return [first, ...more].flatMap((page) => page.jobs);
}

const byId = (jobs: readonly JobSummary[]) => new Map(jobs.map((job) => [job.job_id, job]));

type Change = (jobs: Map<string, JobSummary>) => void;

function patch(job_id: string, change: Partial<JobSummary>): Change {
  return (jobs) => {
    const job = jobs.get(job_id);
    if (job) jobs.set(job_id, { ...job, ...change });
  };
}

function lastRun(execution: ExecutionSummary): Change {
  const { job_id, execution_id, status, start_time, end_time, duration_seconds } = execution;
  return patch(job_id, { last_execution: { execution_id, status, start_time, end_time, duration_seconds } });
}

/** What an event changes in the rows, if it says so itself. */
export function changeOf(event: AppEvent): Change | undefined {
  switch (event.type) {
    case 'job.deleted':
      return (jobs) => void jobs.delete(event.data.job_id);
    case 'job.scheduled':
      return patch(event.data.job_id, { next_run_time: event.data.next_run_time });
    case 'execution.created':
    case 'execution.started':
    case 'execution.finished':
      return lastRun(event.data.execution);
    default:
      return undefined;
  }
}

/** Every job there is: filtering and sorting ten thousand is quicker here than asked for. */
export const useJobs = create<JobsState>((set, get) => {
  const changed = new Set<string>();
  let waiting: Change[] = [];

  const takeIn = gather(() => {
    const changes = waiting;
    waiting = [];
    const { jobs } = get();
    if (!jobs) return;
    const next = new Map(jobs);
    for (const change of changes) change(next);
    set({ jobs: next });
  }, gatherMs);

  const renew = async () => {
    const ids = [...changed];
    changed.clear();
    if (ids.length > mostSingle) return get().load();
    const found = await Promise.all(
      ids.map((job_id) => api.jobs.get({ params: { job_id } }).catch(() => undefined)),
    );
    for (const one of found) if (one) waiting.push((jobs) => void jobs.set(one.job.job_id, one.job));
    takeIn();
  };
  const renewSoon = gather(() => void renew(), gatherMs);

  return {
    jobs: undefined,
    error: undefined,
    async load() {
      try {
        const all = await loadAll((first) => set(({ jobs }) => ({ jobs: jobs ?? byId(first) })));
        set({ jobs: byId(all), error: undefined });
      } catch (error) {
        set({ error });
      }
    },
    apply(event) {
      if (event.type === 'job.created' || event.type === 'job.updated') {
        changed.add(event.data.job_id);
        renewSoon();
      } else if (event.type === 'scheduler.state') {
        void get().load();
      } else {
        const change = changeOf(event);
        if (!change) return;
        waiting.push(change);
        takeIn();
      }
    },
  };
});
