import type { EventBus } from '../events/event-bus';
import type { JobRegistry } from '../jobs/job-registry';
import type { Logger } from '../ports/logger';
import type { ExecutionPatch, ExecutionRecord, ExecutionRepository } from '../ports/store';
import type { Timer } from '../ports/timer';
import { executionSummary } from './execution-view';
import { isTestRun } from './run-request';

const retryMs = 2000;

/** Writes what became of executions, and tells it. A store that fails is tried again: a result is never dropped. */
export interface ExecutionWriter {
  /** A change on the way (pending -> running). A failure is logged; the final write carries the same facts. */
  update(execution_id: number, patch: ExecutionPatch): Promise<void>;
  /** The end of an execution. Resolves when it is stored, or when it is queued to be tried again. */
  finish(record: ExecutionRecord): Promise<void>;
  tell(type: 'execution.created' | 'execution.started' | 'execution.finished', record: ExecutionRecord): void;
  /** Results that the store has not taken yet. */
  readonly unsaved: number;
  /** Tries the unsaved ones once more, for the way out. */
  flush(): Promise<void>;
}

function finalPatch(record: ExecutionRecord): ExecutionPatch {
  const {
    status,
    start_time,
    end_time,
    duration_seconds,
    output,
    error_message,
    return_code,
    metadata,
    owner,
  } = record;
  return {
    status,
    start_time,
    end_time,
    duration_seconds,
    output,
    error_message,
    return_code,
    metadata,
    owner,
  };
}

export function createExecutionWriter(deps: {
  readonly executions: ExecutionRepository;
  readonly registry: JobRegistry;
  readonly events: EventBus;
  readonly timer: Timer;
  readonly logger: Logger;
  /** The machine of a cluster that this is. */
  readonly machine?: string | undefined;
  /** Called when an execution's end is told, after it was written. */
  readonly onEnd?: (record: ExecutionRecord) => void;
}): ExecutionWriter {
  const note = (record: ExecutionRecord) => {
    if (!isTestRun(record)) deps.registry.noteExecution(record);
  };
  const unsaved = new Map<number, ExecutionRecord>();
  let isWaiting = false;

  const flush = async () => {
    for (const record of [...unsaved.values()]) {
      try {
        await deps.executions.update(record.execution_id, finalPatch(record));
        unsaved.delete(record.execution_id);
      } catch {
        // Still out of reach: the next try comes by itself.
        break;
      }
    }
    if (unsaved.size === 0) deps.logger.info('all held-back results are stored now');
    else retryLater();
  };

  const retryLater = () => {
    if (isWaiting) return;
    isWaiting = true;
    deps.timer.after(retryMs, () => {
      isWaiting = false;
      void flush();
    });
  };

  return {
    async update(execution_id, patch) {
      try {
        await deps.executions.update(execution_id, patch);
      } catch (error) {
        deps.logger.warning('an execution could not be updated yet', { execution_id, error: String(error) });
      }
    },
    async finish(record) {
      note(record);
      try {
        await deps.executions.update(record.execution_id, finalPatch(record));
      } catch (error) {
        deps.logger.error('a result could not be stored; it is held back and tried again', {
          execution_id: record.execution_id,
          error: String(error),
        });
        unsaved.set(record.execution_id, record);
        retryLater();
      }
    },
    tell(type, record) {
      note(record);
      const { machine } = deps;
      deps.events.publish(type, { execution: executionSummary(machine ? { ...record, machine } : record) });
      if (type === 'execution.finished') deps.onEnd?.(record);
    },
    get unsaved() {
      return unsaved.size;
    },
    async flush() {
      if (unsaved.size > 0) await flush();
    },
  };
}
