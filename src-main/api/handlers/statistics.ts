import type { AppContract } from '../../../src-shared/contract/index';
import type { Handlers } from '../../../src-shared/contract/operation';
import { AppError } from '../../../src-shared/errors';
import { formatExecutionId } from '../../../src-shared/model/ids';
import type { Core } from '../../core/core';
import { dashboard } from '../../core/statistics/dashboard';
import { createHistoryFigures } from '../../core/statistics/history-figures';
import { chooseJobs, timeline } from '../../core/statistics/timeline';
import type { ApiContext } from '../invoke';

const longestDays = 35;

/** Counts and charts over the API. */
export function createStatisticsHandlers(core: Core): Handlers<AppContract, ApiContext>['statistics'] {
  const history = createHistoryFigures({ statistics: core.store.statistics, clock: core.clock });
  const known = (ids: readonly string[]) =>
    ids.map((job_id) => core.registry.get(job_id)).filter((job) => job !== undefined);
  return {
    async dashboard() {
      return { success: true, ...(await dashboard(core, history)) };
    },
    async timeline({ query: { from, to, job_ids, limit } }) {
      if (to <= from) throw new AppError('validation_failed', 'to: must be later than from');
      if (to - from > longestDays * 86_400_000)
        throw new AppError('validation_failed', `to: at most ${longestDays} days after from`);
      const chosen = chooseJobs(core, { from, to }, limit);
      const jobs = job_ids ? known(job_ids).slice(0, limit) : chosen.jobs;
      return {
        success: true,
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        now: new Date(core.clock.now()).toISOString(),
        jobs: await timeline(core, jobs, { from, to }),
        total: chosen.total,
      };
    },
    async jobs({ query }) {
      const statistics = await Promise.all(
        known(query.ids).map(async ({ record: { job_id } }) => {
          const { recent, successes: _successes, ...figures } = await core.jobFigures.of(job_id);
          return {
            job_id,
            ...figures,
            recent: recent.map((run) => ({
              ...run,
              execution_id: formatExecutionId(run.execution_id),
              start_time: new Date(run.start_time).toISOString(),
            })),
          };
        }),
      );
      return { success: true, statistics };
    },
  };
}
