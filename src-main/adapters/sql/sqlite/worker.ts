import type { ResultColumnType } from '../../../../src-shared/model/sql-result';
import type { SqlValue } from '../../../core/ports/sql-client';
import {
  openDatabase,
  type SqliteDatabase,
  type SqliteParameter,
} from '../../persistence/sqlite/open-database';
import { batchesAhead, batchRows, type WorkerMessage, type WorkerOrder, type WorkerTask } from './messages';
import { splitStatements } from './split-statements';

let onTheWay = 0;
let goOn: (() => void) | undefined;

const post = (message: WorkerMessage) =>
  new Promise<void>((resolve) => process.send?.(message, undefined, undefined, () => resolve()));

/** Sends rows, and waits while the other side is behind: a million rows must not pile up in memory. */
async function postRows(rows: SqlValue[][]): Promise<void> {
  onTheWay += 1;
  await post({ kind: 'rows', rows });
  if (onTheWay < batchesAhead) return;
  await new Promise<void>((resolve) => {
    goOn = resolve;
  });
}

function toParameter(value: SqlValue): SqliteParameter {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value;
}

/** SQLite keeps any value in any column; the declared type is a hint (SQLite, "Determination of column affinity"). */
function columnType(declared: string | null): ResultColumnType {
  if (declared === null) return 'unknown';
  if (/INT/i.test(declared)) return 'integer';
  if (/CHAR|CLOB|TEXT/i.test(declared)) return 'text';
  if (/BLOB/i.test(declared)) return 'binary';
  return /REAL|FLOA|DOUB/i.test(declared) ? 'float' : 'unknown';
}

const withoutComments = (sql: string): string => sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');

/** The parameters this statement names: SQLite refuses ones it does not know. */
function bindingsOf(sql: string, parameters: WorkerTask['parameters']): Record<string, SqliteParameter> {
  const bindings: Record<string, SqliteParameter> = {};
  for (const { name, value } of parameters) {
    for (const sign of ['@', ':', '$']) {
      if (new RegExp(`\\${sign}${name}\\b`).test(sql)) bindings[`${sign}${name}`] = toParameter(value);
    }
  }
  return bindings;
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
    if (/^\s*(insert|update|delete|replace|with)\b/i.test(withoutComments(sql)))
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
      await postRows(rows);
      rows = [];
    }
  }
  if (rows.length > 0) await postRows(rows);
}

async function runTask(task: WorkerTask): Promise<void> {
  let database: SqliteDatabase | undefined;
  try {
    database = openDatabase(task.file, task.busyMs);
    const statements = splitStatements(task.text);
    if (statements.length === 0) throw new Error('the query holds no statement');
    if (task.transaction) database.exec('BEGIN IMMEDIATE');
    try {
      for (const sql of statements) await runStatement(database, sql, task);
      if (task.transaction) database.exec('COMMIT');
    } catch (error) {
      if (task.transaction) database.exec('ROLLBACK');
      throw error;
    }
    await post({ kind: 'done' });
  } catch (error) {
    await post({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  } finally {
    database?.close();
  }
}

process.on('message', (order: WorkerOrder) => {
  if (order.kind === 'taken') {
    onTheWay -= 1;
    goOn?.();
    goOn = undefined;
    return;
  }
  void runTask(order).finally(() => process.disconnect?.());
});
// The scheduler has gone: nobody reads the rows any more.
process.on('disconnect', () => process.exit());
