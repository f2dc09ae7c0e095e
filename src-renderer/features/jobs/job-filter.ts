import type { JobSummary } from '../../../src-shared/model/job';

/** What the address says about which jobs are shown. */
export interface JobFilter {
  readonly text: string;
  readonly types: readonly string[];
  /** Outcomes of the last run, `never`, `disabled`. */
  readonly statuses: readonly string[];
  readonly schedules: readonly string[];
  readonly tags: readonly string[];
}

export interface JobSort {
  readonly column: string;
  readonly isDescending: boolean;
}

/** The status a job shows: its last outcome; a disabled one that is not running shows that it is disabled. */
export function shownStatus({ enabled, last_execution }: JobSummary): string {
  const last = last_execution?.status ?? 'never';
  return !enabled && last !== 'running' && last !== 'pending' ? 'disabled' : last;
}

/** `cron`, `interval`, `date`, or `none`; several schedules count as each of theirs. */
export function scheduleKinds(schedule: unknown): readonly string[] {
  const list = Array.isArray(schedule) ? schedule : schedule ? [schedule] : [];
  const kinds = list
    .map((one) => (one as { type?: unknown }).type)
    .filter((kind) => typeof kind === 'string');
  return kinds.length === 0 ? ['none'] : kinds;
}

const anyOf = (wanted: readonly string[], has: readonly string[]) =>
  wanted.length === 0 || wanted.some((each) => has.includes(each));

/** Every word of the text must be in the name, id, description or a tag. */
export function filterJobs(jobs: Iterable<JobSummary>, filter: JobFilter): JobSummary[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const found: JobSummary[] = [];
  for (const job of jobs) {
    if (!anyOf(filter.types, [job.job_type])) continue;
    const statuses = [shownStatus(job), job.last_execution?.status ?? 'never'];
    if (!anyOf(filter.statuses, statuses)) continue;
    if (!anyOf(filter.schedules, scheduleKinds(job.schedule))) continue;
    if (!anyOf(filter.tags, job.tags)) continue;
    if (words.length > 0) {
      const text = `${job.name}\n${job.job_id}\n${job.description}\n${job.tags.join('\n')}`.toLowerCase();
      if (!words.every((word) => text.includes(word))) continue;
    }
    found.push(job);
  }
  return found;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
/** What is not there comes last, whichever way is sorted. */
const absent = Symbol('absent');
type Key = string | number | typeof absent;

function keyOf(job: JobSummary, column: string): Key {
  const instant = (text: string | null | undefined): Key => (text ? Date.parse(text) : absent);
  switch (column) {
    case 'status':
      return shownStatus(job);
    case 'type':
      return job.job_type;
    case 'schedule':
      return job.schedule_text;
    case 'next':
      return instant(job.next_run_time);
    case 'last':
      return instant(job.last_execution?.start_time);
    case 'duration':
      return job.last_execution?.duration_seconds ?? absent;
    default:
      return job.name;
  }
}

/** A sorted copy; equal ones in the order of their names. */
export function sortJobs(jobs: readonly JobSummary[], { column, isDescending }: JobSort): JobSummary[] {
  const keyed = jobs.map((job) => ({ job, key: keyOf(job, column) }));
  const sign = isDescending ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.key !== b.key) {
      if (a.key === absent) return 1;
      if (b.key === absent) return -1;
      const order =
        typeof a.key === 'number' && typeof b.key === 'number'
          ? a.key - b.key
          : collator.compare(String(a.key), String(b.key));
      if (order !== 0) return order * sign;
    }
    return collator.compare(a.job.name, b.job.name) || collator.compare(a.job.job_id, b.job.job_id);
  });
  return keyed.map(({ job }) => job);
}

/** All values that occur, for the filters to offer. */
export function facets(jobs: Iterable<JobSummary>): {
  readonly types: readonly string[];
  readonly tags: readonly string[];
} {
  const types = new Set<string>();
  const tags = new Set<string>();
  for (const job of jobs) {
    types.add(job.job_type);
    for (const tag of job.tags) tags.add(tag);
  }
  const sorted = (values: Set<string>) => [...values].sort(collator.compare);
  return { types: sorted(types), tags: sorted(tags) };
}
