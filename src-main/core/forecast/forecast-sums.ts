import type { Job } from '../jobs/job';
import type { Collision } from './collisions';
import type { Withheld } from './play';
import type { PlayedRun } from './pool-play';

const hourMs = 3_600_000;
/** Collisions told one by one; all of them are counted by the hour. */
const mostCollisions = 200;

/** A planned run, or slots in a row that will not run for one reason. All instants epoch ms. */
export interface ForecastRun {
  readonly job: Job;
  readonly slot: number;
  readonly fate: 'planned' | 'skipped' | 'missed';
  readonly reason: string | undefined;
  /** More than one only of slots that will not run. */
  count: number;
  last: number;
  readonly moved_from: number | undefined;
  readonly start: number | undefined;
  readonly end: number | undefined;
}

/** All runs of a job that share their fate. */
export interface ForecastJob {
  readonly job: Job;
  readonly fate: ForecastRun['fate'];
  /** That of the first, of slots that will not run. */
  readonly reason: string | undefined;
  count: number;
  first: number;
  last: number;
  /** Runs that wait for a free place or an earlier run, and the longest wait of all. */
  waits: number;
  longestWaitMs: number;
}

/** What happens in an hour. */
export interface ForecastHour {
  readonly from: number;
  /** Runs that begin. */
  runs: number;
  /** Planned runs that will not run. */
  withheld: number;
  waits: number;
  collisions: number;
}

/** Folds what a play tells into sums; only `limit` runs are kept one by one. */
export function createForecastSums(options: {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly perJob: number;
  isShown(job: Job): boolean;
}) {
  const { from, to } = options;
  const first = Math.floor(from / hourMs) * hourMs;
  const hours: ForecastHour[] = [];
  for (let at = first; at <= to; at += hourMs)
    hours.push({ from: at, runs: 0, withheld: 0, waits: 0, collisions: 0 });
  const jobs = new Map<string, ForecastJob>();
  const planned = new Map<Job, ForecastJob>();
  const runs: ForecastRun[] = [];
  const kept = new Map<string, { count: number; newest: ForecastRun | undefined }>();
  const collisions: Collision[] = [];
  const sums = { runs: 0, planned: 0, withheld: 0, waits: 0, collisions: 0 };
  const hourAt = (instant: number) => hours[Math.floor((instant - first) / hourMs)];

  const rowOf = (
    job: Job,
    fate: ForecastRun['fate'],
    cause: string,
    reason: string | undefined,
    at: number,
  ) => {
    const key = `${job.record.job_id} ${fate} ${cause}`;
    const known = jobs.get(key);
    if (known) return known;
    const row: ForecastJob = {
      job,
      fate,
      reason,
      count: 0,
      first: at,
      last: at,
      waits: 0,
      longestWaitMs: 0,
    };
    jobs.set(key, row);
    return row;
  };

  const plannedRow = (job: Job, at: number): ForecastJob => {
    const known = planned.get(job);
    if (known) return known;
    const row = rowOf(job, 'planned', '', undefined, at);
    planned.set(job, row);
    return row;
  };

  const keep = (run: ForecastRun) => {
    const { job_id } = run.job.record;
    const own = kept.get(job_id) ?? { count: 0, newest: undefined };
    kept.set(job_id, own);
    const { newest } = own;
    if (run.fate !== 'planned' && newest?.fate === run.fate && newest.reason === run.reason) {
      newest.count += run.count;
      newest.last = run.last;
      return;
    }
    sums.runs += 1;
    own.newest = run;
    if (runs.length >= options.limit || own.count >= options.perJob) return;
    own.count += 1;
    runs.push(run);
  };

  return {
    run({ of, request, start }: PlayedRun, slot: number) {
      const { job } = of;
      if (slot < from || slot > to || !options.isShown(job)) return;
      // Jitter is no waiting.
      const wait = start === undefined ? 0 : start - slot - (request.delay_ms ?? 0);
      const hour = hourAt(Math.min(start ?? slot, to));
      if (hour) {
        hour.runs += 1;
        if (wait > 0) hour.waits += 1;
      }
      const row = plannedRow(job, slot);
      row.count += 1;
      row.last = Math.max(row.last, slot);
      row.first = Math.min(row.first, slot);
      sums.planned += 1;
      if (wait > 0) {
        sums.waits += 1;
        row.waits += 1;
        row.longestWaitMs = Math.max(row.longestWaitMs, wait);
      }
      if (runs.length >= options.limit) {
        sums.runs += 1;
        const own = kept.get(job.record.job_id);
        if (own) own.newest = undefined;
        return;
      }
      keep({
        job,
        slot,
        fate: 'planned',
        reason: undefined,
        count: 1,
        last: slot,
        moved_from: request.moved_from?.[0],
        start,
        end: start === undefined ? undefined : start + of.durationMs,
      });
    },
    withheld(job: Job, { fate, reason, first: begins, last, count }: Withheld) {
      if (last < from || begins > to || !options.isShown(job)) return;
      const hour = hourAt(Math.min(Math.max(begins, from), to));
      if (hour) hour.withheld += count;
      // Each opening of a window has its own sentence; the job has one row for them all.
      const row = rowOf(job, fate, reason.split(/ from \d{4}-/u, 1)[0] ?? '', reason, begins);
      row.count += count;
      row.last = Math.max(row.last, last);
      sums.withheld += count;
      keep({
        job,
        slot: begins,
        fate,
        reason,
        count,
        last,
        moved_from: undefined,
        start: undefined,
        end: undefined,
      });
    },
    /** Planned runs of an hour that were counted, not played. */
    counted(job: Job, at: number, count: number, latest: number) {
      if (count === 0 || !options.isShown(job)) return;
      const hour = hourAt(at);
      if (hour) hour.runs += count;
      const row = plannedRow(job, at);
      row.count += count;
      row.last = Math.max(row.last, latest);
      sums.planned += count;
      sums.runs += count;
    },
    collision(collision: Collision) {
      if (collision.to < from || collision.from > to) return;
      sums.collisions += 1;
      if (collisions.length < mostCollisions) collisions.push(collision);
      const last = Math.min(collision.to, to);
      for (let at = Math.floor(Math.max(collision.from, from) / hourMs) * hourMs; at <= last; at += hourMs) {
        const hour = hourAt(at);
        if (hour) hour.collisions += 1;
      }
    },
    result() {
      return {
        hours,
        jobs: [...jobs.values()].sort(
          (a, b) => a.first - b.first || (a.job.record.job_id < b.job.record.job_id ? -1 : 1),
        ),
        runs: runs.sort((a, b) => a.slot - b.slot || (a.job.record.job_id < b.job.record.job_id ? -1 : 1)),
        collisions: collisions.sort((a, b) => a.from - b.from),
        sums,
      };
    },
  };
}

export type ForecastSums = ReturnType<ReturnType<typeof createForecastSums>['result']>;
