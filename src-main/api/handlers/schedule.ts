import type { AppContract } from '../../../src-shared/contract/index';
import type { Handlers } from '../../../src-shared/contract/operation';
import { AppError } from '../../../src-shared/errors';
import { formatExecutionId } from '../../../src-shared/model/ids';
import type { Core } from '../../core/core';
import { jobSummary } from '../../core/jobs/job-view';
import { catchUp } from '../../core/schedule/catch-up';
import { gapText } from '../../core/schedule/gap-text';
import { localIso, utcIso } from '../../core/schedule/local-time';
import { explainSlot } from '../../core/schedule/why';
import type { Collision } from '../../core/simulate/collisions';
import { connectionOf, forecast } from '../../core/simulate/forecast';
import type { ApiContext } from '../invoke';
import { actorOf } from './common';

const dayMs = 86_400_000;
/** A longer list of slots than this is asked for by mistake. */
const longestRangeMs = 370 * dayMs;

function checkRange(from: number, to: number): void {
  if (to < from) {
    throw new AppError('validation_failed', `to (${utcIso(to)}) lies before from (${utcIso(from)})`);
  }
  if (to - from > longestRangeMs)
    throw new AppError('validation_failed', 'from and to lie more than 370 days apart; ask for less at once');
}

/** Longer forecasts say more about the calendar than about the night. */
const longestForecastMs = 31 * dayMs;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function collisionText({ kind, peak, capacity, connection, from, to }: Collision): string {
  const stretch = `${utcIso(from)} to ${utcIso(to)}`;
  return kind === 'pool'
    ? `Up to ${peak} runs want a place in the pool of ${capacity}, ${stretch}: some will wait`
    : `Up to ${peak} runs use the connection "${connection}" at the same time, ${stretch}`;
}

/** The slot ledger over the API. */
export function createScheduleHandlers(core: Core): Handlers<AppContract, ApiContext>['schedule'] {
  return {
    async slots({ params, query }) {
      const job = core.jobs.get(params.job_id);
      const now = core.clock.now();
      const from = query.from ?? Math.min(now, query.to ?? now) - 7 * dayMs;
      const to = query.to ?? Math.max(now, from) + 7 * dayMs;
      checkRange(from, to);
      const { slots, truncated } = await core.ledger.slots(job, { from, to, limit: query.limit });
      return {
        success: true,
        job_id: params.job_id,
        from: utcIso(from),
        to: utcIso(to),
        now: utcIso(now),
        timezone: job.schedule?.specs[0]?.timezone ?? job.effective.timezone,
        schedule_text: jobSummary(job, { nextRun: undefined, latest: undefined }).schedule_text,
        slots: [...slots],
        truncated,
      };
    },
    async why({ params, query }) {
      const job = core.jobs.get(params.job_id);
      const { at, ...answer } = await explainSlot(job, query.at, {
        store: core.store,
        scheduler: core.scheduler,
        ledger: core.ledger,
        now: core.clock.now(),
      });
      return { success: true, job_id: params.job_id, at: utcIso(at), ...answer };
    },
    async catchUp({ params, body }, context) {
      const job = core.jobs.get(params.job_id);
      const now = core.clock.now();
      if (!core.settings.schedules) {
        throw new AppError('unavailable', 'This process only serves pages (--mode web); it runs no jobs');
      }
      const to = body.to ?? now;
      if (body.from > now) {
        throw new AppError(
          'validation_failed',
          `from (${utcIso(body.from)}) lies in the future; expected an instant that has passed: only what was missed can be caught up`,
        );
      }
      checkRange(body.from, to);
      const slots = await catchUp(job, { ...body, to }, actorOf(context), { ...core, now });
      const toRun = slots.filter((slot) => slot.action === 'run').length;
      const plan = await core.scheduler.planOf(job);
      const runs = `${toRun} ${toRun === 1 ? 'run' : 'runs'}`;
      return {
        success: true,
        dry_run: body.dry_run,
        job_id: params.job_id,
        slots: slots.map((slot) => ({
          scheduled_time: utcIso(slot.scheduled_time),
          local_time: plan
            ? localIso(slot.scheduled_time, plan.trigger.zoneOf(slot.scheduled_time))
            : utcIso(slot.scheduled_time),
          action: slot.action,
          reason: slot.reason,
          ...(slot.execution_id === undefined ? {} : { execution_id: formatExecutionId(slot.execution_id) }),
        })),
        to_run: toRun,
        message: body.dry_run
          ? `Nothing started (dry run); would be ${runs}`
          : `Started ${runs}, one after the other`,
      };
    },
    async forecast({ query }) {
      if (query.job_id !== undefined) core.jobs.get(query.job_id);
      const now = core.clock.now();
      const from = query.from ?? now;
      const to = query.to ?? Math.max(from, now) + dayMs;
      checkRange(from, to);
      if (to < now) throw new AppError('validation_failed', `to (${utcIso(to)}) lies in the past`);
      if (to - now > longestForecastMs)
        throw new AppError('validation_failed', 'to lies more than 31 days ahead; ask for less');
      const { runs, collisions } = await forecast(core, { from, to }, turn);
      const shown = runs.filter(({ job_id }) => {
        if (query.job_id !== undefined && job_id !== query.job_id) return false;
        return query.tag === undefined || core.registry.get(job_id)?.definition.tags?.includes(query.tag);
      });
      const { state, changedBy } = core.scheduler;
      return {
        success: true,
        from: utcIso(from),
        to: utcIso(to),
        standstill: state === 'running' ? null : `The scheduler is ${state} (${changedBy ?? 'nobody yet'})`,
        runs: shown.slice(0, query.limit).map((run) => {
          const job = core.registry.get(run.job_id);
          const { expectation, expected_start, expected_end, fate } = run;
          const connection = job && connectionOf(job);
          const passed = fate === 'missed' || fate === 'skipped';
          return {
            job_id: run.job_id,
            name: job?.record.name ?? run.job_id,
            job_type: job?.record.job_type ?? '',
            tags: job?.definition.tags ?? [],
            scheduled_time: run.scheduled_time,
            local_time: run.local_time,
            fate: passed ? fate : ('planned' as const),
            ...(run.reason ? { reason: run.reason } : {}),
            ...(run.count === undefined
              ? {}
              : {
                  count: run.count,
                  first_scheduled_time: run.first_scheduled_time,
                  last_scheduled_time: run.last_scheduled_time,
                }),
            ...(run.moved_from ? { moved_from: run.moved_from } : {}),
            ...(expected_start === undefined ? {} : { expected_start: utcIso(expected_start) }),
            ...(expected_end === undefined ? {} : { expected_end: utcIso(expected_end) }),
            expected_duration_seconds: expectation.duration_seconds,
            samples: expectation.samples,
            ...(run.lateness_seconds === undefined ? {} : { waits_seconds: run.lateness_seconds }),
            ...(connection === undefined ? {} : { connection }),
          };
        }),
        total: shown.length,
        truncated: shown.length > query.limit,
        collisions: collisions.slice(0, 200).map((one) => ({
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
    },
    async gaps({ query }) {
      const to = query.to ?? core.clock.now();
      const from = query.from ?? to - 30 * dayMs;
      checkRange(from, to);
      const gaps = await core.store.gaps.list({ from, to, limit: query.limit });
      return {
        success: true,
        gaps: gaps.map((gap) => ({
          kind: gap.kind,
          job_id: gap.job_id,
          from: utcIso(gap.from),
          to: utcIso(gap.to),
          seconds: Math.round(gap.to - gap.from) / 1000,
          text: gapText(gap),
        })),
      };
    },
  };
}
