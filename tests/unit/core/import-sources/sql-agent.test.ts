import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { proveFireTimes } from '../../../../src-main/core/import-sources/proof';
import { convertAgentJobs } from '../../../../src-main/core/import-sources/sql-agent/convert-agent-jobs';
import { readMsdb } from '../../../../src-main/core/import-sources/sql-agent/read-msdb';
import { readAgentScript } from '../../../../src-main/core/import-sources/sql-agent/read-script';
import {
  type SqlClient,
  SqlError,
  type SqlTarget,
  type SqlValue,
} from '../../../../src-main/core/ports/sql-client';
import { createTrigger } from '../../../../src-main/core/schedule/trigger';
import { formatJobDocument, parseJobDocument } from '../../../../src-shared/job-document';
import { parseSchedule } from '../../../../src-shared/schedule/parse-schedule';
import { realTypes } from '../../../support/real-types';

const now = Date.parse('2026-02-20T00:00:00Z');
const zone = 'America/New_York';

const convert = (sql: string, { timezone = zone, steps_connection = undefined as string | undefined } = {}) =>
  convertAgentJobs(readAgentScript(sql), {
    timezone: undefined,
    defaultTimezone: timezone,
    steps_connection,
  });
const only = (sql: string, options = {}) => {
  const [job] = convert(sql, options).jobs;
  if (!job) throw new Error('no job');
  return job;
};
const step =
  "EXEC msdb.dbo.sp_add_jobstep @job_name=N'J', @step_name=N'one', @command=N'SELECT 1', @database_name=N'db'";
const withSchedule = (args: string, steps = step) =>
  `EXEC msdb.dbo.sp_add_job @job_name=N'J'\n${steps}\nEXEC msdb.dbo.sp_add_jobschedule @job_name=N'J', @name=N'S', ${args}\nEXEC msdb.dbo.sp_add_jobserver @job_name=N'J'\nGO\n`;
const proofOf = (args: string, timezone = zone) => {
  const job = only(withSchedule(args), { timezone });
  const { schedule } = job.definition;
  const reading = schedule && parseSchedule(schedule, 'schedule');
  expect(reading?.issues ?? []).toEqual([]);
  return proveFireTimes(
    job.fireTimes,
    reading?.parsed && createTrigger(reading.parsed, { defaultTimezone: timezone, anchor: now }),
    { from: now, count: 100, timezone },
  );
};

describe('A job of SQL Server Agent', () => {
  it.each([
    ['once', '@freq_type=1, @active_start_date=20260301, @active_start_time=80000', 1],
    ['daily', '@freq_type=4, @freq_interval=1, @active_start_date=20260105, @active_start_time=13005', 100],
    [
      'daily in the hour that a clock change skips',
      '@freq_type=4, @freq_interval=1, @active_start_time=23000',
      100,
    ],
    [
      'daily until an end',
      '@freq_type=4, @freq_interval=1, @active_end_date=20260401, @active_start_time=80000',
      40,
    ],
    ['weekly', '@freq_type=8, @freq_interval=65, @freq_recurrence_factor=1, @active_start_time=200000', 100],
    ['monthly', '@freq_type=16, @freq_interval=31, @freq_recurrence_factor=1', 100],
    [
      'every third month',
      '@freq_type=16, @freq_interval=15, @freq_recurrence_factor=3, @active_start_date=20251120',
      100,
    ],
    [
      'every 15 minutes',
      '@freq_type=4, @freq_interval=1, @freq_subday_type=4, @freq_subday_interval=15',
      100,
    ],
    [
      'every 10 seconds',
      '@freq_type=4, @freq_interval=1, @freq_subday_type=2, @freq_subday_interval=10',
      100,
    ],
    [
      'every 2 hours from 8 to 18',
      '@freq_type=8, @freq_interval=62, @freq_recurrence_factor=1, @freq_subday_type=8, @freq_subday_interval=2, @active_start_time=80000, @active_end_time=180000',
      100,
    ],
    [
      'every 45 minutes from 22:10 to 3',
      '@freq_type=4, @freq_interval=1, @freq_subday_type=4, @freq_subday_interval=45, @active_start_time=221000, @active_end_time=30000',
      100,
    ],
    [
      'hourly in the nights behind Friday',
      '@freq_type=8, @freq_interval=32, @freq_recurrence_factor=1, @freq_subday_type=8, @freq_subday_interval=1, @active_start_time=200000, @active_end_time=60000',
      100,
    ],
    ...['first', 'second', 'third', 'fourth', 'last'].flatMap((word, index) =>
      [
        ['Tuesday', 3],
        ['day', 8],
        ['weekday', 9],
        ['weekend day', 10],
      ].map(([kind, interval]): [string, string, number] => [
        `on the ${word} ${kind} of the month`,
        `@freq_type=32, @freq_interval=${interval}, @freq_relative_interval=${2 ** index}, @freq_recurrence_factor=1, @active_start_time=60000`,
        100,
      ]),
    ),
    [
      'on the last weekday of every second month',
      '@freq_type=32, @freq_interval=9, @freq_relative_interval=16, @freq_recurrence_factor=2, @active_start_date=20260201',
      100,
    ],
  ])('fires here when Agent fires, clock changes among it: %s', (_, args, least) => {
    const proof = proofOf(args);
    expect(proof.slots.length).toBeGreaterThanOrEqual(least);
    expect(proof.differing).toBe(0);
  });

  it.each([
    [
      'every third day',
      '@freq_type=4, @freq_interval=3, @active_start_date=20260105, @active_start_time=70000',
    ],
    [
      'every third day, three times',
      '@freq_type=4, @freq_interval=3, @active_start_date=20260105, @freq_subday_type=8, @freq_subday_interval=6, @active_start_time=60000, @active_end_time=180000',
    ],
    [
      'every second week',
      '@freq_type=8, @freq_interval=73, @freq_recurrence_factor=2, @active_start_date=20260107',
    ],
  ])('fires here when Agent fires, where no clock changes: %s', (_, args) => {
    const proof = proofOf(args, 'UTC');
    expect(proof.slots.length).toBe(100);
    expect(proof.differing).toBe(0);
  });

  it('marks what a clock change makes of every third day', () => {
    expect(proofOf('@freq_type=4, @freq_interval=3, @active_start_date=20260105').differing).toBeGreaterThan(
      0,
    );
  });

  it('fires by rules of its own: the last weekday of the months of 2026', () => {
    const { fireTimes } = only(
      withSchedule('@freq_type=32, @freq_interval=9, @freq_relative_interval=16, @freq_recurrence_factor=1'),
      { timezone: 'UTC' },
    );
    const days = fireTimes?.(Date.parse('2026-01-01'), Date.parse('2027-01-01'), 20) ?? [];
    expect(days.map((at) => new Date(at).toISOString().slice(5, 10))).toEqual(
      '01-30 02-27 03-31 04-30 05-29 06-30 07-31 08-31 09-30 10-30 11-30 12-31'.split(' '),
    );
  });

  it.each([
    ['@freq_type=64', 'fires when SQL Server Agent starts: that is no time'],
    ['@freq_type=128', 'fires when the processors are idle: that is no time'],
    ['@freq_type=16, @freq_interval=1, @freq_recurrence_factor=5', 'comes every 5 months'],
    [
      '@freq_type=4, @freq_interval=2, @freq_subday_type=4, @freq_subday_interval=5',
      'comes every 2 days and 288 times on such a day',
    ],
    ['@freq_type=3', 'has freq_type 3; expected 1, 4, 8, 16, 32, 64 or 128'],
    [
      '@freq_type=4, @freq_interval=1, @active_start_date=20261350',
      'has active_start_date 20261350; expected YYYYMMDD',
    ],
  ])('says why %s has no counterpart, and is incomplete', (args, why) => {
    const job = only(withSchedule(args));
    expect(job.isIncomplete).toBe(true);
    expect(job.unmapped.join('\n')).toContain(`Schedule "S" ${why}`);
  });

  it('comes whole out of a script as SSMS writes it, with its comments, variables and line breaks', () => {
    const sql = readFileSync('tests/fixtures/sql-agent/nightly-maintenance.sql', 'utf8');
    const { jobs, notes } = convert(sql, { steps_connection: 'warehouse' });
    const [job] = jobs;
    expect(jobs).toHaveLength(1);
    expect(notes.join('\n')).not.toContain('no constant');
    expect(job).toMatchObject({
      name: 'Nightly maintenance',
      isEnabledThere: true,
      isIncomplete: false,
      definition: {
        job_type: 'steps',
        description: "Rebuilds indexes, then copies the\nbackup. It's the one that must not fail.",
        tags: ['Database Maintenance'],
        schedule: {
          type: 'cron',
          cron_params: { day_of_week: 'mon,tue,wed,thu,fri', hour: '22', minute: '30' },
        },
        notifications: {
          on_success: [{ email: ['night@example.com', 'ops@example.com'] }],
          on_failure: [{ email: ['night@example.com', 'ops@example.com'] }, { event_log: true }],
        },
        max_retries: 0,
        config: {
          steps: [
            {
              name: 'Rebuild indexes',
              type: 'sql',
              connection: { connection_id: 'warehouse' },
              query:
                "USE [Sales [2026]]];\nGO\nEXEC dbo.usp_rebuild @mode = N'online';\nGO\nPRINT 'done {{{{now}}';",
            },
            {
              type: 'command',
              on_failure: 'continue',
              command: 'robocopy',
              arguments: ['D:\\Backup files', '\\\\nas\\backup', '/MIR'],
              success_exit_codes: [1],
            },
            {
              type: 'command',
              command: 'dtexec',
              arguments: [
                '/ISSERVER',
                '\\SSISDB\\DW\\Load\\Package.dtsx',
                '/SERVER',
                'SQL01',
                '/Par',
                '$ServerOption::SYNCHRONIZED(Boolean);True',
                '/CALLERINFO',
                'SQLAGENT',
                '/REPORTING',
                'E',
              ],
            },
            { type: 'powershell', on_failure: 'continue', host: 'powershell' },
          ],
        },
      },
    });
    const told = job?.unmapped.join('\n') ?? '';
    for (const words of [
      'Schedule "Off" is disabled there; left out',
      'is tried 2 times more, every 5 minutes; a job here is tried again as a whole',
      'Step 2 "Copy backup" runs as the proxy Backup proxy there',
      'Step 2 "Copy backup" writes its output to D:\\logs\\copy.txt',
      '/X86: name the dtexec.exe of Program Files (x86)',
      'Its owner is sa',
    ])
      expect(told).toContain(words);
  });

  it('becomes a definition that is valid here', () => {
    const sql = readFileSync('tests/fixtures/sql-agent/nightly-maintenance.sql', 'utf8');
    for (const options of [{}, { steps_connection: 'warehouse' }]) {
      const yaml = formatJobDocument({
        ...only(sql, options).definition,
        job_id: 'j',
        name: 'J',
        enabled: false,
      });
      const errors = parseJobDocument(yaml, realTypes()).issues.filter(
        ({ severity }) => severity === 'error',
      );
      expect(errors).toEqual([]);
    }
  });

  it('flags tokens that Agent fills in, and leaves expressions of PowerShell alone', () => {
    const job = only(
      withSchedule(
        '@freq_type=4, @freq_interval=1',
        `EXEC sp_add_jobstep @job_name='J', @step_name='t', @command=N'PRINT N''$(ESCAPE_SQUOTE(JOBNAME)) $(DATE) $(WMI(Name)) $(Get-Date)'''`,
      ),
    );
    const told = job.unmapped.filter((text) => text.includes('is filled in'));
    expect(told.map((text) => text.slice(0, 50))).toEqual([
      'Step 1 "t" $(ESCAPE_SQUOTE(JOBNAME)) is filled in ',
      'Step 1 "t" $(DATE) is filled in by Agent: the date',
      'Step 1 "t" $(WMI(Name)) is filled in by Agent: a p',
    ]);
    expect(job.isIncomplete).toBe(true);
  });

  it.each([
    ['on_success_action=1', 'is reached only when another step fails; it is left out'],
    ['on_success_action=2', 'ends the job as a failure when it succeeds'],
    ['on_success_action=3, @on_fail_action=1', 'ends the job as a success when it fails'],
    ['on_success_action=3, @on_fail_action=4, @on_fail_step_id=3', 'goes to Step 3 "c" when it fails'],
    ['on_success_action=4, @on_success_step_id=1', 'goes back to step 1 when it succeeds'],
    ['on_success_action=4, @on_success_step_id=9', 'goes to step 9 when it succeeds, which does not exist'],
  ])('names a step that branches (%s)', (action, why) => {
    const job = only(
      `EXEC sp_add_job 'J'
       EXEC sp_add_jobstep @job_name='J', @step_name='a', @command='x', @${action}
       EXEC sp_add_jobstep @job_name='J', @step_name='b', @command='x', @on_success_action=3
       EXEC sp_add_jobstep @job_name='J', @step_name='c', @command='x'`,
    );
    expect(job.unmapped.join('\n')).toContain(why);
    expect(job.isIncomplete).toBe(true);
  });

  it('puts a placeholder that fails in the place of a subsystem that is not here', () => {
    const job = only(
      `EXEC sp_add_job 'J' EXEC sp_add_jobstep @job_name='J', @subsystem='Merge', @command='-X'`,
    );
    expect(job.definition.config).toEqual({ command: 'nothing-to-run' });
    expect(job.unmapped.join('\n')).toContain('Merge: it is an agent of replication');
  });

  it('reads schedules that were added for themselves, several jobs, and expressions', () => {
    const { jobs, notes } = convert(`
      DECLARE @j uniqueidentifier, @s int, @name nvarchar(50) = N'Job ' + N'A';
      EXEC dbo.sp_add_schedule @schedule_name = N'Nightly', @freq_type = 4, @freq_interval = 1, @schedule_id = @s OUTPUT;
      EXEC dbo.sp_add_job @job_name = @name, @job_id = @j OUTPUT, @enabled = 0;
      EXEC dbo.sp_add_job @job_name = N'B';
      EXEC dbo.sp_add_jobstep @job_id = @j, @step_name = 's', @command = N'a' + CHAR(13) + N'b', @subsystem = 'CmdExec';
      EXEC dbo.sp_attach_schedule @job_id = @j, @schedule_id = @s;
      EXEC dbo.sp_attach_schedule @job_name = N'B', @schedule_name = N'Elsewhere';
      EXEC dbo.sp_add_jobstep @job_name = N'B', @step_name = 's', @command = REPLACE(N'x', N'a, b', N''), @database_name = N'd';
      EXEC dbo.sp_add_jobserver @job_name = N'Nobody';`);
    expect(jobs.map(({ name, isEnabledThere }) => [name, isEnabledThere])).toEqual([
      ['Job A', false],
      ['B', true],
    ]);
    expect(jobs[0]?.definition.schedule).toMatchObject({ type: 'cron' });
    expect(jobs[0]?.definition.config).toMatchObject({ command: 'a' });
    expect(notes.join('\n')).toContain(
      'the schedule "Elsewhere" is not in this script; the job "B" comes without it',
    );
    expect(notes.join('\n')).toContain('line 9: @command is "REPLACE", which is no constant');
    expect(notes.join('\n')).toContain('sp_add_jobserver for a job that this script does not add');
    expect(jobs[1]?.unmapped.join('\n')).toContain('has no command');
  });

  it.each([
    ['SELECT 1', 'The script adds no job; expected calls of msdb.dbo.sp_add_job'],
    ["EXEC sp_add_job @job_name = N'x", 'line 1: the text that begins here has no end'],
    ['\n/* x', 'line 2: the comment that begins here has no end'],
    ['EXEC sp_add_job @enabled = 1', 'line 1: sp_add_job without a @job_name'],
  ])('refuses %j', (sql, why) => {
    expect(() => convert(sql)).toThrow(why);
  });
});

describe('msdb', () => {
  const target: SqlTarget = {
    driver: 'sqlserver',
    server: 's',
    port: null,
    database: 'master',
    login: { kind: 'sql', username: 'u', password: 'p' },
    encrypt: true,
    trust_server_certificate: false,
    connection_timeout_seconds: 1,
    command_timeout_seconds: 1,
    max_connections: 1,
  };
  const tables: Readonly<Record<string, readonly Readonly<Record<string, SqlValue>>[]>> = {
    'dbo.sysjobs ': [
      {
        job_id: 'A1',
        name: 'Load',
        enabled: true,
        start_step_id: 1,
        servers: 1,
        notify_level_email: 2,
        notify_email_operator_name: 'Ops',
      },
      { job_id: 'B2', name: 'Empty', enabled: 0, start_step_id: 1, servers: 0 },
    ],
    'dbo.sysjobsteps ': [
      {
        job_id: 'A1',
        step_id: 1,
        step_name: 'go',
        subsystem: 'TSQL',
        command: 'EXEC x',
        database_name: 'dw',
        on_success_action: 1,
        on_fail_action: 2,
        retry_attempts: 3,
        retry_interval: 2,
      },
    ],
    'dbo.sysjobschedules ': [
      { job_id: 'A1', name: 'n', enabled: 1, freq_type: 4, freq_interval: 1, active_start_time: 20000 },
    ],
    'dbo.sysoperators': [{ name: 'Ops', email_address: 'ops@example.com' }],
  };
  const client: Pick<SqlClient, 'run'> = {
    async run(_target, { text }, sink) {
      const [, rows = []] =
        Object.entries(tables).find(([name]) => text.includes(`FROM msdb.${name}`)) ??
        Object.entries(tables).find(([name]) => text.includes(name)) ??
        [];
      const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
      await sink.onColumns(names.map((name) => ({ name, type: 'x' })) as never);
      for (const row of rows) await sink.onRow(names.map((name) => row[name] ?? null));
    },
  };
  const read = (from: Pick<SqlClient, 'run'>, to: SqlTarget = target) =>
    readMsdb(from, 'warehouse', to, new AbortController().signal);

  it('gives the jobs of an Agent as a script of them would', async () => {
    const { jobs } = convertAgentJobs(await read(client), {
      timezone: undefined,
      defaultTimezone: zone,
      steps_connection: 'warehouse',
    });
    expect(
      jobs.map(({ name, isEnabledThere, isIncomplete }) => [name, isEnabledThere, isIncomplete]),
    ).toEqual([
      ['Load', true, false],
      ['Empty', false, true],
    ]);
    expect(jobs[0]?.definition).toMatchObject({
      job_type: 'sql',
      max_retries: 3,
      retry_delay: 120,
      notifications: { on_failure: [{ email: 'ops@example.com' }] },
      schedule: { cron_params: { hour: '2', minute: '0' } },
    });
    expect(jobs[1]?.unmapped).toContain('It is given to no server (sp_add_jobserver): there it never runs');
  });

  it('says what the server said when it refuses', async () => {
    const refusing = { run: () => Promise.reject(new SqlError('The SELECT permission was denied')) };
    await expect(read(refusing)).rejects.toThrow(
      'msdb could not be read over "warehouse": The SELECT permission was denied (its login needs SQLAgentReaderRole',
    );
    await expect(read(client, { driver: 'sqlite', file: 'x', command_timeout_seconds: 0 })).rejects.toThrow(
      'Connection "warehouse" leads to sqlite; expected one to a SQL Server',
    );
  });
});
