import { type Kysely, sql } from 'kysely';
import type { Tables } from '../tables';
import { receive, setState, stateOf } from '../write-behind/changes';
import { type Row, readRow, writeRows } from '../write-behind/local-rows';
import { type Ask, bracketed, fetchRows, type ServerTable } from '../write-behind/server-tables';
import { align } from '../write-behind/synchronise';
import { isSharedFact } from './shared-tables';

/** A row may become visible so long after the server's clock was noted in it. */
const overlapSeconds = 35;
const pageRows = 200;
/** Looks at the server for which a row that was lost is watched. */
const lostRounds = 20;
const text = (value: string): string => `N'${value.replaceAll("'", "''")}'`;
const keyOf = (table: ServerTable, row: Row): string =>
  JSON.stringify(table.local.key.map((column) => row[column]));

async function isWaiting(db: Kysely<Tables>, table: string, key: string): Promise<boolean> {
  const { rows } = await sql`SELECT 1 FROM replication_changes
    WHERE table_name = ${table} AND row_key = ${key}`.execute(db);
  return rows.length > 0;
}

/** What a machine knows of an execution's row besides what the core sees. */
interface OwnRow {
  readonly machine: string | null;
  readonly fence: number | null;
  readonly status: string;
}

export interface HistoryPull {
  /** Fetches executions that other machines wrote since the last time; their ids. */
  pull(ask: Ask): Promise<number[]>;
  isLost(execution_id: number): boolean;
  /** Fetches these; with `isTaking` also such as have just become this machine's. */
  fetch(ask: Ask, execution_ids: readonly number[], isTaking?: boolean): Promise<number[]>;
}

/** Brings executions of other machines into the journal, and rows of this one that others have ended or taken. */
export function createHistoryPull(deps: {
  readonly db: Kysely<Tables>;
  readonly table: () => ServerTable | undefined;
  readonly node: string;
  readonly instance: string;
  /** A row of this machine was given up by another, which is right; `status` is what it came to here. */
  readonly onLost: (execution_id: number, status: string) => void;
}): HistoryPull {
  const { db, node } = deps;
  /** What was seen of late: id and the server's note of its last write. */
  let seen = new Map<number, string>();
  /** Rows that others have given up or taken, and how often they are still fetched: a last word may be on its way here. */
  const lost = new Map<number, number>();

  const write = async (transaction: Kysely<Tables>, table: ServerTable, row: Row) => {
    try {
      await writeRows(transaction, table.local, [row]);
    } catch (error) {
      if (!/constraint failed/i.test(String(error))) throw error;
      // The slot has another row here, which the server has refused: who holds it there is right.
      await sql`DELETE FROM job_execution_history_V2 WHERE job_id = ${row.job_id}
        AND slot_key = ${row.slot_key} AND execution_id <> ${row.execution_id}`.execute(transaction);
      await writeRows(transaction, table.local, [row]);
    }
  };

  const take = async (table: ServerTable, rows: readonly Row[], isTaking: boolean): Promise<number[]> => {
    const taken: number[] = [];
    await receive(db, async (transaction) => {
      for (const row of rows) {
        const id = Number(row.execution_id);
        const mine = (await readRow(transaction, table.local, [id])) as (Row & OwnRow) | undefined;
        const wasOurs = mine?.machine === node;
        const isOutranked = wasOurs && Number(mine.fence ?? 0) < Number(row.fence ?? 0);
        const isOurs = row.machine === node && !isOutranked && (mine || row.owner === deps.instance);
        if (isOurs && !isTaking) continue;
        if (wasOurs && (isOutranked || row.machine !== node)) {
          lost.set(id, lostRounds);
          deps.onLost(id, mine.status);
        }
        if (isTaking) lost.delete(id);
        await write(transaction, table, row);
        taken.push(id);
      }
    });
    return taken;
  };

  /** What was written here of rows that are not ours any more is undone. */
  const mendLost = async (ask: Ask, table: ServerTable) => {
    if (lost.size === 0) return;
    const rows = await fetchRows(ask, table, `WHERE [execution_id] IN (${[...lost.keys()].join(', ')})`);
    await receive(db, async (transaction) => {
      for (const row of rows) await write(transaction, table, row);
    });
    for (const [id, rounds] of [...lost]) {
      if (rounds > 1) lost.set(id, rounds - 1);
      else lost.delete(id);
    }
  };

  const fetch = async (ask: Ask, ids: readonly number[], isTaking = false): Promise<number[]> => {
    const table = deps.table();
    const taken: number[] = [];
    for (let at = 0; table && at < ids.length; at += pageRows) {
      const part = ids.slice(at, at + pageRows);
      taken.push(
        ...(await take(
          table,
          await fetchRows(ask, table, `WHERE [execution_id] IN (${part.join(', ')})`),
          isTaking,
        )),
      );
    }
    return taken;
  };

  return {
    fetch,
    isLost: (execution_id) => lost.has(execution_id),
    async pull(ask) {
      const table = deps.table();
      if (!table) return [];
      const since = await stateOf(db, 'cluster_seen');
      const from = `DATEADD(second, -${overlapSeconds}, ${since ? `CAST(${text(since)} AS datetime2)` : 'GETUTCDATE()'})`;
      const [clock] = await ask<{ now: string }>(`SELECT CONVERT(nvarchar(30), GETUTCDATE(), 126) AS [now]`);
      const rows = await ask<{ id: number; changed: string }>(
        `SELECT [execution_id] AS [id], CONVERT(nvarchar(30), [changed_date], 126) AS [changed]
         FROM ${table.full} WHERE [changed_date] >= ${from}`,
      );
      const fresh = rows.filter(({ id, changed }) => seen.get(Number(id)) !== changed);
      const taken = await fetch(
        ask,
        fresh.map(({ id }) => Number(id)),
      );
      await mendLost(ask, table);
      seen = new Map(rows.map(({ id, changed }) => [Number(id), changed]));
      if (clock) await setState(db, 'cluster_seen', clock.now);
      return taken;
    },
  };
}

/** Columns whose values tell that a row of a table was changed; a table without an entry only gains and loses rows. */
const signatures: Readonly<Record<string, readonly string[]>> = {
  job_configurations: ['modified_date', 'enabled'],
  schedule_state: ['anchor', 'schedule_digest', 'held_since'],
  calendars: ['modified_date'],
  maintenance_windows: ['modified_date'],
  user_connections: ['modified_date'],
  secrets: ['modified_date'],
  users: ['modified_date', 'enabled', 'role'],
  api_keys: ['revoked_at', 'name', 'role'],
  facts: ['value'],
};
/** Tables that grow with the years and that nobody waits for. */
export const slowTables: ReadonlySet<string> = new Set(['job_versions', 'run_definitions']);

/** A value as both sides would write it; instants lose what DATETIME can't hold. */
function plain(type: string, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (/date/.test(type)) {
    const at = Date.parse(/[zZ]$/.test(String(value)) ? String(value) : `${value}Z`);
    return Number.isNaN(at) ? String(value) : String(Math.round(at / 10));
  }
  return type === 'bit' ? String(Number(value)) : String(value);
}

function isNear(type: string, a: unknown, b: unknown): boolean {
  const [x, y] = [plain(type, a), plain(type, b)];
  return x === y || (/date/.test(type) && x !== '' && y !== '' && Math.abs(Number(x) - Number(y)) <= 1);
}

/**
 * Makes the journal's rows of a table as they are on the server, but for those that wait to be sent. The keys of the
 * rows that changed, came or went. `also`: further columns in which a change is looked for.
 */
export async function pullTable(
  db: Kysely<Tables>,
  ask: Ask,
  table: ServerTable,
  also: readonly string[] = [],
): Promise<Row[]> {
  const { local, types, full } = table;
  const signs = [...(signatures[local.name] ?? []), ...also];
  const looked = [...local.key, ...signs.filter((column) => types.has(column))];
  const isOurs = (row: Row) => local.name !== 'facts' || isSharedFact(row.name);
  const theirs = (await ask<Row>(`SELECT ${looked.map(bracketed).join(', ')} FROM ${full}`)).filter(isOurs);
  const { rows } = await sql<Row>`SELECT ${sql.join(looked.map((column) => sql.ref(column)))}
    FROM ${sql.table(local.name)}`.execute(db);
  const here = new Map(rows.filter(isOurs).map((row) => [keyOf(table, row), row]));
  const differing: Row[] = [];
  for (const row of theirs) {
    const key = keyOf(table, row);
    const mine = here.get(key);
    here.delete(key);
    if (!mine || looked.some((column) => !isNear(types.get(column) ?? '', mine[column], row[column])))
      differing.push(row);
  }
  if (differing.length === 0 && here.size === 0) return [];
  const changed: Row[] = [];
  for (const row of [...differing, ...here.values()]) {
    const where = local.key
      .map((column) => `${bracketed(column)} = ${text(String(row[column]))}`)
      .join(' AND ');
    // Asked again by its key: it may have been sent from here while the lists were read.
    const [now] = await fetchRows(ask, table, `WHERE ${where}`);
    await receive(db, async (transaction) => {
      if (await isWaiting(transaction, local.name, keyOf(table, row))) return;
      if (now) await writeRows(transaction, local, [now]);
      else {
        const same = local.key.map((column) => sql`${sql.ref(column)} = ${row[column]}`);
        await sql`DELETE FROM ${sql.table(local.name)} WHERE ${sql.join(same, sql` AND `)}`.execute(
          transaction,
        );
      }
      changed.push(row);
    });
  }
  return changed;
}

/**
 * At a start, before anything is read here: all that other machines changed meanwhile. `isNew`: this journal holds
 * nothing yet. Executions follow by `HistoryPull`.
 */
export async function fetchShared(
  db: Kysely<Tables>,
  ask: Ask,
  tables: ReadonlyMap<string, ServerTable>,
  node: string,
  isNew: boolean,
): Promise<void> {
  for (const table of tables.values()) {
    if (!table.local.isNumbered) await pullTable(db, ask, table, ['cursor']);
    else if (isNew) await align(db, ask, table, true);
    else {
      // What this machine had begun, as the server has it: the last word of a process that was killed may be there alone.
      const mine = await fetchRows(
        ask,
        table,
        `WHERE [status] IN (N'pending', N'running') AND [machine] = ${text(node)}`,
      );
      for (const row of mine)
        await receive(db, async (transaction) => {
          if (!(await isWaiting(transaction, table.local.name, keyOf(table, row))))
            await writeRows(transaction, table.local, [row]);
        });
    }
  }
}
