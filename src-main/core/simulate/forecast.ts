import { mostForecastRuns } from '../../../src-shared/contract/schedule';
import { AppError } from '../../../src-shared/errors';
import type { Core } from '../core';
import { isSchedulable, type Job } from '../jobs/job';
import { createTrigger } from '../schedule/trigger';
import { type Collision, type ExpectedRun, findCollisions } from './collisions';
import { type SimulatedSlot, simulate } from './simulate';

/** What a run of a job is expected to take. */
export interface Expectation {
  readonly duration_seconds: number;
  /** Successful runs it was learnt from; 0: assumed. */
  readonly samples: number;
}

export interface ForecastRun extends SimulatedSlot {
  readonly expected_start: number | undefined;
  readonly expected_end: number | undefined;
  readonly expectation: Expectation;
}

export interface Forecast {
  readonly runs: readonly ForecastRun[];
  readonly collisions: readonly Collision[];
}

/** Of a job that never ran. */
const assumedSeconds = 10;
/** Runs the median of which is expected. */
const lookedBack = 20;

/** The saved connection, or the server, that a job works on. */
export function connectionOf(job: Job): string | undefined {
  const connection = job.definition.config.connection;
  if (typeof connection !== 'object' || connection === null) return undefined;
  const { connection_id, server, database, driver } = connection as Record<string, unknown>;
  if (typeof connection_id === 'string') return connection_id;
  if (driver === 'sqlite' && typeof database === 'string') return `SQLite ${database}`;
  return typeof server === 'string' ? server : undefined;
}

/** What the runs of a job take, by the median of its last successes. */
export async function expectationOf(core: Pick<Core, 'store'>, job_id: string): Promise<Expectation> {
  const rows = await core.store.executions.list(
    { job_id, status: ['success'] },
    { limit: lookedBack, offset: 0, sort: 'execution_id', descending: true },
  );
  const durations = rows.flatMap((row) => row.duration_seconds ?? []).sort((a, b) => a - b);
  const middle = durations[Math.floor(durations.length / 2)];
  return middle === undefined
    ? { duration_seconds: assumedSeconds, samples: 0 }
    : { duration_seconds: middle, samples: durations.length };
}

/**
 * What will run between two instants, by playing the real core through on copies of the timetables: with expected
 * durations from history, and where runs will meet. Throws `validation_failed` when that is too much to play.
 */
export async function forecast(
  core: Core,
  range: { readonly from: number; readonly to: number },
  turn: () => Promise<void>,
): Promise<Forecast> {
  const now = core.clock.now();
  const places = await core.store.scheduleState.list();
  const anchors = new Map(places.map((place) => [place.job_id, place.anchor]));
  const planned: Job[] = [];
  let total = 0;
  for (const job of core.registry.all()) {
    if (!isSchedulable(job) || !job.schedule) continue;
    const trigger = createTrigger(job.schedule, {
      defaultTimezone: job.effective.timezone,
      anchor: anchors.get(job.record.job_id) ?? now,
    });
    const count = trigger.count(now - 1, range.to);
    if (count === 0 && job.effective.on_excluded === 'skip') continue;
    planned.push(job);
    total += count;
    if (total > mostForecastRuns) {
      throw new AppError(
        'validation_failed',
        `More than ${mostForecastRuns} runs are planned until then; ask for a shorter stretch (to)`,
      );
    }
  }
  const expectations = new Map<string, Expectation>();
  for (const job of planned)
    expectations.set(job.record.job_id, await expectationOf(core, job.record.job_id));
  const expected = (job_id: string): Expectation =>
    expectations.get(job_id) ?? { duration_seconds: assumedSeconds, samples: 0 };
  const [calendars, windows] = await Promise.all([
    core.store.calendars.list(),
    core.store.maintenanceWindows.list(),
  ]);
  const { slots } = await simulate({
    jobs: planned,
    calendars,
    windows,
    places: places.filter((place) => expectations.has(place.job_id)),
    settings: core.settings,
    from: now,
    // A little beyond, so that what begins before the end is seen with its end.
    to: range.to + 1,
    outcomeOf: ({ job_id }) => ({ status: 'success', duration_seconds: expected(job_id).duration_seconds }),
    // Jitter is expected to take half its length.
    random: { ...core.random, fraction: () => 0.5 },
    turn,
  });
  const byId = new Map(planned.map((job) => [job.record.job_id, job]));
  const runs = slots
    .filter((slot) => Date.parse(slot.last_scheduled_time ?? slot.scheduled_time) >= range.from)
    .map((slot): ForecastRun => {
      const expectation = expected(slot.job_id);
      const start = slot.started_at === undefined ? undefined : Date.parse(slot.started_at);
      return {
        ...slot,
        expectation,
        expected_start: start,
        expected_end: start === undefined ? undefined : start + expectation.duration_seconds * 1000,
      };
    });
  const expectedRuns = runs.flatMap((run): ExpectedRun[] => {
    const job = byId.get(run.job_id);
    if (!job || run.expected_start === undefined || run.expected_end === undefined) return [];
    return [
      {
        job_id: run.job_id,
        scheduled_time: Date.parse(run.scheduled_time),
        start: run.expected_start,
        end: run.expected_end,
        connection: connectionOf(job),
      },
    ];
  });
  return { runs, collisions: findCollisions(expectedRuns, core.settings.threadPoolSize) };
}
