import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { openSqliteStore } from '../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import { migrate } from '../../src-main/shells/cli/migrate';
import { sqlServerTarget } from '../support/sqlserver';
import { createTestDatabase, type TestDatabase } from '../support/sqlserver-database';
import { tempFolder } from '../support/temp-folder';

const configurations = (name: string) => `CREATE TABLE [dbo].[${name}] ([job_id] NVARCHAR(50) PRIMARY KEY,
  [name] NVARCHAR(255) NOT NULL, [job_type] NVARCHAR(50) NOT NULL, [configuration] NTEXT NOT NULL, [enabled] BIT DEFAULT 1)`;
/** As documented, and as a first version may have had it: no key, nothing required. */
const tables = [
  configurations('job_configurations'),
  configurations('job_configurations_V2'),
  `CREATE TABLE [dbo].[job_execution_history_V2] ([execution_id] BIGINT IDENTITY(1,1) PRIMARY KEY,
    [job_id] NVARCHAR(50) NOT NULL, [job_name] NVARCHAR(255) NOT NULL, [status] NVARCHAR(50) NOT NULL,
    [start_time] DATETIME NOT NULL, [end_time] DATETIME NULL, [duration_seconds] FLOAT NULL, [output] NTEXT NULL,
    [error_message] NTEXT NULL, [return_code] INT NULL, [retry_count] INT DEFAULT 0, [max_retries] INT DEFAULT 0,
    [metadata] NTEXT NULL)`,
  `CREATE TABLE [dbo].[job_execution_history] ([execution_id] BIGINT NULL, [job_id] NVARCHAR(50) NULL,
    [status] NVARCHAR(50) NULL, [start_time] DATETIME NULL)`,
  `CREATE TABLE [dbo].[user_connections] ([connection_id] NVARCHAR(100) PRIMARY KEY, [name] NVARCHAR(255) NOT NULL,
    [server_name] NVARCHAR(255) NOT NULL, [port] INT DEFAULT 1433, [database_name] NVARCHAR(255) NOT NULL,
    [trusted_connection] BIT DEFAULT 1, [username] NVARCHAR(255) NULL, [password] NVARCHAR(500) NULL,
    [encrypt] BIT DEFAULT 0, [trust_server_certificate] BIT DEFAULT 1, [is_active] BIT DEFAULT 1)`,
];
const at = `'2025-09-01T02:00:00'`;
const rows = [
  `job_configurations (job_id, name, job_type, configuration) VALUES ('load', 'Load, old', 'command', '{"command": "old"}')`,
  `job_configurations_V2 (job_id, name, job_type, configuration, enabled) VALUES
    ('load', 'Load', 'command', '{"command": "echo", "timeout": null}', 1), ('torn', 'Torn', 'command', '{"command": ', 1),
    ('foreign', 'Foreign', 'fortran', '{}', 0)`,
  `job_execution_history_V2 (job_id, job_name, status, start_time, error_message, metadata) VALUES
    ('load', 'Load', 'success', ${at}, NULL, '{"rows": 5, "results": "of its own"}'), ('load', 'Load', 'running', ${at}, 'half', 'torn {'),
    ('load', 'Load', 'exploded', ${at}, NULL, NULL)`,
  `job_execution_history_V2 (job_id, job_name, status, start_time, output)
    VALUES ('load', 'Load', 'timeout', ${at}, 'begin' + REPLICATE(CAST('x' AS nvarchar(max)), 1100000) + 'end')`,
  `job_execution_history VALUES (7, 'load', 'success', ${at}), (7, 'load', 'failed', '2025-09-02T02:00:00'),
    (NULL, 'load', 'success', ${at}), (8, NULL, 'success', ${at}), (9, 'load', NULL, ${at}), (10, 'load', 'success', NULL)`,
  `user_connections (connection_id, name, server_name, database_name, trusted_connection, username, password, port) VALUES
    ('sales', 'Sales', 'SQL1', 'sales', 0, 'etl', 'gAAAA-sealed', 1500), ('far', 'Far', 'SQL2', 'x', 1, NULL, NULL, 99999)`,
];

if (sqlServerTarget()) {
  describe('migrate from a database of the Python program', { timeout: 240_000 }, () => {
    let made: TestDatabase | undefined;
    afterAll(() => made?.drop());

    it('takes over what it can, says of the rest why not, and has nothing to do the second time', async () => {
      made = await createTestDatabase();
      for (const statement of tables) await made.query(statement);
      for (const one of rows) await made.query(`INSERT INTO ${one}`);
      const { server, database, login } = made.target;
      if (login.kind !== 'sql') throw new Error('the tests log in by name and password');
      const from = `DRIVER={ODBC Driver 17 for SQL Server};SERVER=${server};DATABASE=${database};UID=${login.username};PWD={${login.password}};Encrypt=no`;
      const data = tempFolder();
      const run = async (dryRun = false) => {
        const lines: string[] = [];
        const context = {
          programFolder: process.cwd(),
          version: '0',
          print: (line: string) => lines.push(line),
          readSecret: async () => '',
        };
        await migrate(context, { data, from, dryRun });
        return lines;
      };
      const kept = () => openSqliteStore({ file: join(data, 'job_scheduler.db') });
      const page = { limit: 50, offset: 0, sort: 'execution_id', descending: false } as const;

      expect(await run(true)).toContain('Nothing was written (--dry-run)');
      const before = await kept();
      expect([await before.executions.count({}), await before.connections.list()]).toEqual([0, []]);
      await before.close();

      const first = await run();
      for (const line of [
        'connections: 1 taken over, 0 were there, 1 not converted',
        'to be done: connection sales: its password can be opened by the old program alone; enter it again on the page Connections',
        'jobs: 1 taken over, 0 were there, 2 not converted',
        'job_execution_history: 6 executions, 2 taken over, 0 were there, 4 not converted',
        'not converted: 1 of job_execution_history: it has no execution_id',
        'not converted: 1 of job_execution_history: it has no job_id',
        'job_execution_history_V2: 4 executions, 3 taken over, 0 were there, 1 not converted',
        'not converted: 1 of job_execution_history_V2: status "exploded" is not known',
        'shortened: 1 output of job_execution_history_V2 had more than 1 MB; the beginning and the end were taken',
      ])
        expect(first).toContain(line);
      expect(first.join('\n')).toMatch(/connection far: port is 99999/);
      expect(readFileSync(join(data, 'migrated-jobs.yaml'), 'utf8')).toContain('command: echo');

      const store = await kept();
      const runs = await store.executions.list({}, page);
      expect(runs.map(({ status }) => status)).toEqual([
        'success',
        'failed',
        'success',
        'interrupted',
        'timeout',
      ]);
      expect(runs[3]?.error_message).toMatch(/^half\nIt was "running" in the history of the old program/);
      expect(runs[2]?.metadata).toMatchObject({ rows: 5, old_results: 'of its own' });
      const output = (await store.executions.get(runs[4]?.execution_id ?? 0))?.output ?? '';
      expect([output.slice(0, 6), output.slice(-4), output.length < 500_100]).toEqual([
        'beginx',
        'xend',
        true,
      ]);
      expect(await store.connections.get('sales')).toMatchObject({
        password: null,
        port: 1500,
        encrypt: false,
      });
      await store.close();

      const second = await run();
      for (const line of [
        'connections: 0 taken over, 1 were there, 1 not converted',
        'jobs: 0 taken over, 1 were there, 2 not converted',
        'job_execution_history: 6 executions, 0 taken over, 2 were there, 4 not converted',
        'job_execution_history_V2: 4 executions, 0 taken over, 3 were there, 1 not converted',
      ])
        expect(second).toContain(line);
    });
  });
} else test.skip('migrate (TEST_SQLSERVER_URL is not set)', () => undefined);
