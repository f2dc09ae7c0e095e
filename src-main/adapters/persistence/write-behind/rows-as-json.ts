import type { Request } from 'mssql';
import type { ServerPool } from '../sqlserver/connect';
import { withoutZone } from '../sqlserver/stored-form-plugin';
import type { Row } from './local-rows';
import { bracketed, type ServerTable } from './server-tables';
import { lookedAt, type RowState, type SortedStates, sortStates, type TableWork } from './table-work';

const isInstant = /^(small)?date(time2?)?$/;

/** What a JSON number, string or boolean becomes on its way into a column. */
function wayInto(type: string): string {
  if (/^(tiny|small)?int$/.test(type)) return 'int';
  if (type === 'bigint' || type === 'bit') return type;
  if (isInstant.test(type)) return 'nvarchar(40)';
  return type === 'float' || type === 'real' ? 'float' : 'nvarchar(max)';
}

function jsonValue(type: string, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (type === 'bit') return Number(value) !== 0;
  if (isInstant.test(type)) return withoutZone(value);
  return /int$|^float$|^real$/.test(type) ? value : String(value);
}

/** Bytes, and numbers that JSON has no word for, go as parameters. */
export function fitsJson(work: readonly TableWork[]): boolean {
  return work.every(({ table, states }) =>
    [...table.types].every(
      ([column, type]) =>
        !/binary|image|timestamp|rowversion/.test(type) &&
        states.every(({ row }) => typeof row?.[column] !== 'number' || Number.isFinite(row[column])),
    ),
  );
}

const newName = (column: string): string => bracketed(`new_${column}`);

/** Columns of rows as one parameter, and as something to select from under the name `n`. */
function shredded(
  bind: (text: string) => string,
  { types }: ServerTable,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
): string {
  const text = JSON.stringify(
    rows.map((row) =>
      Object.fromEntries(
        columns.map((column, index) => [`c${index}`, jsonValue(types.get(column) ?? '', row[index])]),
      ),
    ),
  );
  const declared = columns.map(
    (column, index) => `${newName(column)} ${wayInto(types.get(column) ?? '')} '$.c${index}'`,
  );
  return `OPENJSON(${bind(text)}) WITH (${declared.join(', ')}) AS n`;
}

const sameKey = ({ local }: ServerTable): string =>
  local.key.map((column) => `t.${bracketed(column)} = n.${newName(column)}`).join(' AND ');

const keysOf = (states: readonly RowState[]) => states.map(({ key }) => key);

/** The statements that bring sorted rows of one table there. */
function statementsFor(bind: (text: string) => string, table: ServerTable, sorted: SortedStates): string[] {
  const { full, types, local } = table;
  const columns = [...types.keys()];
  const others = columns.filter((column) => !local.key.includes(column));
  const valuesOf = (states: readonly RowState[]) =>
    states.map(({ row }) => columns.map((column) => row?.[column]));
  const found: string[] = [];
  if (sorted.gone.length > 0)
    found.push(
      `DELETE t FROM ${full} AS t JOIN ${shredded(bind, table, local.key, keysOf(sorted.gone))} ON ${sameKey(table)};`,
    );
  if (sorted.known.length > 0 && others.length > 0) {
    const there = (column: string) => `n.${newName(column)}`;
    const set = others.map(
      (column) => `${bracketed(column)} = ${table.keeps?.(column, there(column), there) ?? there(column)}`,
    );
    if (table.stamp !== undefined) set.push(`${bracketed(table.stamp)} = GETUTCDATE()`);
    const mine = table.isOurs?.(there);
    found.push(
      `UPDATE t SET ${set.join(', ')} FROM ${full} AS t JOIN ${shredded(bind, table, columns, valuesOf(sorted.known))} ON ${sameKey(table)}${mine === undefined ? '' : ` WHERE ${mine}`};`,
    );
  }
  if (sorted.fresh.length > 0) {
    const stamp = table.stamp === undefined ? [] : [table.stamp];
    const insert = `INSERT INTO ${full} (${[...columns, ...stamp].map(bracketed).join(', ')})
SELECT ${[...columns.map((column) => `n.${newName(column)}`), ...stamp.map(() => 'GETUTCDATE()')].join(', ')} FROM ${shredded(bind, table, columns, valuesOf(sorted.fresh))};`;
    found.push(
      table.isIdentity
        ? `SET IDENTITY_INSERT ${full} ON;\n${insert}\nSET IDENTITY_INSERT ${full} OFF;`
        : insert,
    );
  }
  return found;
}

/**
 * Brings rows there in two round trips, however many they are: what is there of them, and one text that does it all.
 * That text is the transaction from its first word to its last, so that no lock there ever waits for the network: of a
 * connection that dies in the middle nothing is left open that would hold up the next one.
 */
export async function sendAsJson({ driver, pool }: ServerPool, work: readonly TableWork[]): Promise<void> {
  const { sql } = driver;
  const binder = () => {
    const request: Request = new sql.Request(pool);
    let count = 0;
    const bind = (text: string) => {
      const name = `rows${count}`;
      count += 1;
      request.input(name, sql.NVarChar(sql.MAX), text);
      return `@${name}`;
    };
    return { request, bind };
  };
  const asked = binder();
  const questions = work.map(({ table, states }) => {
    const columns = lookedAt(table).map((column) => `t.${bracketed(column)}`);
    return `SELECT ${columns.join(', ')} FROM ${table.full} AS t JOIN ${shredded(asked.bind, table, table.local.key, keysOf(states))} ON ${sameKey(table)};`;
  });
  const { recordsets } = await asked.request.query<Row>(questions.join('\n'));
  const found = recordsets as unknown as readonly (readonly Row[])[];
  const { request, bind } = binder();
  const statements = work.flatMap(({ table, states }, index) =>
    statementsFor(bind, table, sortStates(table, states, found[index] ?? [])),
  );
  if (statements.length === 0) return;
  const switches = work.filter(({ table }) => table.isIdentity);
  const off = [...new Set(switches.map(({ table }) => `SET IDENTITY_INSERT ${table.full} OFF;`))];
  await request.query(`SET XACT_ABORT ON;
BEGIN TRY
BEGIN TRANSACTION;
${statements.join('\n')}
COMMIT TRANSACTION;
END TRY
BEGIN CATCH
IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
${off.join('\n')}
THROW;
END CATCH`);
}
