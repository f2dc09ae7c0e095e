import type { ISqlType, Request } from 'mssql';
import type { ServerPool } from '../sqlserver/connect';
import { readRows } from '../sqlserver/mssql-dialect';
import { withoutZone } from '../sqlserver/stored-form-plugin';
import type { LocalTable } from './changes';
import type { Row } from './local-rows';

/** A table as it is on the server: made by us, by hand, or by the Python program. */
export interface ServerTable {
  readonly local: LocalTable;
  /** `[dbo].[name]`. */
  readonly full: string;
  /** Columns that both sides have, with their types there. */
  readonly types: ReadonlyMap<string, string>;
  readonly isIdentity: boolean;
  /** The column in which the server's clock notes each write. */
  readonly stamp?: string;
  /** T-SQL that holds where a row may be written over; `bind` gives the parameter of a column's new value. */
  readonly isOurs?: (bind: (column: string) => string) => string;
  /** T-SQL for a column whose value there is not simply replaced; undefined for all others. */
  readonly keeps?: (column: string, value: string, bind: (column: string) => string) => string | undefined;
}

/** Parameters a request may have are 2100; the rest is room for the driver's own. */
export const mostParameters = 2000;

export const bracketed = (name: string): string => `[${name.replaceAll(']', ']]')}]`;

/** Runs T-SQL with parameters @p0, @p1, ...; the rows of the first result. */
export type Ask = <T = Record<string, unknown>>(
  text: string,
  bind?: (request: Request) => void,
) => Promise<T[]>;

export function asker({ driver, pool }: ServerPool): Ask {
  return async <T>(text: string, bind?: (request: Request) => void) => {
    const request = new driver.sql.Request(pool);
    bind?.(request);
    const { recordset } = await request.query<Record<string, unknown>>(text);
    return readRows(recordset) as T[];
  };
}

/** How the tables look on the server. One that is not there is left out. */
export async function serverTables(
  ask: Ask,
  locals: readonly LocalTable[],
  configurationsTable: string,
): Promise<Map<string, ServerTable>> {
  const rows = await ask<{ table_name: string; name: string; type: string; is_identity: number }>(
    `SELECT t.name AS table_name, c.name AS name, y.name AS type, c.is_identity AS is_identity
     FROM sys.columns c JOIN sys.tables t ON t.object_id = c.object_id
     JOIN sys.types y ON y.user_type_id = c.user_type_id
     WHERE t.schema_id = SCHEMA_ID(N'dbo')`,
  );
  const byTable = new Map<string, typeof rows>();
  for (const row of rows) {
    const key = row.table_name.toLowerCase();
    byTable.set(key, [...(byTable.get(key) ?? []), row]);
  }
  const found = new Map<string, ServerTable>();
  for (const local of locals) {
    const name = local.name === 'job_configurations' ? configurationsTable : local.name;
    const columns = byTable.get(name.toLowerCase());
    if (!columns) continue;
    const types = new Map(columns.map((column) => [column.name.toLowerCase(), column.type]));
    const shared = local.columns.flatMap((column) => {
      const type = types.get(column.toLowerCase());
      return type === undefined ? [] : [[column, type] as const];
    });
    found.set(local.name, {
      local,
      full: `[dbo].${bracketed(name)}`,
      types: new Map(shared),
      isIdentity: columns.some((column) => column.is_identity === 1),
    });
  }
  return found;
}

/** Binds a value by the type of its column: what the driver would guess from a null or a number fits not always. */
export function bindValue(
  request: Request,
  sql: ServerPool['driver']['sql'],
  name: string,
  type: string,
  value: unknown,
): void {
  const given = value ?? null;
  const as = (kind: ISqlType | (() => ISqlType), converted: unknown = given) => {
    request.input(name, kind, converted);
  };
  switch (type) {
    case 'int':
    case 'smallint':
    case 'tinyint':
      as(sql.Int);
      return;
    case 'bigint':
      as(sql.BigInt, given === null ? null : String(given));
      return;
    case 'bit':
      as(sql.Bit, given === null ? null : Number(given) !== 0);
      return;
    case 'float':
    case 'real':
      as(sql.Float);
      return;
    case 'datetime':
    case 'datetime2':
    case 'smalldatetime':
    case 'date':
      as(sql.NVarChar(40), withoutZone(given));
      return;
    case 'varbinary':
      as(sql.VarBinary(sql.MAX));
      return;
    default:
      as(sql.NVarChar(sql.MAX), given === null || typeof given === 'string' ? given : String(given));
  }
}

/**
 * A column as it is read. NTEXT comes in one piece, which the driver looks through anew with each packet: of a long
 * output that would never end.
 */
export const readColumn = (name: string, type: string | undefined): string =>
  type === 'ntext' || type === 'text'
    ? `CAST(${bracketed(name)} AS nvarchar(max)) AS ${bracketed(name)}`
    : bracketed(name);

/** The columns of a table on both sides, as a list for SELECT. */
export const columnList = ({ types }: ServerTable): string =>
  [...types].map(([name, type]) => readColumn(name, type)).join(', ');

/** Rows of the server in the form of the embedded store. */
export async function fetchRows(ask: Ask, table: ServerTable, tail: string, top?: number): Promise<Row[]> {
  const first = top === undefined ? '' : `TOP (${top}) `;
  return ask<Row>(`SELECT ${first}${columnList(table)} FROM ${table.full} ${tail}`);
}
