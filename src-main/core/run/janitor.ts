import { formatExecutionId } from '../../../src-shared/model/ids';
import type { Clock } from '../ports/clock';
import type { Logger } from '../ports/logger';
import type { OutputStore } from '../ports/output-store';
import type { ProcessRunner } from '../ports/process-runner';
import type { ExecutionPatch, ExecutionRecord, Store } from '../ports/store';

/**
 * Puts right what a process that died left behind: its rows become `interrupted` with the output they had, and
 * programs it had started are ended.
 */
export async function reconcile(deps: {
  readonly store: Store;
  readonly outputs: OutputStore;
  readonly processRunner: ProcessRunner;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly instance: string;
  /** When the dead process was last known alive, epoch ms. */
  readonly lastAlive: number | undefined;
  /** Rows that are other machines', or that are taken up again; all are this program's without it. */
  readonly isLeft?: (row: ExecutionRecord) => boolean;
  /** Called for each row, once it is written. */
  readonly onInterrupted?: (record: ExecutionRecord) => void;
}): Promise<number> {
  const unfinished = await deps.store.executions.listUnfinished(deps.instance);
  const rows = unfinished.filter((row) => !deps.isLeft?.(row));
  if (rows.length === 0) return 0;
  const ended = await deps.processRunner.sweep(
    rows.map(({ execution_id, metadata: { run_as } }) => ({
      execution_id,
      ...(typeof run_as === 'string' ? { run_as } : {}),
    })),
  );
  const now = deps.clock.now();
  for (const row of rows) {
    const output = await deps.outputs.recover(row.execution_id);
    const end = row.status === 'running' ? Math.max(row.start_time, deps.lastAlive ?? row.start_time) : now;
    const patch: ExecutionPatch = {
      status: 'interrupted',
      end_time: end,
      duration_seconds: row.status === 'running' ? (end - row.start_time) / 1000 : 0,
      error_message:
        row.status === 'running'
          ? 'The program ended while this ran; what it had started was ended too'
          : 'The program ended before this began',
      owner: null,
      ...(output ? { output: output.excerpt } : {}),
      metadata: {
        ...row.metadata,
        reconciled_at: new Date(now).toISOString(),
        ...(output ? { output_bytes: output.total_bytes } : {}),
      },
    };
    await deps.store.executions.update(row.execution_id, patch);
    deps.onInterrupted?.({ ...row, ...patch, output: null } as ExecutionRecord);
  }
  deps.logger.warning(`${rows.length} executions of an earlier process are marked interrupted`, {
    executions: rows.slice(0, 20).map((row) => formatExecutionId(row.execution_id)),
    processes_ended: ended,
  });
  return rows.length;
}
