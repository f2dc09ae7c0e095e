import { parentPort, workerData } from 'node:worker_threads';
import type { SqlValue } from '../../../core/ports/sql-client';
import {
  openDatabase,
  type SqliteDatabase,
  type SqliteParameter,
} from '../../persistence/sqlite/open-database';
import { batchesAhead, batchRows, type WorkerMessage, type WorkerTask } from './messages';
import { splitStatements } from './split-statements';

const task = workerData as WorkerTask;
const taken = new Int32Array(task.credit);
let sent = 0;

const post = (message: WorkerMessage) => parentPort?.postMessage(message);

/** Sends rows, and waits while the other side is behind: a million rows must not pile up in memory. */
function postRows(rows: SqlValue[][]): void {
  post({ kind: 'rows', rows });
  sent += 1;
  for (let done = Atomics.load(taken, 0); sent - done >= batchesAhead; done = Atomics.load(taken, 0)) {
    Atomics.wait(taken, 0, done);
  }
}

function toParameter(value: SqlValue): SqliteParameter {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value;
}

/** The parameters this statement names: SQLite refuses ones it does not know. */
function bindingsOf(sql: string): Record<string, SqliteParameter> {
  const bindings: Record<string, SqliteParameter> = {};
  for (const [name, value] of Object.entries(task.parameters)) {
    for (const sign of ['@', ':', '$']) {
      if (new RegExp(`\\${sign}${name}\\b`).test(sql)) bindings[`${sign}${name}`] = toParameter(value);
    }
  }
  return bindings;
}

function runStatement(database: SqliteDatabase, sql: string): void {
  const statement = database.prepare(sql);
  const columns = statement.columns();
  const bindings = bindingsOf(sql);
  // Named parameters go as one object, in front of positional ones; there are none of those.
  const parameters = (Object.keys(bindings).length > 0 ? [bindings] : []) as unknown as SqliteParameter[];
  if (columns.length === 0) {
    const { changes } = statement.run(...parameters);
    if (/^\s*(insert|update|delete|replace|with)\b/i.test(sql))
      post({ kind: 'affected', count: Number(changes) });
    return;
  }
  const withArrays = statement as unknown as {
    setReturnArrays(on: boolean): void;
    setReadBigInts(on: boolean): void;
  };
  withArrays.setReturnArrays(true);
  withArrays.setReadBigInts(true);
  post({ kind: 'columns', names: columns.map((column) => column.name) });
  let rows: SqlValue[][] = [];
  for (const row of statement.iterate(...parameters) as IterableIterator<SqlValue[]>) {
    rows.push(
      row.map((value) =>
        // Numbers that a double holds exactly are numbers; larger ones keep every digit.
        typeof value === 'bigint' && value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
          ? Number(value)
          : value,
      ),
    );
    if (rows.length === batchRows) {
      postRows(rows);
      rows = [];
    }
  }
  if (rows.length > 0) postRows(rows);
}

function main(): void {
  let database: SqliteDatabase | undefined;
  try {
    database = openDatabase(task.file, task.busyMs);
    const statements = splitStatements(task.text);
    if (statements.length === 0) throw new Error('the query holds no statement');
    if (task.transaction) database.exec('BEGIN IMMEDIATE');
    try {
      for (const sql of statements) runStatement(database, sql);
      if (task.transaction) database.exec('COMMIT');
    } catch (error) {
      if (task.transaction) database.exec('ROLLBACK');
      throw error;
    }
    post({ kind: 'done' });
  } catch (error) {
    post({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  } finally {
    database?.close();
  }
}

main();
