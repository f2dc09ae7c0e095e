import { performance } from 'node:perf_hooks';
import type { StoreTrial } from '../../../../src-shared/model/store';
import { connectServer, type ServerPool, storeFailure } from '../sqlserver/connect';
import { kyselyOver } from '../sqlserver/open-sqlserver-store';
import { findConfigurationsTable, missingMigrations, missingRights } from '../sqlserver/prepare-schema';
import type { StoreTarget } from '../sqlserver/store-target';
import { type Ask, asker, bracketed } from '../write-behind/server-tables';

const questionMs = 20_000;

/** The embedded store, as far as it tells whether a server holds a copy of it. */
export interface OwnStore {
  /** The mark of this store's runs; a copy has the same. */
  readonly token: string | undefined;
  readonly lastExecution: number;
}

/** What a database holds before it becomes the store. */
export interface Holdings {
  readonly holds: NonNullable<StoreTrial['holds']>;
  readonly jobs: number;
  readonly executions: number;
  /** A copy of this store that went on living: it has runs that are not here. */
  readonly isNewer: boolean;
}

const historyTable = 'job_execution_history_V2';

/** Looks into a database without changing it. */
export async function holdingsOf(pool: ServerPool, ask: Ask, own: OwnStore): Promise<Holdings> {
  const configurations = await findConfigurationsTable(kyselyOver(pool, 'job_configurations'));
  const present = new Set(
    (await ask<{ name: string }>(`SELECT name FROM sys.tables WHERE schema_id = SCHEMA_ID(N'dbo')`)).map(
      ({ name }) => name.toLowerCase(),
    ),
  );
  const has = (name: string) => present.has(name.toLowerCase());
  const numberOf = async (what: string, name: string) => {
    if (!has(name)) return 0;
    const [row] = await ask<{ n: number | null }>(`SELECT ${what} AS n FROM [dbo].${bracketed(name)}`);
    return Number(row?.n ?? 0);
  };
  const jobs = await numberOf('COUNT(*)', configurations);
  const executions = await numberOf('COUNT(*)', historyTable);
  const last = await numberOf('MAX([execution_id])', historyTable);
  const [mark] = has('facts')
    ? await ask<{ value: string | null }>(
        `SELECT CAST([value] AS nvarchar(4000)) AS [value] FROM [dbo].[facts] WHERE [name] = N'run_token'`,
      )
    : [];
  const isOwn = own.token !== undefined && mark?.value === own.token;
  const holds = isOwn ? 'own' : jobs + executions > 0 ? 'others' : has(historyTable) ? 'tables' : 'nothing';
  return { holds, jobs, executions, isNewer: isOwn && last > own.lastExecution };
}

const plural = (n: number, one: string): string => `${n.toLocaleString('en-US')} ${one}${n === 1 ? '' : 's'}`;

/** What was found, in a sentence. */
export function holdingsText({ holds, jobs, executions, isNewer }: Holdings): string {
  const counts = `${plural(jobs, 'job')} and ${plural(executions, 'execution')}`;
  switch (holds) {
    case 'nothing':
      return 'The database is empty; the tables are made by the move';
    case 'tables':
      return 'The tables are there, and empty';
    case 'own':
      return isNewer
        ? `It holds a copy of this store with runs that are not here (${counts}): it was used since`
        : `It holds an earlier copy of this store (${counts}), which a move brings up to date`;
    case 'others':
      return `It holds ${counts} of another program`;
  }
}

async function lacksOf(pool: ServerPool, ask: Ask): Promise<string[]> {
  const plain = kyselyOver(pool, 'job_configurations');
  const missing = await missingMigrations(plain);
  const found: string[] = [];
  if (missing.length > 0) {
    const [row] = await ask<{ n: number | null }>(
      `SELECT HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'CREATE TABLE') AS n`,
    );
    if (row?.n === 0) found.push('GRANT CREATE TABLE, and ALTER ON SCHEMA::[dbo]');
  } else {
    const table = await findConfigurationsTable(plain);
    found.push(...(await missingRights(kyselyOver(pool, table), table)));
  }
  return found;
}

/** Tries a server as the store: connects, looks, and writes nothing. What is wrong is told, never thrown. */
export async function tryServer(asked: StoreTarget, own: OwnStore): Promise<StoreTrial> {
  const { target } = asked;
  const started = performance.now();
  const trial = (more: Partial<StoreTrial> & Pick<StoreTrial, 'works' | 'message'>): StoreTrial => ({
    warnings: [...asked.warnings],
    version: null,
    duration_seconds: Math.round(performance.now() - started) / 1000,
    holds: null,
    jobs: null,
    executions: null,
    ...more,
  });
  let pool: ServerPool | undefined;
  try {
    pool = await connectServer(target, {
      connectMs: target.connection_timeout_seconds * 1000,
      requestMs: questionMs,
      acquireMs: questionMs,
      max: 1,
    });
    const ask = asker(pool);
    const [row] = await ask<{ version: string }>('SELECT @@VERSION AS version');
    const version = row?.version.split('\n')[0]?.trim().slice(0, 200) ?? null;
    const lacking = await lacksOf(pool, ask);
    if (lacking.length > 0)
      return trial({
        works: false,
        version,
        message: `Missing rights in the database "${target.database}": an administrator can give them with ${lacking.join('; ')} to the login of this program`,
      });
    const holdings = await holdingsOf(pool, ask, own);
    const { holds, jobs, executions } = holdings;
    return trial({ works: true, version, message: holdingsText(holdings), holds, jobs, executions });
  } catch (error) {
    return trial({ works: false, message: storeFailure(error, target).message });
  } finally {
    await pool?.pool.close().catch(() => undefined);
  }
}
