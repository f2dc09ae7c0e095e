import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectServer, type ServerPool } from '../../src-main/adapters/persistence/sqlserver/connect';
import { createSqlServerClient } from '../../src-main/adapters/sql/sqlserver/sqlserver-client';
import { convertAgentJobs } from '../../src-main/core/import-sources/sql-agent/convert-agent-jobs';
import { readMsdb } from '../../src-main/core/import-sources/sql-agent/read-msdb';
import { sqlServerTarget } from '../support/sqlserver';

const server = sqlServerTarget();
const limits = { connectMs: 15_000, requestMs: 60_000, acquireMs: 30_000, max: 2 };

/** The tables of an Agent as its documentation has them (dbo.sysjobs and the others), where the server has none. */
const tables: Readonly<Record<string, string>> = {
  syscategories:
    'category_id int NOT NULL, category_class int NOT NULL, category_type tinyint NOT NULL, name sysname NOT NULL',
  sysoperators:
    'id int NOT NULL, name sysname NOT NULL, enabled tinyint NOT NULL, email_address nvarchar(100) NULL',
  sysproxies:
    'proxy_id int NOT NULL, name sysname NOT NULL, credential_id int NOT NULL, enabled tinyint NOT NULL',
  sysjobs: `job_id uniqueidentifier NOT NULL, originating_server_id int NOT NULL, name sysname NOT NULL, enabled tinyint NOT NULL,
    description nvarchar(512) NULL, start_step_id int NOT NULL, category_id int NOT NULL, owner_sid varbinary(85) NOT NULL,
    notify_level_eventlog int NOT NULL, notify_level_email int NOT NULL, notify_level_netsend int NOT NULL,
    notify_level_page int NOT NULL, notify_email_operator_id int NOT NULL, delete_level int NOT NULL`,
  sysjobsteps: `job_id uniqueidentifier NOT NULL, step_id int NOT NULL, step_name sysname NOT NULL, subsystem nvarchar(40) NOT NULL,
    command nvarchar(max) NULL, flags int NOT NULL, cmdexec_success_code int NOT NULL, on_success_action tinyint NOT NULL,
    on_success_step_id int NOT NULL, on_fail_action tinyint NOT NULL, on_fail_step_id int NOT NULL, server sysname NULL,
    database_name sysname NULL, database_user_name sysname NULL, retry_attempts int NOT NULL, retry_interval int NOT NULL,
    output_file_name nvarchar(200) NULL, proxy_id int NULL`,
  sysjobservers: 'job_id uniqueidentifier NOT NULL, server_id int NOT NULL',
  sysschedules: `schedule_id int NOT NULL, name sysname NOT NULL, enabled int NOT NULL, freq_type int NOT NULL, freq_interval int NOT NULL,
    freq_subday_type int NOT NULL, freq_subday_interval int NOT NULL, freq_relative_interval int NOT NULL,
    freq_recurrence_factor int NOT NULL, active_start_date int NOT NULL, active_end_date int NOT NULL,
    active_start_time int NOT NULL, active_end_time int NOT NULL`,
  sysjobschedules:
    'schedule_id int NOT NULL, job_id uniqueidentifier NOT NULL, next_run_date int NOT NULL, next_run_time int NOT NULL',
};

const load = '6F9619FF-8B86-D011-B42D-00C04FC964FF';
const idle = '7F9619FF-8B86-D011-B42D-00C04FC964FF';
const step = (id: number, name: string, subsystem: string, command: string, rest: string) =>
  `INSERT INTO dbo.sysjobsteps (job_id, step_id, step_name, subsystem, command, flags, cmdexec_success_code, on_success_action,
    on_success_step_id, on_fail_action, on_fail_step_id, database_name, retry_attempts, retry_interval, proxy_id)
  VALUES ('${load}', ${id}, N'${name}', N'${subsystem}', N'${command}', 0, ${rest})`;
const rows = [
  `INSERT INTO dbo.syscategories VALUES (0, 1, 1, N'[Uncategorized (Local)]')`,
  `INSERT INTO dbo.sysoperators VALUES (1, N'DBA ö', 1, N'dba@company.com')`,
  `INSERT INTO dbo.sysproxies VALUES (4, N'ETL proxy', 1, 1)`,
  `INSERT INTO dbo.sysjobs VALUES ('${load}', 0, N'O''Brien''s load [é]', 1, N'two\nlines', 1, 0, 0x01, 2, 2, 0, 0, 1, 0)`,
  `INSERT INTO dbo.sysjobs VALUES ('${idle}', 0, N'When idle', 0, NULL, 1, 0, 0x01, 0, 0, 0, 0, 0, 0)`,
  step(1, 'stage', 'TSQL', `EXEC dbo.Stage @day = ''today''`, `0, 3, 0, 2, 0, N'warehouse', 3, 2, NULL`),
  step(2, 'copy', 'CmdExec', 'robocopy C:\\in D:\\out /E', `1, 1, 0, 2, 0, NULL, 0, 0, 4`),
  `INSERT INTO dbo.sysjobservers VALUES ('${load}', 0)`,
  `INSERT INTO dbo.sysschedules VALUES (7, N'Weekdays', 1, 8, 62, 1, 0, 0, 1, 20260105, 99991231, 63000, 235959)`,
  `INSERT INTO dbo.sysschedules VALUES (8, N'Idle', 1, 128, 0, 0, 0, 0, 0, 20260105, 99991231, 0, 235959)`,
  `INSERT INTO dbo.sysjobschedules VALUES (7, '${load}', 0, 0)`,
  `INSERT INTO dbo.sysjobschedules VALUES (8, '${idle}', 0, 0)`,
];

describe.skipIf(!server)('msdb, read over a real connection', () => {
  let msdb: ServerPool | undefined;
  let made: readonly string[] = [];
  const ask = (text: string) => msdb?.pool.request().query(text);

  beforeAll(async () => {
    if (!server) return;
    msdb = await connectServer({ ...server, database: 'msdb' }, limits);
    const found = await ask(`SELECT OBJECT_ID('dbo.sysjobs') AS there`);
    // An Agent that is really there is read as it is: its jobs are somebody's.
    if (found?.recordset[0]?.there !== null) return;
    made = Object.keys(tables);
    for (const [name, columns] of Object.entries(tables)) await ask(`CREATE TABLE dbo.${name} (${columns})`);
    for (const row of rows) await ask(row);
  });
  afterAll(async () => {
    for (const name of made) await ask(`DROP TABLE dbo.${name}`);
    await msdb?.pool.close();
  });

  it('gives the jobs there, as a script of them would', async () => {
    if (!server) return;
    const client = createSqlServerClient();
    try {
      const source = await readMsdb(
        client,
        'warehouse',
        { ...server, database: 'master' },
        AbortSignal.timeout(30_000),
      );
      expect(source.notes[0]).toBe('Read from msdb over "warehouse"');
      const { jobs } = convertAgentJobs(source, {
        timezone: 'Europe/Berlin',
        defaultTimezone: 'UTC',
        steps_connection: 'warehouse',
      });
      expect(jobs).toHaveLength(source.jobs.length);
      if (made.length === 0) return;
      expect(jobs.map(({ name, isEnabledThere }) => [name, isEnabledThere])).toEqual([
        ["O'Brien's load [é]", true],
        ['When idle', false],
      ]);
      const [first, second] = jobs;
      expect(first?.definition).toMatchObject({
        description: 'two\nlines',
        job_type: 'steps',
        notifications: { on_failure: [{ email: 'dba@company.com' }, { event_log: true }] },
        schedule: { cron_params: { hour: '6', minute: '30', day_of_week: 'mon,tue,wed,thu,fri' } },
        config: {
          steps: [
            { name: 'stage', type: 'sql', query: expect.stringContaining("EXEC dbo.Stage @day = 'today'") },
            { name: 'copy', type: 'command', command: 'robocopy', success_exit_codes: [1] },
          ],
        },
      });
      expect(first?.unmapped.join('\n')).toMatch(/ETL proxy/);
      expect(second?.unmapped.join('\n')).toMatch(/processors are idle/);
    } finally {
      await client.close();
    }
  });
});
