import { type Kysely, sql } from 'kysely';
import type { Tables } from '../tables';
import { type LocalTable, noteRows, receive, setState, stateOf } from './changes';
import { serverFact } from './claim-server';
import { largestId, type Row, reserveIds, writeRows } from './local-rows';
import { type Ask, bracketed, fetchRows, type ServerTable } from './server-tables';

const pageRows = 1000;
/** DATETIME is exact to 1/300 s. */
const roundedMs = 4;
const done = 'done';

const keyOf = (table: LocalTable, row: Row): string => JSON.stringify(table.key.map((column) => row[column]));

const instantOf = (value: unknown): number => Date.parse(String(value));

function isSame(type: string, mine: unknown, theirs: unknown): boolean {
  const [a, b] = [mine ?? null, theirs ?? null];
  if (a === b) return true;
  if (a === null || b === null) return false;
  if (/date/.test(type)) return Math.abs(instantOf(a) - instantOf(b)) < roundedMs;
  return typeof a === 'number' || typeof b === 'number' ? Number(a) === Number(b) : String(a) === String(b);
}

/**
 * Who is right where both sides have a row and differ: the later change where rows say when they were changed, the
 * server where they say the same time (somebody changed it by hand), and this side for all that is its own doing.
 */
function isTheirs({ types }: ServerTable, mine: Row, theirs: Row): boolean {
  if (!types.has('modified_date')) return false;
  const [here, there] = [instantOf(mine.modified_date), instantOf(theirs.modified_date)];
  return Number.isNaN(here) || Number.isNaN(there) || there > here - roundedMs;
}

/** Tables whose rows have names: both sides are compared whole. */
async function compare(db: Kysely<Tables>, ask: Ask, table: ServerTable): Promise<void> {
  const { local, types } = table;
  const theirs = (await fetchRows(ask, table, '')).filter(
    (row) => local.name !== 'facts' || !String(row.name).startsWith(serverFact),
  );
  const { rows: mine } = await sql<Row>`SELECT * FROM ${sql.table(local.name)}`.execute(db);
  const waiting = await sql<{ row_key: string }>`
    SELECT row_key FROM replication_changes WHERE table_name = ${local.name}`.execute(db);
  const isWaiting = new Set(waiting.rows.map((row) => row.row_key));
  const here = new Map(mine.map((row) => [keyOf(local, row), row]));
  const taken: Row[] = [];
  const missing = new Map(here);
  for (const row of theirs) {
    const key = keyOf(local, row);
    missing.delete(key);
    const own = here.get(key);
    // A row deleted here while the server was away waits too.
    if (isWaiting.has(key)) continue;
    if (!own) taken.push(row);
    else if ([...types].some(([column, type]) => !isSame(type, own[column], row[column]))) {
      if (isTheirs(table, own, row)) taken.push(row);
      else missing.set(key, own);
    }
  }
  if (taken.length > 0) await receive(db, (transaction) => writeRows(transaction, local, taken));
  // Not on the server, or older there: it gets them again. Nothing is deleted here because it is missing there.
  for (const key of missing.keys()) {
    if (isWaiting.has(key)) continue;
    await sql`INSERT OR IGNORE INTO replication_changes (table_name, row_key, seq, version)
      VALUES (${local.name}, ${key}, (SELECT COALESCE(MAX(seq), 0) + 1 FROM replication_changes), 1)`.execute(
      db,
    );
  }
}

async function receiveRows(
  db: Kysely<Tables>,
  table: ServerTable,
  rows: readonly Row[],
  more?: () => [string, string],
) {
  await receive(db, async (transaction) => {
    for (const row of rows) {
      try {
        await writeRows(transaction, table.local, [row]);
      } catch (error) {
        // Its slot is taken here already: the row here is the one that ran.
        if (!/constraint failed/i.test(String(error))) throw error;
      }
    }
    if (more) await setState(transaction, ...more());
  });
}

const pulledTo = (table: ServerTable): string => `pulled_to:${table.local.name}`;

/** Fetches one page of older rows, the newest first. False when there are none left. */
export async function pullOlder(db: Kysely<Tables>, ask: Ask, table: ServerTable): Promise<boolean> {
  const bound = await stateOf(db, pulledTo(table));
  if (bound === undefined || bound === done) return false;
  const key = bracketed(table.local.key[0] ?? '');
  const rows = await fetchRows(ask, table, `WHERE ${key} < ${Number(bound)} ORDER BY ${key} DESC`, pageRows);
  const last = rows.at(-1)?.[table.local.key[0] ?? ''];
  await receiveRows(db, table, rows, () => [pulledTo(table), last === undefined ? done : String(last)]);
  return last !== undefined;
}

/** Tables that number their rows: what is missing here is fetched, what is missing there is sent. */
export async function align(db: Kysely<Tables>, ask: Ask, table: ServerTable, isNew: boolean): Promise<void> {
  const { local } = table;
  const column = local.key[0] ?? '';
  const key = bracketed(column);
  const [row] = await ask<{ n: number | null }>(`SELECT MAX(${key}) AS n FROM ${table.full}`);
  const theirs = Number(row?.n ?? 0);
  const mine = await largestId(db, local);
  await reserveIds(db, local, theirs);
  if (isNew) {
    await setState(db, pulledTo(table), String(theirs + 1));
    await pullOlder(db, ask, table);
    if (local.name === 'job_execution_history_V2') {
      // However old: the program that left them must not be taken for alive.
      const unfinished = await fetchRows(ask, table, `WHERE [status] IN (N'pending', N'running')`);
      await receiveRows(db, table, unfinished);
    }
    return;
  }
  for (let from = mine; from < theirs; ) {
    const rows = await fetchRows(ask, table, `WHERE ${key} > ${from} ORDER BY ${key}`, pageRows);
    if (rows.length === 0) break;
    await receiveRows(db, table, rows);
    from = Number(rows.at(-1)?.[column] ?? theirs);
  }
  if (mine > theirs) await noteRows(db, local, `"${column}" > ${theirs}`);
}

/**
 * Brings both sides together. `new`: nothing is here yet, and old rows of a history are left for `pullOlder`; `start`:
 * anything may have happened since; `again`: the server was away for a while, and only what it numbers is looked at.
 */
export async function synchronise(
  db: Kysely<Tables>,
  ask: Ask,
  tables: ReadonlyMap<string, ServerTable>,
  when: 'new' | 'start' | 'again',
): Promise<void> {
  for (const table of tables.values()) {
    if (table.local.isNumbered) await align(db, ask, table, when === 'new');
    else if (when !== 'again') await compare(db, ask, table);
  }
}
