import type { Kysely } from 'kysely';
import type { Tables } from '../tables';
import { type Change, clearChanges, setAside, waitingChanges } from './changes';
import { readRow } from './local-rows';
import type { RowState, TableWork } from './send-changes';
import type { ServerTable } from './server-tables';
import { troubleOf } from './server-trouble';

/** How much is read and sent at once: a bound for memory, however much waits. */
const mostRows = 200;
const mostCharacters = 4_000_000;
const mostTries = 5;

interface Batch {
  readonly changes: readonly Change[];
  readonly states: ReadonlyMap<Change, RowState>;
}

async function readBatch(
  db: Kysely<Tables>,
  tables: ReadonlyMap<string, ServerTable>,
  limit: number,
  isShared: (change: Change) => boolean,
): Promise<Batch> {
  const changes: Change[] = [];
  const states = new Map<Change, RowState>();
  let characters = 0;
  for (const change of await waitingChanges(db, limit)) {
    const table = isShared(change) ? tables.get(change.table) : undefined;
    const row = table && (await readRow(db, table.local, change.key));
    if (row)
      for (const value of Object.values(row)) characters += typeof value === 'string' ? value.length : 8;
    changes.push(change);
    if (table) states.set(change, { key: change.key, row });
    if (characters > mostCharacters) break;
  }
  return { changes, states };
}

/** The changes by table, the tables in the order in which their first change came. */
function byTable(batch: Batch, tables: ReadonlyMap<string, ServerTable>): TableWork[] {
  const groups = new Map<string, RowState[]>();
  for (const change of batch.changes) {
    const state = batch.states.get(change);
    if (state) groups.set(change.table, [...(groups.get(change.table) ?? []), state]);
  }
  return [...groups].flatMap(([name, states]) => {
    const table = tables.get(name);
    return table ? [{ table, states }] : [];
  });
}

/**
 * Sends the oldest waiting changes. True: there may be more. Throws what the server said when it, or the way to it, is
 * at fault; a row at fault is set aside and told to `onRefused`.
 */
export async function sendNext(deps: {
  readonly db: Kysely<Tables>;
  readonly send: (work: readonly TableWork[]) => Promise<void>;
  readonly tables: ReadonlyMap<string, ServerTable>;
  readonly onRefused: (change: Change, reason: string) => void;
  /** Whether the server is to have it at all; what it is not to have is forgotten. */
  readonly isShared?: (change: Change) => boolean;
}): Promise<boolean> {
  const { db, tables } = deps;
  const send = async (batch: Batch) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await deps.send(byTable(batch, tables));
        await clearChanges(db, batch.changes);
        return;
      } catch (error) {
        if (troubleOf(error) !== 'again' || attempt >= mostTries) throw error;
      }
    }
  };
  const batch = await readBatch(db, tables, mostRows, deps.isShared ?? (() => true));
  if (batch.changes.length === 0) return false;
  try {
    await send(batch);
    return true;
  } catch (error) {
    if (troubleOf(error) !== 'row') throw error;
  }
  // One of them is at fault: each alone, in order, so that the others are not held up by it.
  const failed: [Change, unknown][] = [];
  let isAnyTaken = false;
  for (const change of batch.changes) {
    try {
      await send({ changes: [change], states: batch.states });
      isAnyTaken = true;
    } catch (error) {
      if (troubleOf(error) !== 'row') throw error;
      failed.push([change, error]);
    }
  }
  // Where every single one of many fails, it is rather the table than the rows.
  if (!isAnyTaken && failed.length > 3) throw failed[0]?.[1];
  for (const [change, error] of failed) {
    const reason = error instanceof Error ? error.message : String(error);
    await setAside(db, change, reason);
    deps.onRefused(change, reason);
  }
  return true;
}
