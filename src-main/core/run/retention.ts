import type { ExecutionStatus } from '../../../src-shared/model/execution';
import type { ArtifactStore } from '../ports/artifact-store';
import type { Clock } from '../ports/clock';
import type { Logger } from '../ports/logger';
import type { OutputStore } from '../ports/output-store';
import type { ExecutionRepository } from '../ports/store';
import type { CancelTimer, Timer } from '../ports/timer';

/** What of the history is kept; null: all of it. */
export interface RetentionRules {
  readonly keep_days: number | null;
  /** Of failed, timed out and interrupted runs; never less than `keep_days`. */
  readonly keep_failed_days: number | null;
  /** The newest of each job, whatever their age; failures are left to `keep_failed_days`. */
  readonly keep_runs_per_job: number | null;
}

/** Deletes old executions in small batches, with the outputs and files that belong to them. */
export interface Retention {
  /** One whole pass; how many executions were removed. */
  sweep(): Promise<number>;
  start(): void;
  stop(): Promise<void>;
}

const dayMs = 86_400_000;
const everyMs = 3_600_000;
const firstAfterMs = 60_000;
/** Small enough that nothing else waits for one of them to be noticed. */
const batchRows = 200;
const pauseMs = 50;

const failures: readonly ExecutionStatus[] = ['failed', 'timeout', 'interrupted'];
const others: readonly ExecutionStatus[] = ['success', 'cancelled', 'retry', 'missed', 'skipped'];

export function createRetention(deps: {
  readonly executions: ExecutionRepository;
  readonly outputs: Pick<OutputStore, 'remove'>;
  readonly artifacts: Pick<ArtifactStore, 'remove'>;
  readonly jobIds: () => Iterable<string>;
  readonly rules: RetentionRules;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
}): Retention {
  const { executions, rules, clock, timer } = deps;
  let isStopping = false;
  let cancel: CancelTimer | undefined;
  let sweeping: Promise<number> | undefined;

  const pause = () => new Promise<void>((resolve) => void timer.after(pauseMs, resolve));

  const removeAll = async (rule: Parameters<ExecutionRepository['removable']>[0]): Promise<number> => {
    let removed = 0;
    while (!isStopping) {
      const ids = await executions.removable(rule, batchRows);
      if (ids.length === 0) return removed;
      // The row goes last: one that is still there can be tried again with what belongs to it.
      await deps.outputs.remove(ids);
      await deps.artifacts.remove(ids);
      removed += await executions.removeMany(ids);
      if (ids.length < batchRows) return removed;
      await pause();
    }
    return removed;
  };

  const pass = async (): Promise<number> => {
    const { keep_days, keep_failed_days, keep_runs_per_job } = rules;
    const now = clock.now();
    let removed = 0;
    if (keep_days !== null) removed += await removeAll({ before: now - keep_days * dayMs, status: others });
    const failedDays = keep_failed_days ?? keep_days;
    if (failedDays !== null) {
      const days = Math.max(failedDays, keep_days ?? 0);
      removed += await removeAll({ before: now - days * dayMs, status: failures });
    }
    if (keep_runs_per_job !== null) {
      const status = keep_failed_days === null ? [...others, ...failures] : others;
      for (const job_id of deps.jobIds()) {
        if (isStopping) break;
        removed += await removeAll({ job_id, keep: keep_runs_per_job, status });
      }
    }
    if (removed > 0) deps.logger.info(`${removed} old executions were removed from the history`);
    return removed;
  };

  const sweep = () => {
    sweeping ??= pass().finally(() => {
      sweeping = undefined;
    });
    return sweeping;
  };

  const again = (ms: number) => {
    cancel = timer.after(ms, () => {
      void sweep()
        .catch((error) =>
          deps.logger.warning('old executions could not be removed', { error: String(error) }),
        )
        .then(() => {
          if (!isStopping) again(everyMs);
        });
    });
  };

  return {
    sweep,
    start() {
      if (Object.values(rules).some((rule) => rule !== null)) again(firstAfterMs);
    },
    async stop() {
      isStopping = true;
      cancel?.();
      await sweeping?.catch(() => undefined);
    },
  };
}
