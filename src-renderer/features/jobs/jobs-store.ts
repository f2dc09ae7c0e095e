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
/** Changes of a burst (an import, a bulk action) are read together. */
const gatherMs = 150;
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

/** Every job there is: filters and sorting of ten thousand are quicker here than asked for. */
export const useJobs = create<JobsState>((set, get) => {
  const changed = new Set<string>();

  const patch = (job_id: string, change: (job: JobSummary) => JobSummary) =>
    set(({ jobs }) => {
      const job = jobs?.get(job_id);
      return jobs && job ? { jobs: new Map(jobs).set(job_id, change(job)) } : {};
    });

  const renew = async () => {
    const ids = [...changed];
    changed.clear();
    if (ids.length > mostSingle) return get().load();
    const found = await Promise.all(
      ids.map((job_id) => api.jobs.get({ params: { job_id } }).catch(() => undefined)),
    );
    set(({ jobs }) => {
      if (!jobs) return {};
      const next = new Map(jobs);
      for (const one of found) if (one) next.set(one.job.job_id, one.job);
      return { jobs: next };
    });
  };

  const renewSoon = gather(() => void renew(), gatherMs);

  const note = ({ job_id, execution_id, status, start_time, end_time, duration_seconds }: ExecutionSummary) =>
    patch(job_id, (job) => ({
      ...job,
      last_execution: { execution_id, status, start_time, end_time, duration_seconds },
    }));

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
      if (event.type === 'job.deleted') {
        set(({ jobs }) => {
          const next = new Map(jobs);
          next.delete(event.data.job_id);
          return { jobs: next };
        });
      } else if (event.type === 'job.created' || event.type === 'job.updated') {
        changed.add(event.data.job_id);
        renewSoon();
      } else if (event.type === 'job.scheduled') {
        patch(event.data.job_id, (job) => ({ ...job, next_run_time: event.data.next_run_time }));
      } else if (event.type === 'execution.started' || event.type === 'execution.finished') {
        note(event.data.execution);
      } else if (event.type === 'execution.created') {
        note(event.data.execution);
      }
    },
  };
});
