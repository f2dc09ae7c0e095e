import type { Kysely } from 'kysely';
import type { Tables } from '../tables';
import { type Change, clearChanges, setAside, waitingChanges } from './changes';
import { readRows } from './local-rows';
import type { ServerTable } from './server-tables';
import { troubleOf } from './server-trouble';
import type { RowState, TableWork } from './table-work';

/** How much is read and sent at once: a bound for memory, however much waits. */
const usualRows = 200;
const mostCharacters = 4_000_000;
const mostTries = 5;
/** Rows are read in pieces: one of them may hold megabytes. */
const readAtOnce = 50;

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
  const waiting = await waitingChanges(db, limit);
  for (let from = 0; from < waiting.length && characters <= mostCharacters; from += readAtOnce) {
    const part = waiting.slice(from, from + readAtOnce);
    const byTable = new Map<ServerTable, Change[]>();
    for (const change of part) {
      const table = isShared(change) ? tables.get(change.table) : undefined;
      if (table) byTable.set(table, [...(byTable.get(table) ?? []), change]);
    }
    for (const [table, list] of byTable) {
      const keys = list.map(({ key }) => key);
      const rows = await readRows(db, table.local, keys);
      for (const [index, change] of list.entries()) {
        const row = rows[index];
        states.set(change, { key: change.key, row });
        for (const value of Object.values(row ?? {}))
          characters += typeof value === 'string' ? value.length : 8;
      }
    }
    changes.push(...part);
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
  /** How many changes at most. */
  readonly rows?: number;
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
  const { changes, states } = await readBatch(
    db,
    tables,
    deps.rows ?? usualRows,
    deps.isShared ?? (() => true),
  );
  if (changes.length === 0) return false;
  const failed: [Change, unknown][] = [];
  // Where a row is at fault, halves find it, in order, so that the others are not held up by it.
  const sendPart = async (part: readonly Change[], tries: number): Promise<void> => {
    try {
      await send({ changes: part, states });
    } catch (error) {
      if (troubleOf(error) !== 'row') throw error;
      // A sending that was thought lost may come to its end while the next one looks what is there.
      if (tries > 1) return sendPart(part, tries - 1);
      if (part[0] !== undefined && part.length === 1) failed.push([part[0], error]);
      const half = Math.ceil(part.length / 2);
      if (part.length > 1)
        for (const piece of [part.slice(0, half), part.slice(half)]) await sendPart(piece, 1);
    }
  };
  await sendPart(changes, 2);
  // Where every single one of many fails, it is rather the table than the rows.
  if (failed.length === changes.length && failed.length > 3) throw failed[0]?.[1];
  for (const [change, error] of failed) {
    const reason = error instanceof Error ? error.message : String(error);
    await setAside(db, change, reason);
    deps.onRefused(change, reason);
  }
  return true;
}
