// The stores that history.mjs measures, filled with the same history; built for it.
import { join } from 'node:path';
import { openDatabase } from '../../src-main/adapters/persistence/sqlite/open-database';
import { openSqliteStore } from '../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import { openSqlServerStore } from '../../src-main/adapters/persistence/sqlserver/open-sqlserver-store';
import type { Store } from '../../src-main/core/ports/store';
import { sqlServerTarget } from '../support/sqlserver';
import { createTestDatabase } from '../support/sqlserver-database';

interface FilledStore {
  readonly name: string;
  readonly store: Store;
  close(): Promise<void>;
}

const jobs = 500;
/** One run in thirty fails; the rows lie over the last 90 days. */
const days = 90;

async function embedded(folder: string, rows: number): Promise<FilledStore> {
  const file = join(folder, 'history.db');
  await (await openSqliteStore({ file })).close();
  const database = openDatabase(file, 5000);
  const stepMs = (days * 86_400_000) / rows;
  const insert = database.prepare(
    `INSERT INTO job_execution_history_V2 (job_id, job_name, status, start_time, end_time, duration_seconds, output,
       return_code, retry_count, max_retries, metadata, trigger_type) VALUES (?, ?, ?, ?, ?, 1, ?, 0, 0, 3, '{}', 'schedule')`,
  );
  const begin = Date.now() - days * 86_400_000;
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; BEGIN');
  for (let index = 0; index < rows; index += 1) {
    const start = new Date(begin + index * stepMs).toISOString();
    const job_id = `job_${String((index * 7919) % jobs).padStart(4, '0')}`;
    insert.run(job_id, job_id, index % 30 === 0 ? 'failed' : 'success', start, start, 'output '.repeat(40));
  }
  database.exec('COMMIT');
  database.close();
  const store = await openSqliteStore({ file });
  return { name: 'embedded', store, close: () => store.close() };
}

async function sqlServer(rows: number): Promise<FilledStore> {
  const database = await createTestDatabase();
  const store = await openSqlServerStore({ target: database.target, poolTimeoutSeconds: 30 });
  const stepSeconds = (days * 86_400) / rows;
  const batch = 10_000;
  for (let from = 0; from < rows; from += batch) {
    await database.query(`WITH digits AS (SELECT d FROM (VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)) AS v(d)),
      numbers AS (SELECT ${from} + a.d + 10*b.d + 100*c.d + 1000*e.d AS n
        FROM digits a CROSS JOIN digits b CROSS JOIN digits c CROSS JOIN digits e)
      INSERT INTO job_execution_history_V2 (job_id, job_name, status, start_time, end_time, duration_seconds, output,
        return_code, retry_count, max_retries, metadata, trigger_type)
      SELECT 'job_' + RIGHT('000' + CAST((n * 19) % ${jobs} AS nvarchar(10)), 4), 'Job',
        CASE WHEN n % 30 = 0 THEN 'failed' ELSE 'success' END,
        DATEADD(second, CAST(n * ${stepSeconds} AS int), DATEADD(day, -${days}, GETUTCDATE())), GETUTCDATE(), 1,
        REPLICATE('output ', 40), 0, 0, 3, '{}', 'schedule'
      FROM numbers WHERE n < ${Math.min(rows, from + batch)}`);
  }
  const close = async () => {
    await store.close();
    await database.drop();
  };
  return { name: 'sql_server', store, close };
}

/** The embedded store, and the one on SQL Server where there is one. */
export async function openStores(folder: string, rows: number): Promise<FilledStore[]> {
  const stores = [await embedded(folder, rows)];
  if (sqlServerTarget()) stores.push(await sqlServer(rows));
  return stores;
}
