import type { AppContract } from '../../../src-shared/contract/index';
import type { Handlers } from '../../../src-shared/contract/operation';
import { AppError } from '../../../src-shared/errors';
import { formatExecutionId } from '../../../src-shared/model/ids';
import type { Core } from '../../core/core';
import { forecast } from '../../core/forecast/forecast';
import { jobSummary } from '../../core/jobs/job-view';
import { catchUp } from '../../core/schedule/catch-up';
import { gapText } from '../../core/schedule/gap-text';
import { localIso, utcIso } from '../../core/schedule/local-time';
import { openGaps } from '../../core/schedule/open-gaps';
import { explainSlot } from '../../core/schedule/why';
import { checkJobTags } from '../../core/security/rights';
import type { ApiContext } from '../invoke';
import { actorOf } from './common';
import { forecastBody } from './forecast-body';

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
      if (context.principal) checkJobTags(context.principal, params.job_id, job.definition.tags ?? []);
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
      const result = await forecast(
        core,
        {
          from,
          to,
          limit: query.limit,
          perJob: query.per_job,
          isShown: ({ record, definition }) =>
            (query.job_id === undefined || record.job_id === query.job_id) &&
            (query.tag === undefined || (definition.tags?.includes(query.tag) ?? false)),
        },
        turn,
      );
      return forecastBody(core, { ...result, from, to, jobLimit: query.job_limit });
    },
    async gap() {
      const open = await core.gapReview.review();
      if (!open) return { success: true, gap: null };
      const [only] = open.gaps;
      return {
        success: true,
        gap: {
          from: utcIso(open.from),
          to: new Date(open.to).toISOString(),
          times: open.gaps.length,
          text:
            only && open.gaps.length === 1
              ? gapText(only)
              : `Schedules were not served ${open.gaps.length} times`,
          slots: open.slots,
          jobs: open.jobs.slice(0, 200).map(({ first, last, ...job }) => ({
            ...job,
            first: utcIso(first),
            last: utcIso(last),
          })),
        },
      };
    },
    async answerGap({ body }, context) {
      if (!core.settings.schedules && body.action !== 'leave')
        throw new AppError('unavailable', 'This process only serves pages (--mode web); it runs no jobs');
      if (body.to > core.clock.now())
        throw new AppError('validation_failed', `to (${utcIso(body.to)}) lies in the future`);
      const jobs = await core.gapReview.answer(body.action, body.to, actorOf(context));
      const started = jobs.reduce((sum, one) => sum + one.started, 0);
      const problems = jobs.filter((one) => one.problem !== undefined).length;
      const runs = `${started} ${started === 1 ? 'run' : 'runs'}`;
      return {
        success: true,
        started,
        jobs: [...jobs],
        message:
          body.action === 'leave'
            ? 'Left as it is; the missed runs stay in the history'
            : `Started ${runs}${problems === 0 ? '' : `; ${problems} jobs could not be caught up`}`,
      };
    },
    async gaps({ query }) {
      const to = query.to ?? core.clock.now();
      const from = query.from ?? to - 30 * dayMs;
      checkRange(from, to);
      const { job_id, limit } = query;
      const open = (await openGaps(core)).filter(
        (gap) => gap.from <= to && gap.to >= from && (!job_id || !gap.job_id || gap.job_id === job_id),
      );
      const ended = await core.store.gaps.list({ from, to, job_id, each_job: job_id === undefined, limit });
      return {
        success: true,
        gaps: [
          ...open.map((gap) => ({ ...gap, ongoing: true })),
          ...ended.map((gap) => ({ ...gap, ongoing: false, text: gapText(gap) })),
        ]
          .slice(0, limit)
          .map(({ kind, job_id, from, to, ongoing, text }) => ({
            kind,
            job_id,
            from: utcIso(from),
            to: utcIso(to),
            seconds: Math.round(to - from) / 1000,
            ongoing,
            text,
          })),
      };
    },
  };
}
