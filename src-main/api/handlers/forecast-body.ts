import type { AppContract } from '../../../src-shared/contract/index';
import type { Handlers } from '../../../src-shared/contract/operation';
import type { Core } from '../../core/core';
import type { Collision } from '../../core/forecast/collisions';
import { connectionOf } from '../../core/forecast/expectation';
import type { Forecast } from '../../core/forecast/forecast';
import type { ForecastRun } from '../../core/forecast/forecast-sums';
import type { Job } from '../../core/jobs/job';
import { jobSummary } from '../../core/jobs/job-view';
import { briefIso, localIso, utcIso } from '../../core/schedule/local-time';
import { zoneOf } from '../../core/schedule/zone';
import type { ApiContext } from '../invoke';

type Body = Awaited<ReturnType<Handlers<AppContract, ApiContext>['schedule']['forecast']>>;

function collisionText({ kind, peak, capacity, connection, from, to }: Collision): string {
  const stretch = `${briefIso(from)} to ${briefIso(to)}`;
  return kind === 'pool'
    ? `Up to ${peak} runs want a place in the pool of ${capacity}, ${stretch}: some will wait`
    : `Up to ${peak} runs use the connection "${connection}" at the same time, ${stretch}`;
}

/** A forecast as the API sends it. */
export async function forecastBody(
  core: Core,
  forecast: Forecast & { readonly from: number; readonly to: number; readonly jobLimit: number },
): Promise<Body> {
  const { state, changedBy } = core.scheduler;
  const { sums } = forecast;
  const plans = new Map<Job, Awaited<ReturnType<Core['scheduler']['planOf']>>>();
  for (const { job } of forecast.runs) if (!plans.has(job)) plans.set(job, await core.scheduler.planOf(job));
  const localTime = ({ job, slot }: ForecastRun) =>
    localIso(slot, plans.get(job)?.trigger.zoneOf(slot) ?? zoneOf(job.effective.timezone));

  const expected = (job: Job) => {
    const { duration_seconds = 0, samples = 0 } = forecast.expectations.get(job.record.job_id) ?? {};
    const connection = connectionOf(job);
    return {
      expected_duration_seconds: duration_seconds,
      samples,
      ...(connection === undefined ? {} : { connection }),
    };
  };

  return {
    success: true,
    from: utcIso(forecast.from),
    to: utcIso(forecast.to),
    standstill: state === 'running' ? null : `The scheduler is ${state} (${changedBy ?? 'nobody yet'})`,
    planned: sums.planned,
    withheld: sums.withheld,
    waiting: sums.waits,
    worked_out_until: utcIso(forecast.playedUntil),
    hours: forecast.hours.map((hour) => ({ ...hour, from: utcIso(hour.from) })),
    jobs: forecast.jobs.slice(0, forecast.jobLimit).map((row) => ({
      job_id: row.job.record.job_id,
      name: row.job.record.name,
      job_type: row.job.record.job_type,
      schedule_text: jobSummary(row.job, { nextRun: undefined, latest: undefined }).schedule_text,
      fate: row.fate,
      ...(row.reason === undefined ? {} : { reason: row.reason }),
      count: row.count,
      first_scheduled_time: utcIso(row.first),
      last_scheduled_time: utcIso(row.last),
      waits: row.waits,
      longest_wait_seconds: row.longestWaitMs / 1000,
      ...expected(row.job),
    })),
    job_total: forecast.jobs.length,
    runs: forecast.runs.map((run) => ({
      job_id: run.job.record.job_id,
      name: run.job.record.name,
      job_type: run.job.record.job_type,
      tags: run.job.definition.tags ?? [],
      scheduled_time: utcIso(run.slot),
      local_time: localTime(run),
      fate: run.fate,
      ...(run.reason === undefined ? {} : { reason: run.reason }),
      ...(run.count === 1
        ? {}
        : {
            count: run.count,
            first_scheduled_time: utcIso(run.slot),
            last_scheduled_time: utcIso(run.last),
          }),
      ...(run.moved_from === undefined ? {} : { moved_from: utcIso(run.moved_from) }),
      ...(run.start === undefined
        ? {}
        : { expected_start: utcIso(run.start), waits_seconds: (run.start - run.slot) / 1000 }),
      ...(run.end === undefined ? {} : { expected_end: utcIso(run.end) }),
      ...expected(run.job),
    })),
    total: sums.runs,
    truncated: sums.runs > forecast.runs.length,
    collision_total: sums.collisions,
    collisions: forecast.collisions.map((one) => ({
      kind: one.kind,
      from: utcIso(one.from),
      to: utcIso(one.to),
      peak: one.peak,
      capacity: one.capacity,
      ...(one.connection === undefined ? {} : { connection: one.connection }),
      job_ids: [...one.job_ids],
      text: collisionText(one),
    })),
    thread_pool_size: core.settings.threadPoolSize,
  };
}
