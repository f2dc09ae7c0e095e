import { AppError } from '../../../../src-shared/errors';
import { type SqlClient, SqlError, type SqlTarget, type SqlValue } from '../../ports/sql-client';
import type { AgentJob, AgentRow, AgentSource, AgentValue } from './agent-rows';
import { textOf } from './agent-rows';

/** What is asked of msdb; each query is a result of its own. SQLAgentReaderRole may read all of it. */
const queries = {
  jobs: `SELECT CONVERT(nvarchar(36), j.job_id) AS job_id, j.name, j.enabled, j.description, j.start_step_id,
  j.notify_level_eventlog, j.notify_level_email, j.notify_level_page, j.notify_level_netsend, j.delete_level,
  SUSER_SNAME(j.owner_sid) AS owner_login_name, c.name AS category_name, o.name AS notify_email_operator_name,
  (SELECT COUNT(*) FROM msdb.dbo.sysjobservers AS s WHERE s.job_id = j.job_id) AS servers
FROM msdb.dbo.sysjobs AS j
LEFT JOIN msdb.dbo.syscategories AS c ON c.category_id = j.category_id
LEFT JOIN msdb.dbo.sysoperators AS o ON o.id = j.notify_email_operator_id
ORDER BY j.name`,
  steps: `SELECT CONVERT(nvarchar(36), s.job_id) AS job_id, s.step_id, s.step_name, s.subsystem, s.command,
  s.cmdexec_success_code, s.on_success_action, s.on_success_step_id, s.on_fail_action, s.on_fail_step_id, s.server,
  s.database_name, s.database_user_name, s.retry_attempts, s.retry_interval, s.output_file_name, p.name AS proxy_name
FROM msdb.dbo.sysjobsteps AS s
LEFT JOIN msdb.dbo.sysproxies AS p ON p.proxy_id = s.proxy_id
ORDER BY s.job_id, s.step_id`,
  schedules: `SELECT CONVERT(nvarchar(36), a.job_id) AS job_id, s.name, s.enabled, s.freq_type, s.freq_interval,
  s.freq_subday_type, s.freq_subday_interval, s.freq_relative_interval, s.freq_recurrence_factor, s.active_start_date,
  s.active_end_date, s.active_start_time, s.active_end_time
FROM msdb.dbo.sysjobschedules AS a
JOIN msdb.dbo.sysschedules AS s ON s.schedule_id = a.schedule_id
ORDER BY a.job_id, s.schedule_id`,
  operators: 'SELECT name, email_address FROM msdb.dbo.sysoperators',
} as const;

/** Rows of one question; a server has some hundred jobs, and nobody has so many. */
const mostRows = 100_000;

const plain = (value: SqlValue): AgentValue => {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'bigint' ? Number(value) : String(value);
};

async function ask(
  client: Pick<SqlClient, 'run'>,
  target: SqlTarget,
  text: string,
  signal: AbortSignal,
): Promise<AgentRow[]> {
  let names: readonly string[] = [];
  const rows: AgentRow[] = [];
  await client.run(
    target,
    { kind: 'script', text, parameters: [], transaction: false },
    {
      onColumns(columns) {
        names = columns.map(({ name }) => name.toLowerCase());
      },
      onRow(values) {
        if (rows.length >= mostRows)
          throw new SqlError(`msdb holds more than ${mostRows} rows of one kind; script the jobs instead`);
        rows.push(Object.fromEntries(names.map((name, index) => [name, plain(values[index] ?? null)])));
      },
      onMessage: () => undefined,
      onRowsAffected: () => undefined,
    },
    signal,
  );
  return rows;
}

/**
 * The jobs of an Agent out of its msdb. Nothing is changed there. Throws `unavailable` with what the server said: no way
 * to it, or no right to read msdb.
 */
export async function readMsdb(
  client: Pick<SqlClient, 'run'>,
  connection_id: string,
  target: SqlTarget,
  signal: AbortSignal,
): Promise<AgentSource> {
  if (target.driver !== 'sqlserver')
    throw new AppError(
      'validation_failed',
      `Connection "${connection_id}" leads to ${target.driver}; expected one to a SQL Server, whose msdb is read`,
    );
  const rows = { jobs: [], steps: [], schedules: [], operators: [] } as Record<
    keyof typeof queries,
    AgentRow[]
  >;
  try {
    for (const name of Object.keys(queries) as (keyof typeof queries)[])
      rows[name] = await ask(client, target, queries[name], signal);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    throw new AppError(
      'unavailable',
      `msdb could not be read over "${connection_id}": ${error.message} (its login needs SQLAgentReaderRole, or SELECT on the tables of msdb)`,
      { cause: error },
    );
  }
  const ofJob = (list: readonly AgentRow[], id: string) => list.filter((row) => textOf(row, 'job_id') === id);
  const jobs = rows.jobs.map((row): AgentJob => {
    const id = textOf(row, 'job_id');
    return {
      name: textOf(row, 'name'),
      line: undefined,
      row,
      steps: ofJob(rows.steps, id),
      schedules: ofJob(rows.schedules, id),
      hasServer: Number(row.servers ?? 0) > 0,
    };
  });
  return {
    jobs,
    operators: new Map(
      rows.operators.map((row) => [textOf(row, 'name').toLowerCase(), textOf(row, 'email_address')]),
    ),
    notes: [
      `Read from msdb over "${connection_id}"`,
      ...(jobs.length === 0 ? ['There are no jobs, or none that its login may see'] : []),
    ],
  };
}
