import type { ExecutionStatus } from '../../../src-shared/model/execution';
import type { Job } from './job';
import type { JobRegistry } from './job-registry';
import { createJobSearch } from './job-search';

export type JobSortKey =
  /** How well it fits the search; without one, by name. */
  | 'relevance'
  | 'name'
  | 'job_id'
  | 'job_type'
  | 'next_run_time'
  | 'last_run'
  | 'created_date'
  | 'modified_date';

export interface JobFilter {
  readonly type?: readonly string[];
  readonly status?: readonly ExecutionStatus[];
  readonly schedule?: readonly ('cron' | 'interval' | 'date' | 'none')[];
  readonly enabled?: boolean;
  readonly tag?: readonly string[];
  /** Words that are in the id, name, description or a tag; case and accents are ignored. */
  readonly search?: string;
}

export interface JobPage {
  readonly limit: number;
  readonly offset: number;
  readonly sort: JobSortKey;
  readonly descending: boolean;
}

type Surroundings = Pick<JobRegistry, 'latest'> & {
  readonly nextRun: (job_id: string) => number | undefined;
};

const collator = new Intl.Collator('en', { sensitivity: 'base', numeric: true });

function scheduleKinds(job: Job): readonly string[] {
  const { schedule } = job.definition;
  if (!schedule) return ['none'];
  return (Array.isArray(schedule) ? schedule : [schedule]).map((one) => one.type);
}

function matches(job: Job, filter: JobFilter, around: Surroundings): boolean {
  const { record, definition } = job;
  if (filter.type && !filter.type.includes(record.job_type)) return false;
  if (filter.enabled !== undefined && record.enabled !== filter.enabled) return false;
  if (filter.tag && !filter.tag.every((tag) => definition.tags?.includes(tag))) return false;
  if (filter.schedule && !scheduleKinds(job).some((kind) => filter.schedule?.includes(kind as 'cron')))
    return false;
  if (filter.status) {
    const latest = around.latest(record.job_id);
    if (!latest || !filter.status.includes(latest.status)) return false;
  }
  return true;
}

type Rank = string | number | undefined;

function rankOf(job: Job, sort: Exclude<JobSortKey, 'relevance'>, around: Surroundings): Rank {
  const { record } = job;
  switch (sort) {
    case 'next_run_time':
      return around.nextRun(record.job_id);
    case 'last_run':
      return around.latest(record.job_id)?.start_time;
    case 'created_date':
    case 'modified_date':
    case 'name':
    case 'job_id':
    case 'job_type':
      return record[sort];
  }
}

/** What has no value stands last, whichever the direction. */
function compare(a: Rank, b: Rank, descending: boolean): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  const order = typeof a === 'string' ? collator.compare(a, String(b)) : a - Number(b);
  return descending ? -order : order;
}

/** These change only when a job is saved, so their order is worth keeping. */
const keptSorts: ReadonlySet<JobSortKey> = new Set([
  'name',
  'job_id',
  'job_type',
  'created_date',
  'modified_date',
]);

/** Pages of the jobs that match. */
export interface JobLister {
  list(filter: JobFilter, page: JobPage): { readonly jobs: readonly Job[]; readonly total: number };
}

export function createJobLister(
  registry: JobRegistry,
  nextRun: (job_id: string) => number | undefined,
): JobLister {
  const kept = new Map<string, readonly Job[]>();
  let keptVersion = -1;
  const around: Surroundings = { latest: registry.latest, nextRun };

  const search = createJobSearch();

  const sorted = (
    jobs: readonly Job[],
    { sort, descending }: { readonly sort: Exclude<JobSortKey, 'relevance'>; readonly descending: boolean },
  ): readonly Job[] => {
    const ranked = jobs.map((job) => ({ job, rank: rankOf(job, sort, around) }));
    ranked.sort(
      (a, b) => compare(a.rank, b.rank, descending) || (a.job.record.job_id < b.job.record.job_id ? -1 : 1),
    );
    return ranked.map(({ job }) => job);
  };

  const allSorted = (page: Parameters<typeof sorted>[1]): readonly Job[] => {
    if (keptVersion !== registry.version) {
      kept.clear();
      keptVersion = registry.version;
    }
    const key = `${page.sort} ${page.descending}`;
    const known = kept.get(key) ?? sorted(registry.all(), page);
    kept.set(key, known);
    return known;
  };

  return {
    list(filter, page) {
      const isFiltered = Object.values(filter).some((value) => value !== undefined);
      const fits = new Map<Job, number>();
      const isKept = (job: Job): boolean => {
        if (!matches(job, filter, around)) return false;
        if (!filter.search) return true;
        const fit = search(job, filter.search);
        if (fit !== undefined) fits.set(job, fit);
        return fit !== undefined;
      };
      const keep = (jobs: readonly Job[]) => (isFiltered ? jobs.filter(isKept) : jobs);
      const { sort, descending } = page;
      let found: readonly Job[];
      if (sort === 'relevance') {
        // By name first: what fits equally well stays in that order.
        const byName = keep(allSorted({ sort: 'name', descending: false }));
        found = [...byName].sort((a, b) => (fits.get(a) ?? 0) - (fits.get(b) ?? 0));
      } else
        found = keptSorts.has(sort)
          ? keep(allSorted({ sort, descending }))
          : sorted(keep(registry.all()), { sort, descending });
      return { jobs: found.slice(page.offset, page.offset + page.limit), total: found.length };
    },
  };
}
