import { Kysely, SqliteDialect, sql } from 'kysely';
import { kyselyDatabase } from '../sqlite/kysely-database';
import { openDatabase } from '../sqlite/open-database';
import type { ServerPool } from '../sqlserver/connect';
import type { Tables } from '../tables';
import type { LocalTable } from '../write-behind/changes';
import { serverFact } from '../write-behind/claim-server';
import { largestId, type Row, reserveIds, writeRows } from '../write-behind/local-rows';
import { localPages, rowDigest, serverPages } from '../write-behind/move-rows';
import { sendRows } from '../write-behind/send-changes';
import type { Ask, ServerTable } from '../write-behind/server-tables';
import type { RowState } from '../write-behind/table-work';
import type { DigestOf, MoveSide } from './copy-rows';

const readMs = 30_000;

/** A second look at an embedded database that the program works on: it reads, and can't write. */
export function openReading(file: string): { readonly db: Kysely<Tables>; close(): Promise<void> } {
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: kyselyDatabase(openDatabase(file, readMs, true)) }),
  });
  return { db, close: () => db.destroy() };
}

/** An embedded database as a side of a move. */
export function embeddedSide(db: Kysely<Tables>): MoveSide {
  return {
    async *pages(table) {
      for await (const page of localPages(db, table)) {
        yield page;
        // Reading is done in one piece; jobs that are due come between two pages.
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    async write(table, states) {
      const rows = states.flatMap(({ row }) => (row === undefined ? [] : [row]));
      await db.transaction().execute(async (transaction) => {
        for (const { key, row } of states) if (row === undefined) await remove(transaction, table, key);
        await writeRows(transaction, table, rows);
      });
    },
    async count(table) {
      const { rows } = await sql<{ n: number }>`SELECT COUNT(*) AS n FROM ${sql.table(table.name)}`.execute(
        db,
      );
      return Number(rows[0]?.n ?? 0);
    },
  };
}

async function remove(db: Kysely<Tables>, table: LocalTable, key: RowState['key']): Promise<void> {
  const where = table.key.map((column, index) => sql`${sql.ref(column)} = ${key[index] ?? null}`);
  await sql`DELETE FROM ${sql.table(table.name)} WHERE ${sql.join(where, sql` AND `)}`.execute(db);
}

/** Numbers that a table has given out are not given out again where it was moved to. */
export async function keepNumbers(db: Kysely<Tables>, tables: readonly LocalTable[]): Promise<void> {
  for (const table of tables) if (table.isNumbered) await reserveIds(db, table, await largestId(db, table));
}

/** A SQL Server as a side of a move. Tables it does not have are empty there. */
export function serverSide(pool: ServerPool, ask: Ask, tables: ReadonlyMap<string, ServerTable>): MoveSide {
  const find = (table: LocalTable): ServerTable => {
    const found = tables.get(table.name);
    if (!found) throw new Error(`the server has no table ${table.name}`);
    return found;
  };
  return {
    pages: (table) => serverPages(ask, pool, find(table)),
    write: (table, states) => sendRows(pool, [{ table: find(table), states }]),
    async count(table) {
      // What the server alone knows of itself does not count.
      const own = table.name === 'facts' ? ` WHERE [name] NOT LIKE N'${serverFact}%'` : '';
      const [row] = await ask<{ n: number }>(`SELECT COUNT(*) AS n FROM ${find(table).full}${own}`);
      return Number(row?.n ?? 0);
    },
  };
}

/** Digests over the columns that both sides have, in the server's types. */
export function serverDigests(tables: ReadonlyMap<string, ServerTable>): DigestOf {
  const columns = new Map(
    [...tables].map(([name, { types }]) => [name, [...types].sort(([a], [b]) => (a < b ? -1 : 1))] as const),
  );
  return (table, row: Row) => rowDigest(columns.get(table.name) ?? [], row);
}
