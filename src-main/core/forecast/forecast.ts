import type { Core } from '../core';
import { isSchedulable, type Job } from '../jobs/job';
import { countAhead } from './count-ahead';
import { connectionOf, createExpectations, type Expectation } from './expectation';
import { createForecastSums, type ForecastSums } from './forecast-sums';
import { play } from './play';
import type { PlayedJob } from './pool-play';

/** Slots that are played one by one: a second of work, and more than a week of the sample jobs. Those behind are counted. */
const mostPlayed = 120_000;

export interface ForecastQuestion {
  readonly from: number;
  readonly to: number;
  /** Runs told one by one, in all and of one job. */
  readonly limit: number;
  readonly perJob: number;
  /** Which jobs are told of; the others still take their places. */
  isShown(job: Job): boolean;
  /** For trials: other than `mostPlayed`. */
  readonly mostPlayed?: number;
}

export interface Forecast extends ForecastSums {
  /** Where runs meet, wait and overlap was worked out up to here; behind it planned runs are only counted. */
  readonly playedUntil: number;
  readonly expectations: ReadonlyMap<string, Expectation>;
}

/** Works through steps and lets others have their turn every few milliseconds. */
async function inTurns<T>(
  steps: Generator<void, T>,
  clock: Core['clock'],
  turn: () => Promise<void>,
): Promise<T> {
  let since = clock.monotonic();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (clock.monotonic() - since < sliceMs) continue;
    await turn();
    since = clock.monotonic();
  }
}

const sliceMs = 8;

/**
 * What will run between two instants: by the hour, by job, and one by one up to a limit; with durations from history,
 * and where runs will meet. `turn` lets the rest of the program have its turn.
 */
export async function forecast(
  core: Core,
  question: ForecastQuestion,
  turn: () => Promise<void>,
): Promise<Forecast> {
  const now = core.clock.now();
  const { from, to } = question;
  const expectations = new Map<string, Expectation>();
  const expectationOf = createExpectations(core);
  const playedJobs = new Map<string, PlayedJob>();
  const planned: Parameters<typeof play>[0]['jobs'][number][] = [];
  let since = core.clock.monotonic();
  for (const job of core.registry.all()) {
    const { job_id } = job.record;
    if (!job.record.enabled || job.disabledReason !== undefined) continue;
    const expectation = await expectationOf(job_id);
    expectations.set(job_id, expectation);
    const played: PlayedJob = {
      job,
      durationMs: Math.round(expectation.duration_seconds * 1000),
      connection: connectionOf(job),
      live: [],
    };
    playedJobs.set(job_id, played);
    if (core.clock.monotonic() - since > sliceMs) {
      await turn();
      since = core.clock.monotonic();
    }
    if (!isSchedulable(job)) continue;
    const place = await core.scheduler.planOf(job);
    planned.push({
      played,
      place: {
        job_id,
        anchor: place?.anchor ?? now,
        // Nothing was missed before: it tells what is planned, not what went before.
        cursor: Math.max(place?.cursor ?? now, now - 1),
        schedule_digest: '',
        held_since: null,
      },
    });
  }
  const sums = createForecastSums(question);
  const around = { matchers: core.calendars.matchers, windows: core.maintenance.windows };
  const { until, left } = await inTurns(
    play({
      jobs: planned,
      find: (job_id) => playedJobs.get(job_id),
      around,
      poolSize: core.settings.threadPoolSize,
      to,
      mostRuns: question.mostPlayed ?? mostPlayed,
      listener: {
        run: sums.run,
        withheld: (of, withheld) => sums.withheld(of.job, withheld),
        collision: sums.collision,
      },
    }),
    core.clock,
    turn,
  );
  if (until < to)
    await inTurns(countAhead(left, { from, to, windows: around.windows }, sums), core.clock, turn);
  return { ...sums.result(), playedUntil: until, expectations };
}
