import { claimRows } from '../cluster/claims';
import type { Cluster } from '../ports/cluster';
import type { Logger } from '../ports/logger';
import type { NewExecution, Store } from '../ports/store';
import type { RunQueue } from '../run/run-queue';
import type { Due, PassedRow } from './due-slots';
import type { TimetableEntry } from './timetable';

/** This many jobs are written in one transaction; a burst of thousands must not hold the loop for seconds. */
const batchSize = 200;

/** Rows for the same cause are one row while nothing comes between: a holiday of a minutely job is one line. */
function causeKey({ row, passed }: PassedRow): string {
  return passed.cause.kind === 'excluded' ? `${row.status} ${row.error_message?.split('.', 1)[0]}` : '';
}

/** The row that is there already, grown by the slots of another. */
function grown(due: Due, { row, passed }: PassedRow, open: NonNullable<TimetableEntry['open']>) {
  const count = open.count + passed.count;
  const first = new Date(open.first).toISOString();
  const sentence = row.error_message?.split('.', 1)[0] ?? '';
  const shown = (instant: number) => `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  return {
    end_time: row.end_time ?? due.cursor,
    scheduled_until: passed.last,
    error_message: `${sentence}. ${count} planned runs, ${shown(open.first)} to ${shown(passed.last)}.`,
    metadata: { ...row.metadata, count, first_scheduled_time: first },
  };
}

/** Writes what does not run, in the caller's transaction; what `open` becomes is applied after it has held. */
async function writePassed(store: Store, due: Due, opened: Map<Due, TimetableEntry['open']>): Promise<void> {
  const isAlone = due.requests.length === 0 && due.passed.length === 1;
  for (const one of due.passed) {
    const key = isAlone ? causeKey(one) : '';
    const { open } = due.entry;
    if (key !== '' && open?.key === key) {
      await store.executions.update(open.execution_id, grown(due, one, open));
      opened.set(due, { ...open, count: open.count + one.passed.count });
      continue;
    }
    const row: NewExecution = one.row;
    const execution_id = await store.executions.insert(row);
    if (key !== '' && execution_id !== undefined)
      opened.set(due, { execution_id, key, first: one.passed.first, count: one.passed.count });
  }
}

/** In a cluster only one machine writes of slots that do not run; what another has written is left out. */
async function claimPassed(cluster: Cluster | undefined, batch: readonly Due[]): Promise<readonly Due[]> {
  if (!cluster) return batch;
  const fresh = batch.flatMap((due) => {
    const goesOn = (one: PassedRow) =>
      due.requests.length === 0 && due.passed.length === 1 && due.entry.open?.key === causeKey(one);
    return due.passed
      .filter((one) => !goesOn(one))
      .map((one) => ({ due, one, job: due.entry.job, row: one.row }));
  });
  const claimed = await claimRows(cluster, fresh);
  const rows = new Map(fresh.map((wanted, index) => [wanted.one, claimed[index]?.row]));
  return batch.map((due) => ({
    ...due,
    passed: due.passed.flatMap((one) => {
      if (!rows.has(one)) return [one];
      const row = rows.get(one);
      return row ? [{ ...one, row }] : [];
    }),
  }));
}

/**
 * Writes what due jobs come to: runs, rows for passed slots and cursors, together in one transaction; one by one
 * when that fails. Gives the number of jobs that could not be written and stay due.
 */
export async function settleDue(
  all: readonly Due[],
  deps: {
    readonly queue: Pick<RunQueue, 'submit'>;
    /** Where other machines may write the same slots. */
    readonly cluster?: Cluster | undefined;
    readonly logger: Logger;
    isCurrent(entry: TimetableEntry): boolean;
    settled(due: Due, isWritten: boolean): void;
  },
): Promise<number> {
  let failures = 0;
  const write = async (wanted: readonly Due[]) => {
    const batch = await claimPassed(deps.cluster, wanted);
    const opened = new Map<Due, TimetableEntry['open']>();
    await deps.queue.submit(
      batch.flatMap((due) => due.requests),
      async (inside) => {
        opened.clear();
        for (const due of batch) await writePassed(inside, due, opened);
        await inside.scheduleState.advance(
          new Map(batch.map((due) => [due.entry.job.record.job_id, due.cursor])),
        );
      },
    );
    for (const due of batch) due.entry.open = opened.get(due);
    return batch;
  };
  for (let index = 0; index < all.length; index += batchSize) {
    const batch = all.slice(index, index + batchSize);
    let written: readonly Due[] = [];
    const failed: Due[] = [];
    try {
      written = await write(batch);
    } catch (error) {
      deps.logger.warning('due runs could not be written together; one by one now', { error: String(error) });
      for (const due of batch)
        await write([due]).then(
          (one) => {
            written = [...written, ...one];
          },
          () => failed.push(due),
        );
    }
    for (const due of written) if (deps.isCurrent(due.entry)) deps.settled(due, true);
    for (const due of failed) if (deps.isCurrent(due.entry)) deps.settled(due, false);
    failures += failed.length;
  }
  return failures;
}
