// The stores that history.mjs and retention.mjs measure, filled with the same history; built for them.
import { join } from 'node:path';
import { openDatabase } from '../../src-main/adapters/persistence/sqlite/open-database';
import { openSqliteStore } from '../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import { openSqlServerStore } from '../../src-main/adapters/persistence/sqlserver/open-sqlserver-store';
import type { Store } from '../../src-main/core/ports/store';
import { sqlServerTarget } from '../support/sqlserver';
import { createTestDatabase } from '../support/sqlserver-database';

export { createRetention } from '../../src-main/core/run/retention';

interface FilledStore {
  readonly name: string;
  readonly store: Store;
  readonly fillSeconds: number;
  /** A second program's way into the same database. */
  another(): Promise<Store>;
  close(): Promise<void>;
}

export const jobs = 500;
/** The rows lie over the last 90 days. */
const days = 90;
export const commonMessage = 'Login failed for user etl';
export const rareMessage = 'The disk of the archive is full';
const types = ['command', 'python', 'powershell', 'sql'];
const jobColumns = 'job_id, name, job_type, configuration, enabled';
const columns = `job_id, job_name, status, start_time, end_time, duration_seconds, output, error_message, return_code,
  retry_count, max_retries, metadata, scheduled_time, trigger_type`;

// Values of row `n`, in the words that both engines have: one in thirty fails, some are missed, one in twenty is manual.
const status = `CASE WHEN n % 30 = 0 THEN 'failed' WHEN n % 97 = 1 THEN 'missed' WHEN n % 211 = 2 THEN 'timeout' ELSE 'success' END`;
const message = `CASE WHEN n % 50010 = 0 THEN '${rareMessage}' WHEN n % 30 = 0 THEN '${commonMessage}'
  WHEN n % 97 = 1 THEN 'The computer was asleep' WHEN n % 211 = 2 THEN 'Ended after its timeout' ELSE NULL END`;
const trigger = `CASE WHEN n % 20 = 7 THEN 'manual' ELSE 'schedule' END`;
/** Seconds, unlike from row to row. */
const seconds = '1 + (n * 37) % 900';

const jobRow = (index: number) => {
  const id = `job_${String(index).padStart(4, '0')}`;
  return `('${id}', 'Job of the night ${index}', '${types[index % types.length]}', '{}', 1)`;
};

async function embedded(folder: string, rows: number): Promise<FilledStore> {
  const started = performance.now();
  const file = join(folder, 'history.db');
  await (await openSqliteStore({ file })).close();
  const database = openDatabase(file, 5000);
  const stepSeconds = (days * 86_400) / rows;
  const begin = Math.floor(Date.now() / 1000) - days * 86_400;
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; BEGIN');
  database.exec(
    `INSERT INTO job_configurations (${jobColumns}) VALUES ${Array.from({ length: jobs }, (_, index) => jobRow(index))}`,
  );
  const at = (value: string) => `strftime('%Y-%m-%dT%H:%M:%fZ', ${value}, 'unixepoch')`;
  const start = `${begin} + n * ${stepSeconds}`;
  database.exec(
    `WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ${rows}),
       runs AS (SELECT n, printf('job_%04d', (n * 7919) % ${jobs}) AS job_id, (n * 7919) % ${jobs} AS job FROM numbers)
     INSERT INTO job_execution_history_V2 (${columns})
     SELECT job_id, 'Job of the night ' || job, ${status}, ${at(start)}, ${at(`${start} + ${seconds}`)}, ${seconds},
       '${'output '.repeat(40)}', ${message}, 0, 0, 3, '{}', ${at(start)}, ${trigger} FROM runs`,
  );
  database.exec('COMMIT');
  database.close();
  const open = () => openSqliteStore({ file });
  const store = await open();
  return {
    name: 'embedded',
    store,
    fillSeconds: Math.round((performance.now() - started) / 1000),
    another: open,
    close: () => store.close(),
  };
}

async function sqlServer(rows: number): Promise<FilledStore> {
  const started = performance.now();
  const database = await createTestDatabase();
  const open = () => openSqlServerStore({ target: database.target, poolTimeoutSeconds: 30 });
  const store = await open();
  await database.query(
    `INSERT INTO job_configurations (${jobColumns}) VALUES ${Array.from({ length: jobs }, (_, index) => jobRow(index))}`,
  );
  const stepMs = (days * 86_400_000) / rows;
  const begin = new Date(Date.now() - days * 86_400_000).toISOString().slice(0, -1);
  const batch = Math.min(rows, 50_000);
  const digits = 'SELECT d FROM (VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)) AS v(d)';
  // Days and milliseconds apart: a million rows' milliseconds are more than DATEADD's int holds.
  const start = `DATEADD(millisecond, CAST(n * ${stepMs} AS bigint) % 86400000,
    DATEADD(day, CAST(n * ${stepMs} AS bigint) / 86400000, CAST('${begin}' AS datetime)))`;
  for (let from = 0; from < rows; from += batch) {
    await database.query(`WITH digits AS (${digits}),
      numbers AS (SELECT CAST(${from} + a.d + 10*b.d + 100*c.d + 1000*e.d + 10000*f.d AS bigint) AS n
        FROM digits a CROSS JOIN digits b CROSS JOIN digits c CROSS JOIN digits e CROSS JOIN digits f),
      runs AS (SELECT n, CAST((n * 7919) % ${jobs} AS nvarchar(10)) AS job, ${start} AS start_time FROM numbers
        WHERE n < ${Math.min(rows, from + batch)})
      INSERT INTO job_execution_history_V2 (${columns})
      SELECT 'job_' + RIGHT('000' + job, 4), 'Job of the night ' + job, ${status}, start_time,
        DATEADD(second, CAST(${seconds} AS int), start_time), ${seconds}, REPLICATE('output ', 40), ${message}, 0, 0, 3,
        '{}', start_time, ${trigger}
      FROM runs`);
  }
  const close = async () => {
    await store.close();
    await database.drop();
  };
  return {
    name: 'sql_server',
    store,
    fillSeconds: Math.round((performance.now() - started) / 1000),
    another: open,
    close,
  };
}

/** The embedded store, and the one on SQL Server where there is one; each is filled when its turn comes. */
export async function* openStores(folder: string, rows: number, only?: string): AsyncGenerator<FilledStore> {
  if (only !== 'sql_server') yield await embedded(folder, rows);
  if (only !== 'embedded' && sqlServerTarget()) yield await sqlServer(rows);
}
