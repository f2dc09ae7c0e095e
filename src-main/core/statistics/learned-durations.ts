import type { Job } from '../jobs/job';
import type { StatisticsRepository } from '../ports/statistics-store';
import { zoneOf } from '../schedule/zone';
import { percentile } from './job-statistics';

/** How long a job's successes took on one weekday, or on all days when that weekday has too few. */
export interface LearnedDuration {
  /** 0 Sunday ... 6 Saturday, in the zone of the schedule. */
  readonly weekday: number;
  readonly samples: number;
  readonly p50_seconds: number;
  readonly p95_seconds: number;
  /** The weekday itself had too few runs to learn from. */
  readonly isOfAllDays: boolean;
}

export interface LearnedDurations {
  /** Undefined while fewer than five successes are known. */
  of(job: Job, at: number): Promise<LearnedDuration | undefined>;
  /** All weekdays that something is known of. */
  week(job: Job, now: number): Promise<readonly LearnedDuration[]>;
}

const dayMs = 86_400_000;
const weeks = 8;
/** A job of every minute says enough with these of a day. */
const mostOfADay = 40;
const leastSamples = 5;
const keptMs = 3_600_000;
const mostKept = 2000;

/** The factor and the floor behind which a run is long: nobody wants to hear of a 2 s job that took 5. */
const longFactor = 1.5;
const leastLongSeconds = 60;
const shortShare = 0.1;
const leastUsualSeconds = 10;

/** The seconds after which a run of such a job is unusually long. */
export function longAfterSeconds({ p50_seconds, p95_seconds }: LearnedDuration): number {
  return Math.max(leastLongSeconds, p95_seconds * longFactor, p50_seconds * 2);
}

/** The seconds below which a success is suspiciously short; 0 where nothing can be said. */
export function shortBelowSeconds({ p50_seconds }: LearnedDuration): number {
  return p50_seconds < leastUsualSeconds ? 0 : p50_seconds * shortShare;
}

/** Learns from the history, and keeps what it learnt for an hour. */
export function createLearnedDurations(statistics: StatisticsRepository): LearnedDurations {
  const kept = new Map<string, { readonly until: number; readonly days: Promise<readonly number[][]> }>();

  const localDay = (job: Job, instant: number): number => {
    const zone = zoneOf(job.schedule?.specs[0]?.timezone ?? job.effective.timezone);
    return Math.floor((instant + zone.offsetAt(instant)) / dayMs);
  };
  // Day 0 (1970-01-01) was a Thursday.
  const weekdayOf = (job: Job, instant: number): number => (((localDay(job, instant) + 4) % 7) + 7) % 7;

  /** Durations of successes by weekday, each sorted. */
  const read = async (job: Job, now: number): Promise<number[][]> => {
    const days: number[][] = Array.from({ length: 7 }, () => []);
    for (let day = 0; day < weeks * 7; day += 1) {
      const to = now - day * dayMs;
      const marks = await statistics.marks(job.record.job_id, { from: to - dayMs, to }, mostOfADay);
      for (const { status, start_time, end_time } of marks)
        if (status === 'success' && end_time !== null)
          days[weekdayOf(job, start_time)]?.push((end_time - start_time) / 1000);
    }
    for (const durations of days) durations.sort((a, b) => a - b);
    return days;
  };

  const daysOf = (job: Job, now: number): Promise<readonly number[][]> => {
    const { job_id } = job.record;
    const known = kept.get(job_id);
    if (known && known.until > now && known.until <= now + keptMs) return known.days;
    if (kept.size >= mostKept) kept.clear();
    const days = read(job, now);
    days.catch(() => kept.delete(job_id));
    kept.set(job_id, { until: now + keptMs, days });
    return days;
  };

  const learned = (days: readonly number[][], weekday: number): LearnedDuration | undefined => {
    const own = days[weekday] ?? [];
    const isOfAllDays = own.length < leastSamples;
    const durations = isOfAllDays ? days.flat().sort((a, b) => a - b) : own;
    if (durations.length < leastSamples) return undefined;
    return {
      weekday,
      samples: durations.length,
      p50_seconds: percentile(durations, 0.5) ?? 0,
      p95_seconds: percentile(durations, 0.95) ?? 0,
      isOfAllDays,
    };
  };

  return {
    async of(job, at) {
      return learned(await daysOf(job, at), weekdayOf(job, at));
    },
    async week(job, now) {
      const days = await daysOf(job, now);
      return [1, 2, 3, 4, 5, 6, 0].flatMap((weekday) => {
        const one = (days[weekday]?.length ?? 0) === 0 ? undefined : learned(days, weekday);
        return one ? [one] : [];
      });
    },
  };
}
