import { formatExecutionId } from '../../../src-shared/model/ids';
import { chainTargets } from '../../../src-shared/model/run-rules';
import type { JobRegistry } from '../jobs/job-registry';
import type { Clock } from '../ports/clock';
import type { Logger } from '../ports/logger';
import type { ExecutionRecord, Store } from '../ports/store';
import { chainSteps } from './chain';
import type { ExecutionWriter } from './execution-writer';
import { isTestRun, newExecution, type RunRequest, recordOf } from './run-request';
import type { RunStatistics } from './run-statistics';

/** Starts what is to follow a run, once and no more, whatever ends in between. */
export interface ChainFollower {
  follow(request: RunRequest, finished: ExecutionRecord): Promise<void>;
  /**
   * Makes up for what a process left undone that ended between a run's end and the beginning of what follows.
   * `lastAlive` is when it was last known alive, epoch ms.
   */
  resume(lastAlive: number): Promise<void>;
}

/** What was to follow longer ago than this is only told: nobody expects it to begin any more. */
const longestDelayMs = 60 * 60_000;
/** The sign of life is written every 15 s; a run that ended this long before it has surely been followed. */
const marginMs = 60_000;
/** Ends of one job that can lie within the margin, at most. */
const mostEnds = 50;

interface ChainFollowerDeps {
  readonly store: Store;
  readonly registry: JobRegistry;
  readonly writer: ExecutionWriter;
  readonly statistics: RunStatistics;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly instance: string;
  submit(requests: readonly RunRequest[]): Promise<unknown>;
}

/** The run that has ended, as far as its row tells. */
export function requestOf(job: RunRequest['job'], row: ExecutionRecord): RunRequest {
  const chain = row.metadata.chain as { path?: unknown } | undefined;
  const path = Array.isArray(chain?.path) ? chain.path.filter((id) => typeof id === 'string') : [];
  return {
    job,
    trigger: row.trigger,
    scheduled_time: row.scheduled_time,
    retry_count: row.retry_count,
    first_execution_id: null,
    requested_by: null,
    ...(path.length > 0 ? { chain: { execution_id: 0, status: '', path } } : {}),
  };
}

export function createChainFollower(deps: ChainFollowerDeps): ChainFollower {
  const { store, registry, logger, clock } = deps;

  const noteSkipped = async (request: RunRequest, reason: string) => {
    const row = newExecution(request, 'skipped', clock.now(), deps.instance, { error_message: reason });
    const execution_id = await store.executions.insert(row);
    if (execution_id === undefined) return;
    deps.statistics.skipped();
    deps.writer.tell('execution.created', recordOf(execution_id, row));
  };

  const followOne = async (request: RunRequest, finished: ExecutionRecord, tooLate?: string) => {
    const from = formatExecutionId(finished.execution_id);
    for (const step of chainSteps(request, finished, registry.get)) {
      try {
        if (step.kind === 'missing')
          logger.warning(
            `Job "${finished.job_id}" is followed by "${step.job_id}", and there is no such job`,
            { execution: from },
          );
        else if (step.kind === 'skip' || tooLate)
          await noteSkipped(step.request, step.kind === 'skip' ? step.reason : (tooLate ?? ''));
        else await deps.submit([step.request]);
      } catch (error) {
        logger.error(`what follows ${from} could not be started`, { error: String(error) });
      }
    }
  };

  return {
    follow: (request, finished) => followOne(request, finished),
    async resume(lastAlive) {
      const since = lastAlive - marginMs;
      for (const job of registry.all()) {
        if (chainTargets(job.definition).length === 0) continue;
        const rows = await store.executions.list(
          { job_id: job.record.job_id, status: ['success', 'failed', 'timeout'] },
          { limit: mostEnds, offset: 0, sort: 'execution_id', descending: true },
        );
        for (const row of rows.reverse()) {
          const end = row.end_time ?? row.start_time;
          // Rows of versions that made no claims can't be told from those that were left undone.
          if (end < since || !row.metadata.followed_by || isTestRun(row)) continue;
          const isLate = clock.now() - end > longestDelayMs;
          await followOne(
            requestOf(job, row),
            row,
            isLate ? 'The program ended before this could follow, and was started again too late' : undefined,
          );
        }
      }
    },
  };
}
