import type { ResultColumnType } from '../../../../src-shared/model/sql-result';
import type { SqlValue } from '../../../core/ports/sql-client';
import {
  openDatabase,
  type SqliteDatabase,
  type SqliteParameter,
} from '../../persistence/sqlite/open-database';
import { bindingsOf } from './bindings';
import {
  batchCharacters,
  batchesAhead,
  batchRows,
  type WorkerMessage,
  type WorkerOrder,
  type WorkerTask,
} from './messages';
import { codeOf, splitStatements } from './split-statements';

let onTheWay = 0;
let goOn: (() => void) | undefined;
let keep: (() => void) | undefined;

/** The other side where this is a process of Electron's (its docs, "process.parentPort"). */
const port = (process as { readonly parentPort?: ElectronPort }).parentPort;
interface ElectronPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

const post = (message: WorkerMessage) =>
  new Promise<void>((resolve) => {
    if (port) {
      port.postMessage(message);
      resolve();
    } else process.send?.(message, undefined, undefined, () => resolve());
  });

/** Sends rows, and waits while the other side is behind: a million rows must not pile up in memory. */
async function postRows(rows: SqlValue[][]): Promise<void> {
  onTheWay += 1;
  await post({ kind: 'rows', rows });
  if (onTheWay < batchesAhead) return;
  await new Promise<void>((resolve) => {
    goOn = resolve;
  });
}

/** SQLite keeps any value in any column; the declared type is a hint (SQLite, "Determination of column affinity"). */
function columnType(declared: string | null): ResultColumnType {
  if (declared === null) return 'unknown';
  if (/INT/i.test(declared)) return 'integer';
  if (/CHAR|CLOB|TEXT/i.test(declared)) return 'text';
  if (/BLOB/i.test(declared)) return 'binary';
  return /REAL|FLOA|DOUB/i.test(declared) ? 'float' : 'unknown';
}

/** Settings of a statement that both SQLite modules have, beside the part that the store uses. */
interface StatementSettings {
  setReturnArrays(on: boolean): void;
  setReadBigInts(on: boolean): void;
  setAllowBareNamedParameters(on: boolean): void;
}

async function runStatement(database: SqliteDatabase, sql: string, task: WorkerTask): Promise<void> {
  const statement = database.prepare(sql);
  const settings = statement as unknown as StatementSettings;
  // @day and :day may stand in one statement; without their signs they would be the same name.
  settings.setAllowBareNamedParameters(false);
  const columns = statement.columns();
  const bindings = bindingsOf(sql, task.parameters);
  // Named parameters go as one object, in front of positional ones; there are none of those.
  const parameters = (Object.keys(bindings).length > 0 ? [bindings] : []) as unknown as SqliteParameter[];
  if (columns.length === 0) {
    const { changes } = statement.run(...parameters);
    if (/^\s*(insert|update|delete|replace|with)\b/i.test(codeOf(sql)))
      await post({ kind: 'affected', count: Number(changes) });
    return;
  }
  settings.setReturnArrays(true);
  settings.setReadBigInts(true);
  await post({
    kind: 'columns',
    columns: columns.map(({ name, type }) => ({ name, type: columnType(type ?? null) })),
  });
  let rows: SqlValue[][] = [];
  let characters = 0;
  for (const row of statement.iterate(...parameters) as IterableIterator<SqlValue[]>) {
    rows.push(row.map(readValue));
    for (const value of row)
      if (typeof value === 'string' || value instanceof Uint8Array) characters += value.length;
    if (rows.length === batchRows || characters > batchCharacters) {
      await postRows(rows);
      rows = [];
      characters = 0;
    }
  }
  if (rows.length > 0) await postRows(rows);
  await post({ kind: 'rows_end' });
}

/** Numbers that a double holds exactly are numbers; larger ones keep every digit. */
function readValue(value: SqlValue): SqlValue {
  return typeof value === 'bigint' && value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
    ? Number(value)
    : value;
}

async function runTask(task: WorkerTask): Promise<void> {
  let database: SqliteDatabase | undefined;
  let line: number | undefined;
  try {
    database = openDatabase(task.file, task.busyMs, task.readOnly);
    const statements = splitStatements(task.text);
    if (statements.length === 0) throw new Error('the query holds no statement');
    if (task.transaction) database.exec(task.readOnly ? 'BEGIN' : 'BEGIN IMMEDIATE');
    try {
      for (const statement of statements) {
        line = statement.line;
        await runStatement(database, statement.text, task);
      }
      line = undefined;
      const kept = new Promise<void>((resolve) => {
        keep = resolve;
      });
      await post({ kind: 'finished' });
      await kept;
      if (task.transaction) database.exec('COMMIT');
    } catch (error) {
      if (task.transaction) rollBack(database);
      throw error;
    }
    await post({ kind: 'done' });
  } catch (error) {
    await post({
      kind: 'failed',
      message: error instanceof Error ? error.message : String(error),
      ...(line === undefined ? {} : { line }),
    });
  } finally {
    database?.close();
  }
}

/** SQLite undoes some failed transactions by itself; then there is nothing to roll back. */
function rollBack(database: SqliteDatabase): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // The error that led here is the one to tell.
  }
}

const obey = (order: WorkerOrder) => {
  if (order.kind === 'taken') {
    onTheWay -= 1;
    goOn?.();
    goOn = undefined;
    return;
  }
  if (order.kind === 'keep') {
    keep?.();
    return;
  }
  // A process of Electron's is ended from the other side, when that has read everything.
  void runTask(order).finally(() => process.disconnect?.());
};
port?.on('message', ({ data }) => obey(data as WorkerOrder));
process.on('message', obey);
// The scheduler has gone: nobody reads the rows any more.
process.on('disconnect', () => process.exit());
