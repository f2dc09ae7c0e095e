import { randomBytes } from 'node:crypto';
import { connectServer, type ServerPool } from '../../src-main/adapters/persistence/sqlserver/connect';
import { type SqlServerTarget, sqlServerTarget } from './sqlserver';

const limits = { connectMs: 15_000, requestMs: 300_000, acquireMs: 30_000, max: 4 };

/** A database of its own on the test server. */
export interface TestDatabase {
  readonly target: SqlServerTarget;
  query<T = Record<string, unknown>>(text: string): Promise<T[]>;
  /** All rows of the program's tables go; the tables stay. */
  empty(): Promise<void>;
  /** All tables go; what was made by hand too. */
  drop(): Promise<void>;
}

async function ask<T>({ pool }: ServerPool, text: string): Promise<T[]> {
  return [...((await pool.request().query<T>(text)).recordset ?? [])];
}

/** Makes an empty database, or says that there is no server: `sqlServerTarget` tells why. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = sqlServerTarget();
  if (!server) throw new Error('TEST_SQLSERVER_URL is not set');
  const name = `js_${randomBytes(5).toString('hex')}`;
  const master = await connectServer({ ...server, database: 'master' }, limits);
  await ask(master, `CREATE DATABASE [${name}]`);
  const target: SqlServerTarget = { ...server, database: name };
  const own = await connectServer(target, limits);
  return {
    target,
    query: (text) => ask(own, text),
    async empty() {
      const tables = await ask<{ name: string }>(own, 'SELECT name FROM sys.tables');
      const filled = tables.map((row) => row.name).filter((one) => one !== 'schema_migrations');
      if (filled.length > 0) await ask(own, filled.map((one) => `DELETE FROM [dbo].[${one}];`).join('\n'));
    },
    async drop() {
      await own.pool.close();
      // A connection may still be on its way out.
      await ask(master, `DROP DATABASE [${name}]`).catch(() => undefined);
      await master.pool.close();
    },
  };
}
