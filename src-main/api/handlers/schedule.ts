import type { AppContract } from '../../../src-shared/contract/index';
import type { Handlers } from '../../../src-shared/contract/operation';
import { AppError } from '../../../src-shared/errors';
import type { Core } from '../../core/core';
import { jobSummary } from '../../core/jobs/job-view';
import { gapText } from '../../core/schedule/gap-text';
import { utcIso } from '../../core/schedule/local-time';
import { explainSlot } from '../../core/schedule/why';
import type { ApiContext } from '../invoke';

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
