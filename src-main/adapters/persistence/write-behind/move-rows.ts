import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { ServerPool } from '../sqlserver/connect';
import type { Tables } from '../tables';
import type { LocalTable } from './changes';
import { serverFact } from './claim-server';
import { type Row, reserveIds, writeRows } from './local-rows';
import { sendRows } from './send-changes';
import { type Ask, bindValue, bracketed, columnList, type ServerTable } from './server-tables';

const pageRows = 200;

/** A change that a row takes on its way, e.g. secrets sealed anew. */
export type OnTheWay = (table: string, row: Row) => Row;

/** What the server alone knows of itself; it is never moved. */
export const isOwnFact = (table: LocalTable, row: Row): boolean =>
  table.name === 'facts' && String(row.name).startsWith(serverFact);

/** All rows of an embedded table, page by page in the order of their key. */
export async function* localPages(db: Kysely<Tables>, table: LocalTable): AsyncGenerator<Row[]> {
  const order = sql.join(table.key.map((column) => sql.ref(column)));
  for (let last: readonly unknown[] | undefined; ; ) {
    const behind: readonly unknown[] | undefined = last;
    const where = behind ? sql`WHERE (${order}) > (${sql.join([...behind])})` : sql``;
    const { rows } = await sql<Row>`
      SELECT * FROM ${sql.table(table.name)} ${where} ORDER BY ${order} LIMIT ${pageRows}`.execute(db);
    if (rows.length === 0) return;
    yield rows;
    last = table.key.map((column) => rows.at(-1)?.[column]);
  }
}

/** All rows of a table on the server in the form of the embedded store; by its one key column, else all at once. */
export async function* serverPages(
  ask: Ask,
  { driver }: ServerPool,
  table: ServerTable,
): AsyncGenerator<Row[]> {
  const { local, full, types } = table;
  const [column = '', ...others] = local.key;
  const keep = (rows: Row[]) => rows.filter((row) => !isOwnFact(local, row));
  if (others.length > 0) {
    yield keep(await ask<Row>(`SELECT ${columnList(table)} FROM ${full}`));
    return;
  }
  for (let last: unknown; ; ) {
    const behind = last;
    const where = behind === undefined ? '' : `WHERE ${bracketed(column)} > @last`;
    const rows: Row[] = await ask<Row>(
      `SELECT TOP (${pageRows}) ${columnList(table)} FROM ${full} ${where} ORDER BY ${bracketed(column)}`,
      (request) => {
        if (behind !== undefined) bindValue(request, driver.sql, 'last', types.get(column) ?? '', behind);
      },
    );
    if (rows.length === 0) return;
    yield keep(rows);
    last = rows.at(-1)?.[column];
  }
}

/** Copies a table to the server. Rows that are there already become as they are here. How many were sent. */
export async function copyToServer(
  db: Kysely<Tables>,
  pool: ServerPool,
  table: ServerTable,
  onTheWay: OnTheWay,
): Promise<number> {
  const { local } = table;
  let sent = 0;
  for await (const page of localPages(db, local)) {
    const states = page.map((row) => ({
      key: local.key.map((column) => row[column] as string | number),
      row: onTheWay(local.name, row),
    }));
    await sendRows(pool, [{ table, states }]);
    sent += states.length;
  }
  return sent;
}

/** Copies a table from the server, each page whole. How many were written. */
export async function copyFromServer(
  db: Kysely<Tables>,
  ask: Ask,
  pool: ServerPool,
  table: ServerTable,
  onTheWay: OnTheWay,
): Promise<number> {
  const { local } = table;
  let written = 0;
  let largest = 0;
  for await (const page of serverPages(ask, pool, table)) {
    const rows = page.map((row) => onTheWay(local.name, row));
    await db.transaction().execute((transaction) => writeRows(transaction, local, rows));
    written += rows.length;
    if (local.isNumbered)
      for (const row of rows) largest = Math.max(largest, Number(row[local.key[0] ?? '']));
  }
  if (local.isNumbered) await reserveIds(db, local, largest);
  return written;
}

/** A value as both engines would hold it: DATETIME is exact to 1/300 s. */
function comparable(type: string, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (type === 'datetime') return Math.round(Date.parse(String(value)) * 0.3);
  if (/date/.test(type)) return Date.parse(String(value));
  return typeof value === 'number' ? Number(value.toPrecision(15)) : String(value);
}

/** A row in short, the same on both engines. `columns` are those both sides have, with the server's types. */
export function rowDigest(columns: readonly (readonly [string, string])[], row: Row): Buffer {
  const text = JSON.stringify(columns.map(([column, type]) => comparable(type, row[column])));
  return createHash('sha256').update(text).digest();
}

/** Adds a row's digest to the sum of its table, in whatever order they come. */
export function addDigest(sum: Buffer, digest: Buffer): void {
  for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? 0) ^ (digest[at] ?? 0);
}

/** What a table holds in short: its rows counted, and a digest of them all in whatever order. */
export interface Contents {
  readonly rows: number;
  readonly digest: string;
}

/** Columns of `sealed` are left out: they differ where secrets were sealed anew. */
export async function contentsOf(
  pages: AsyncGenerator<Row[]>,
  { types }: ServerTable,
  sealed: readonly string[],
): Promise<Contents> {
  const columns = [...types].filter(([column]) => !sealed.includes(column)).sort();
  let rows = 0;
  const sum = Buffer.alloc(32);
  for await (const page of pages) {
    for (const row of page) {
      rows += 1;
      addDigest(sum, rowDigest(columns, row));
    }
  }
  return { rows, digest: sum.toString('hex') };
}
