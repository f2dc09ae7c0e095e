import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contract } from '../../src-shared/contract/index';
import { operations } from '../../src-shared/contract/operation';
import { sharedProgram } from '../support/program';
import { tempFolder } from '../support/temp-folder';

const jobs = `version: '2.0'
jobs:
  # Ends at once.
  - id: hello
    name: Hello
    type: command
    command: node
    arguments: [-e, console.log('hello')]
    max_retries: 0
  - id: sleeper
    name: Sleeper
    type: command
    command: node
    arguments: [-e, 'console.log("asleep"); setTimeout(() => {}, 600000)']
    max_retries: 0
    tags: [slow]
  - id: loud
    name: Loud
    type: command
    command: node
    arguments: [-e, 'for (let i = 0; i < 100000; i += 1) console.log("line " + String(i).padStart(7, "0"))']
    max_retries: 0
  - id: failing
    name: Failing
    type: command
    command: node
    arguments: [-e, 'console.error("it broke"); process.exit(3)']
    max_retries: 1
    retry_delay: 0
  - id: off
    name: Off
    type: command
    enabled: false
    command: node
`;

const program = sharedProgram((folder) => {
  const config = join(folder, 'jobs.yaml');
  writeFileSync(config, jobs);
  return { dataFolder: join(folder, 'data'), config };
});
const api = (...call: Parameters<ReturnType<typeof program>['api']>) => program().api(...call);

async function run(job_id: string): Promise<string> {
  const { body } = await api('POST', `/api/jobs/${job_id}/run`);
  return body.execution_id;
}
const ended = (execution_id: string) =>
  program().until(async () => {
    const { body } = await api('GET', `/api/executions/${execution_id}`);
    return body.execution.end_time !== null && body.execution;
  }, `the end of ${execution_id}`);

describe('jobs over the API', () => {
  it('are listed, filtered, sorted and paged', async () => {
    const { status, body } = await api('GET', '/api/jobs');
    expect(status).toBe(200);
    expect(body).toMatchObject({ success: true, total: 5, limit: 100, offset: 0 });
    const ids = async (query: string) =>
      (await api('GET', `/api/jobs?${query}`)).body.jobs.map((job: { job_id: string }) => job.job_id);
    expect(await ids('sort=-job_id&limit=2&offset=1')).toEqual(['off', 'loud']);
    expect(await ids('enabled=false')).toEqual(['off']);
    expect(await ids('tag=slow')).toEqual(['sleeper']);
    expect(await ids('search=LOU')).toEqual(['loud']);
    expect(await ids('schedule=none&type=command&search=hello')).toEqual(['hello']);
    expect(await ids('type=sql')).toEqual([]);
  });

  it('are created, read, changed and deleted as the documentation says', async () => {
    const created = await api('POST', '/api/jobs', {
      name: 'New Job',
      job_type: 'command',
      command: 'node',
      schedule: { type: 'cron', cron_params: { hour: 8, minute: 30 } },
    });
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      success: true,
      job_id: expect.any(String),
      message: 'Job created successfully',
    });
    const path = `/api/jobs/${created.body.job_id}`;
    const read = (await api('GET', path)).body.job;
    expect(read).toMatchObject({
      name: 'New Job',
      job_type: 'command',
      command: 'node',
      enabled: true,
      last_execution: null,
    });
    expect(read.next_run_time).toMatch(/T08:30:00\.000Z$/);
    expect(read.yaml).toContain('name: New Job');
    expect((await api('PUT', path, { description: 'changed', schedule: null })).status).toBe(200);
    const changed = (await api('GET', path)).body.job;
    expect(changed).toMatchObject({ description: 'changed', next_run_time: null, command: 'node' });
    expect(
      (await api('PUT', `${path}?expected_modified_date=${read.modified_date}`, { description: 'x' })).status,
    ).toBe(409);
    expect((await api('DELETE', path)).body).toMatchObject({
      success: true,
      message: 'Job deleted successfully',
    });
    expect((await api('GET', path)).status).toBe(404);
  });

  it('are taken as YAML too, and keep their comments', async () => {
    const text = '# mine\nid: by_yaml\nname: By YAML   # odd spacing\ntype: command\ncommand: node\n';
    expect((await api('POST', '/api/jobs', text)).status).toBe(201);
    expect((await api('GET', '/api/jobs/by_yaml')).body.job.yaml).toBe(text);
    await api('POST', '/api/jobs/by_yaml/disable');
    expect((await api('GET', '/api/jobs/by_yaml')).body.job.yaml).toBe(`${text}enabled: false\n`);
    expect((await api('POST', '/api/jobs', text)).status).toBe(409);
    expect(
      (await api('PUT', '/api/jobs/by_yaml', { yaml: text.replace('By YAML', 'Again') })).body.job.name,
    ).toBe('Again');
    await api('DELETE', '/api/jobs/by_yaml');
  });

  it('run by hand, and leave output and history in the shapes of the documentation', async () => {
    const started = await api('POST', '/api/jobs/hello/run');
    expect(started.status).toBe(200);
    expect(started.body).toMatchObject({
      success: true,
      execution_id: expect.stringMatching(/^exec_\d+$/),
      message: 'Job execution started',
    });
    const execution = await ended(started.body.execution_id);
    expect(execution).toMatchObject({
      job_id: 'hello',
      job_name: 'Hello',
      status: 'success',
      output: 'hello\n',
      return_code: 0,
      trigger: 'manual',
      attempt: 1,
      scheduled_time: null,
    });
    const history = (await api('GET', '/api/jobs/hello/history')).body;
    expect(history).toMatchObject({ success: true, job_id: 'hello', total: 1 });
    expect(history.history[0]).toMatchObject({ execution_id: execution.execution_id, output: 'hello\n' });
    const list = (await api('GET', '/api/executions?job_id=hello&status=success')).body;
    expect(list.executions[0]).not.toHaveProperty('output');
    expect((await api('GET', '/api/jobs/hello')).body.job.last_execution.status).toBe('success');
  });

  it('are not run twice at once, nor when disabled, unless forced', async () => {
    const execution_id = await run('sleeper');
    expect((await api('POST', '/api/jobs/sleeper/run')).status).toBe(409);
    expect((await api('DELETE', '/api/jobs/sleeper')).status).toBe(409);
    const queue = (await api('GET', '/api/admin/job-queue/status')).body;
    expect(queue).toMatchObject({ success: true, status: 'busy', running: 1 });
    expect((await api('POST', `/api/executions/${execution_id}/cancel`)).body.message).toMatch(
      /processes are being ended/,
    );
    expect(await ended(execution_id)).toMatchObject({
      status: 'cancelled',
      error_message: expect.stringMatching(/^Cancelled by key:/),
    });
    expect((await api('POST', `/api/executions/${execution_id}/cancel`)).status).toBe(409);
    expect((await api('POST', '/api/jobs/off/run')).status).toBe(409);
    expect((await api('POST', '/api/jobs/off/run', { force: true })).status).toBe(200);
  });

  it('that fail say so with the last line of their errors, and try again', async () => {
    await run('failing');
    const rows = await program().until(async () => {
      const { body } = await api('GET', '/api/executions?job_id=failing&sort=execution_id');
      return body.total === 2 && body.executions[1].end_time !== null && body.executions;
    }, 'two attempts');
    expect(rows.map((row: { status: string }) => row.status)).toEqual(['retry', 'failed']);
    expect(rows[1]).toMatchObject({
      return_code: 3,
      attempt: 2,
      trigger: 'retry',
      error_message: 'node ended with exit code 3: it broke',
    });
  });

  it('give their output by byte range and from the end', async () => {
    const execution_id = await run('loud');
    const execution = await ended(execution_id);
    expect(execution.output).toContain('bytes left out here');
    const part = await api('GET', `/api/executions/${execution_id}/output?offset=${13 * 54_321}&limit=13`);
    expect(part.body).toBe('line 0054321\n');
    expect(part.headers.get('x-output-total-bytes')).toBe('1300000');
    expect((await api('GET', `/api/executions/${execution_id}/output?tail=13`)).body).toBe('line 0099999\n');
    expect((await api('GET', `/api/executions/${execution_id}/output?tail=13&offset=1`)).status).toBe(400);
  });

  it('give their output by lines, with stream and time, and find text in it', async () => {
    // The third line is written when the first two have been seen to be there: streams have no order of their own.
    const sign = join(tempFolder(), 'go');
    const script = `console.log("eins\\nZWEI"); setInterval(() => { if (!require("fs").existsSync(process.argv[1])) return; console.error("drei"); process.exit() }, 20)`;
    await api('POST', '/api/jobs', {
      job_id: 'two-streams',
      name: 'Two streams',
      job_type: 'command',
      command: 'node',
      arguments: ['-e', script, sign],
    });
    const execution_id = await run('two-streams');
    const path = `/api/executions/${execution_id}/output`;
    await program().until(
      async () => String((await api('GET', path)).body).includes('ZWEI'),
      'the first two lines',
    );
    writeFileSync(sign, '');
    await ended(execution_id);
    const all = await api('GET', `${path}/lines`);
    expect(all.body).toMatchObject({ total_lines: 3, size: 15, complete: true });
    expect(all.body.lines.map((line: { stream: string; text: string }) => [line.stream, line.text])).toEqual([
      ['stdout', 'eins'],
      ['stdout', 'ZWEI'],
      ['stderr', 'drei'],
    ]);
    expect(Date.parse(all.body.lines[2].time)).toBeGreaterThan(Date.parse(all.body.lines[0].time));
    const tail = await api('GET', `${path}/lines?tail=1`);
    expect(tail.body.lines).toMatchObject([{ line: 3, offset: 10, bytes: 4, text: 'drei', is_cut: false }]);
    expect((await api('GET', `${path}/search?text=zwei`)).body).toEqual({
      success: true,
      lines: [2],
      note: null,
      total: 1,
    });
    expect((await api('GET', `${path}/search?stream=stderr`)).body.lines).toEqual([3]);
    expect((await api('GET', `${path}/search`)).status).toBe(400);
    expect((await api('GET', `${path}/lines?tail=1&from=1`)).status).toBe(400);
  });

  it('are checked without being saved', async () => {
    const { body } = await api('POST', '/api/jobs/validate', {
      yaml: 'id: x\nname: X\ntype: command\ncommand: node\ntimout: 5\n',
    });
    expect(body).toEqual({
      success: true,
      valid: false,
      issues: [
        {
          path: 'timout',
          message: expect.stringContaining('did you mean "timeout"'),
          line: 5,
          column: 1,
          severity: 'error',
        },
      ],
    });
    expect(
      (await api('POST', '/api/jobs/validate', { yaml: 'id: x\nname: X\ntype: command\ncommand: node\n' }))
        .body.valid,
    ).toBe(true);
  });

  it('are imported all or nothing, and a dry run saves nothing', async () => {
    const good = `jobs:\n  - {id: imp_1, name: One, type: command, command: node}\n  - {id: imp_2, name: Two, type: command, command: node}\n`;
    const dry = await api('POST', '/api/jobs/import?dry_run=true', good);
    expect(dry.body).toMatchObject({ dry_run: true, created: 2, updated: 0 });
    expect((await api('GET', '/api/jobs/imp_1')).status).toBe(404);
    const bad = await api(
      'POST',
      '/api/jobs/import',
      good.replace('command: node}\n', 'command: node, timeout: never}\n'),
    );
    expect(bad.status).toBe(400);
    expect(bad.body.error.issues[0]).toMatchObject({ line: 2, severity: 'error' });
    expect((await api('GET', '/api/jobs/imp_2')).status).toBe(404);
    expect((await api('POST', '/api/jobs/import', good)).body.created).toBe(2);
    expect((await api('POST', '/api/jobs/import', good)).body.unchanged).toBe(2);
  });

  it('come from a crontab: shown with their fire times first, found again by a second import', async () => {
    const text = '# Nightly tidy\n5 3 * * * /usr/local/bin/tidy --all\n@reboot /srv/start\nnonsense here\n';
    const dry = await api('POST', '/api/import/crontab', { text, count: 3 });
    expect(dry.body).toMatchObject({
      dry_run: true,
      created: 2,
      left_out: [{ place: 'line 4' }],
      jobs: [{ job_id: 'tidy', name: 'Nightly tidy', differing: 0, incomplete: false }, { incomplete: true }],
    });
    expect(dry.body.jobs[0].fire_times).toHaveLength(3);
    expect((await api('GET', '/api/jobs/tidy')).status).toBe(404);
    const wet = { text, dry_run: false, state: 'enabled', job_ids: ['tidy'] };
    expect((await api('POST', '/api/import/crontab', wet)).body.created).toBe(1);
    expect((await api('GET', '/api/jobs/tidy')).body.job).toMatchObject({
      enabled: true,
      command: '/usr/local/bin/tidy --all',
    });
    expect((await api('POST', '/api/import/crontab', wet)).body).toMatchObject({ created: 0, unchanged: 1 });
    expect((await api('POST', '/api/import/crontab', { ...wet, state: 'disabled' })).body.updated).toBe(1);
    const refused = await api('POST', '/api/import/crontab', { text, timezone: 'Mars/Base' });
    expect(refused.body.error.message).toContain('timezone is "Mars/Base"');
  });

  it('are exported as a file that can be imported again', async () => {
    const file = await api('GET', '/api/jobs/export?ids=hello,sleeper');
    expect(file.headers.get('content-type')).toContain('yaml');
    expect(file.body).toContain('# Ends at once.');
    expect((await api('POST', '/api/jobs/import?dry_run=true', file.body)).body.unchanged).toBe(2);
    expect((await api('GET', '/api/jobs/export?ids=none')).status).toBe(404);
  });

  it('are changed many at once, each with its own answer', async () => {
    const { body } = await api('POST', '/api/jobs/bulk', {
      action: 'disable',
      job_ids: ['imp_1', 'none', 'imp_2'],
    });
    expect(body).toMatchObject({ success: false, succeeded: 2, failed: 1 });
    expect(body.results[1]).toMatchObject({ job_id: 'none', success: false, code: 'not_found' });
    expect(
      (await api('POST', '/api/jobs/bulk', { action: 'delete', job_ids: ['imp_1', 'imp_2'] })).body.success,
    ).toBe(true);
  });
});

describe('the scheduler over the API', () => {
  it('pauses, resumes, stops and starts', async () => {
    const status = async () => (await api('GET', '/api/scheduler/status')).body.status;
    expect(await status()).toBe('running');
    expect((await api('POST', '/api/scheduler/pause', { reason: 'maintenance' })).body).toMatchObject({
      success: true,
      status: 'paused',
    });
    expect((await api('POST', '/api/scheduler/start')).status).toBe(409);
    await api('POST', '/api/scheduler/resume');
    expect((await api('POST', '/api/scheduler/stop')).body.status).toBe('stopped');
    expect((await api('GET', '/api/health')).status).toBe(503);
    expect((await api('POST', '/api/scheduler/pause')).status).toBe(409);
    await api('POST', '/api/scheduler/start');
    expect(await status()).toBe('running');
  });

  it('previews a schedule', async () => {
    const timezone = 'America/New_York';
    const { body } = await api('POST', '/api/schedule/preview', {
      schedule: { type: 'cron', cron_params: { hour: 2, minute: 30 }, timezone },
      from: '2025-03-08T12:00:00Z',
      count: 2,
    });
    expect(body.slots).toEqual([
      {
        scheduled_time: '2025-03-09T07:00:00Z',
        local_time: '2025-03-09T03:00:00-04:00',
        timezone,
        note: expect.stringContaining('does not exist'),
      },
      { scheduled_time: '2025-03-10T06:30:00Z', local_time: '2025-03-10T02:30:00-04:00', timezone },
    ]);
    const bad = await api('POST', '/api/schedule/preview', {
      schedule: { type: 'cron', cron_params: { hour: 25 } },
    });
    expect(bad.status).toBe(400);
    expect(bad.body.error.message).toContain('schedule.cron_params.hour is 25; expected 0-23');
  });
});

describe('connections over the API', () => {
  it('are kept with an encrypted password that is never shown', async () => {
    const made = await api('POST', '/api/connections', {
      connection_id: 'prod',
      name: 'Production',
      server_name: 'DB01\\SQLEXPRESS',
      database_name: 'sales',
      trusted_connection: false,
      username: 'app',
      password: 'canary-password',
      encrypt: false,
    });
    expect(made.status).toBe(201);
    expect(made.body.connection).toMatchObject({
      has_password: true,
      warnings: [expect.stringContaining('encrypt is off')],
    });
    for (const path of ['/api/connections', '/api/connections/prod', '/api/audit'])
      expect(JSON.stringify((await api('GET', path)).body)).not.toContain('canary-password');
    await api('PUT', '/api/connections/prod', { name: 'Renamed' });
    expect((await api('GET', '/api/connections/prod')).body.connection).toMatchObject({
      name: 'Renamed',
      has_password: true,
    });
    expect((await api('PUT', '/api/connections/prod', { username: null })).body.error.message).toContain(
      'username',
    );
    const using = {
      job_id: 'uses',
      name: 'U',
      job_type: 'sql',
      connection: { connection_id: 'prod' },
      query: 'SELECT 1',
    };
    await api('POST', '/api/jobs', using);
    expect((await api('DELETE', '/api/connections/prod')).body.error.message).toContain('uses');
    await api('DELETE', '/api/jobs/uses');
    expect((await api('DELETE', '/api/connections/prod')).status).toBe(200);
  });

  it('to an SQLite file are tested, and used by jobs', async () => {
    const file = join(program().dataFolder, 'sample.db');
    await api('POST', '/api/connections', {
      connection_id: 'lite',
      name: 'Lite',
      database_name: file,
      driver: 'sqlite',
    });
    expect((await api('POST', '/api/connections/lite/test')).body).toMatchObject({
      success: false,
      message: expect.stringContaining('does not exist'),
    });
    await api('POST', '/api/jobs', {
      job_id: 'lite_sql',
      name: 'L',
      job_type: 'sql',
      connection: { connection_id: 'lite' },
      query: 'CREATE TABLE t (x); INSERT INTO t VALUES (5); SELECT x FROM t',
      max_retries: 0,
    });
    const execution = await ended(await run('lite_sql'));
    expect(execution).toMatchObject({
      status: 'success',
      metadata: {
        row_count: 1,
        rows_affected: 1,
        results: [
          {
            columns: [{ name: 'x', type: 'unknown' }],
            rows: [[5]],
            row_count: 1,
            column_count: 1,
            truncated: false,
          },
        ],
      },
    });
    const [listed] = (await api('GET', '/api/executions?job_id=lite_sql')).body.executions;
    expect(listed.metadata).toMatchObject({ row_count: 1 });
    expect(listed.metadata).not.toHaveProperty('results');
    expect((await api('POST', '/api/connections/lite/test')).body).toMatchObject({
      success: true,
      version: expect.stringContaining('SQLite'),
    });
    expect((await api('GET', '/api/connections/lite')).body.connection).toMatchObject({
      used_by: ['lite_sql'],
      last_test: { success: true, message: 'Connected' },
    });
  });

  it('answer a query with its first rows, and say when there are more', async () => {
    await api('POST', '/api/connections', {
      connection_id: 'asked',
      name: 'Asked',
      database_name: join(program().dataFolder, 'asked.db'),
      driver: 'sqlite',
    });
    const ask = async (body: object) => (await api('POST', '/api/connections/asked/query', body)).body;
    expect(
      await ask({
        query: 'CREATE TABLE t (x INTEGER); INSERT INTO t VALUES (1), (:two); SELECT x FROM t',
        parameters: { two: 2 },
      }),
    ).toMatchObject({
      success: true,
      results: [{ columns: [{ name: 'x', type: 'integer' }], rows: [[1], [2]], row_count: 2 }],
      rows_affected: 2,
      truncated: false,
    });
    const many = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n';
    expect(await ask({ query: many, limit: 3 })).toMatchObject({
      success: true,
      truncated: true,
      results: [{ rows: [[1], [2], [3]] }],
    });
    expect(await ask({ query: `SELECT count(*) FROM (${many})`, timeout: 1 })).toMatchObject({
      success: false,
      message: 'The query was ended after 1 s (timeout)',
    });
    expect(await ask({ query: 'SELECT * FROM nowhere' })).toMatchObject({
      success: false,
      message: 'no such table: nowhere',
      results: [],
    });
    expect((await api('POST', '/api/connections/none/query', { query: 'SELECT 1' })).status).toBe(404);
  });
});

describe('the rest of the API', () => {
  it('answers health with the four checks of the documentation', async () => {
    const { status, body } = await api('GET', '/api/health');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'healthy',
      checks: { database: true, scheduler: true, disk_space: true, memory: true },
      timestamp: expect.any(String),
    });
  });

  it('counts runs', async () => {
    const { metrics } = (await api('GET', '/api/admin/job-queue/metrics')).body;
    expect(metrics.started).toBeGreaterThan(3);
    expect(metrics.by_status.success).toBeGreaterThan(0);
    const text = (await api('GET', '/metrics')).body;
    expect(text).toMatch(/^job_executions_total\{job_name="Hello",status="success"\} \d+$/m);
    expect(text).toMatch(/^active_jobs 0$/m);
  });

  it('gives types with their schemas, and templates that are valid', async () => {
    const { job_types } = (await api('GET', '/api/job-types')).body;
    expect(job_types.map((type: { type: string }) => type.type)).toEqual([
      'sql',
      'powershell',
      'python',
      'command',
      'steps',
    ]);
    for (const type of job_types) expect(type.schema.type).toBe('object');
    const { templates } = (await api('GET', '/api/templates')).body;
    expect(templates.length).toBeGreaterThanOrEqual(4);
    for (const { yaml } of templates)
      expect((await api('POST', '/api/jobs/validate', { yaml })).body.valid).toBe(true);
  });

  it('follows its logs from an answer on, and lists their files', async () => {
    const { body: page } = await api('GET', '/api/logs?limit=1');
    await api('POST', '/api/scheduler/pause', { reason: 'followed' });
    await api('POST', '/api/scheduler/resume');
    const { body: tail } = await api(
      'GET',
      `/api/logs/tail?cursor=${page.cursor}&source=scheduler&search=followed`,
    );
    expect(tail).toMatchObject({ is_complete: true });
    expect(tail.logs[0].message).toContain('followed');
    const { body: next } = await api('GET', `/api/logs/tail?cursor=${tail.cursor}&search=followed`);
    expect(next.logs).toEqual([]);
    expect((await api('GET', '/api/logs/tail?cursor=abc-1')).body).toMatchObject({ is_complete: false });
    expect((await api('GET', '/api/logs/tail?cursor=../x')).status).toBe(400);
    const { body } = await api('GET', '/api/logs/sources');
    expect(body.sources.map((one: { source: string }) => one.source)).toContain('scheduler');
  });

  it('tells its version, its addresses and its settings with their source', async () => {
    const { body: about } = await api('GET', '/api/about');
    expect(about.addresses).toEqual([program().address]);
    expect(about.version).toMatch(/^\d+\.\d+\.\d+$/);
    const { body } = await api('GET', '/api/settings');
    expect(body.settings).toContainEqual(
      expect.objectContaining({ key: 'web.port', value: 0, source: 'option', origin: '--port' }),
    );
    expect(body.places.data_folder).toBe(program().dataFolder);
  });

  it('gives its logs, filtered', async () => {
    await run('hello');
    const logs = await program().until(async () => {
      const { body } = await api('GET', '/api/logs?source=jobs/hello&search=started');
      return body.logs.length > 0 && body.logs;
    }, 'the log of the job');
    expect(logs[0]).toMatchObject({
      level: 'info',
      source: 'jobs/hello',
      message: expect.stringMatching(/^exec_\d+ started/),
    });
    expect((await api('GET', '/api/logs?source=../../etc/passwd')).status).toBe(400);
    expect((await api('GET', '/api/logs?file=x')).status).toBe(400);
  });

  it('describes itself: every operation with its path, its role and its answers', async () => {
    const { body } = await api('GET', '/api/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    for (const { operation } of operations(contract)) {
      const path = operation.path.replace(/:([a-z_]+)/g, '{$1}');
      const described = body.paths[path]?.[operation.method.toLowerCase()];
      expect(described, path).toMatchObject({
        'x-role': operation.role,
        responses: { [operation.status ?? 200]: expect.anything() },
      });
      for (const name of path.match(/(?<=\{)[a-z_]+/g) ?? [])
        expect(described.parameters).toContainEqual(
          expect.objectContaining({ name, in: 'path', required: true }),
        );
    }
    const operationIds = Object.values(body.paths).flatMap((path) =>
      Object.values(path as object).map((one) => one.operationId),
    );
    expect(new Set(operationIds).size).toBe(operationIds.length);
  });

  it('leaves an audit row for every change, with who, what and whether it was done', async () => {
    await api('POST', '/api/jobs/hello/disable');
    await api('POST', '/api/jobs/hello/enable');
    await api('POST', '/api/jobs/none/run');
    const { audit } = (await api('GET', '/api/audit?limit=3')).body;
    expect(audit.map((row: { action: string; outcome: string }) => [row.action, row.outcome])).toEqual([
      ['jobs.run', 'refused'],
      ['jobs.enable', 'ok'],
      ['jobs.disable', 'ok'],
    ]);
    expect(audit[1]).toMatchObject({
      actor: expect.stringMatching(/^key:.+\(administrator\)$/),
      subject: 'hello',
      origin: '127.0.0.1',
    });
  });
});

describe('a request that makes no sense', () => {
  it.each<[string, string, unknown, number, RegExp]>([
    ['GET', '/api/jobs?limit=0', undefined, 400, /limit is "0"; expected at least 1/],
    ['GET', '/api/jobs?limit=1001', undefined, 400, /limit/],
    ['GET', '/api/jobs?sort=password', undefined, 400, /sort/],
    ['GET', '/api/jobs?colour=red', undefined, 400, /unknown parameter "colour"; expected .*limit, offset/],
    ['GET', '/api/executions?status=done', undefined, 400, /query\.status is "done"; expected "pending" or/],
    ['GET', '/api/jobs?lmit=5', undefined, 400, /unknown parameter "lmit"; did you mean "limit"/],
    ['GET', '/api/executions?from=yesterday', undefined, 400, /from/],
    ['GET', '/api/executions/exec_999999', undefined, 404, /exec_999999/],
    ['GET', '/api/executions/1%20or%201=1', undefined, 400, /execution_id/],
    ['GET', '/api/nothing', undefined, 404, /nothing at this address/],
    ['GET', '/api/jobs/hello/run', undefined, 405, /POST/],
    ['POST', '/api/jobs', undefined, 400, /none was sent/],
    ['POST', '/api/jobs', [], 400, /body/],
    ['POST', '/api/jobs', { name: 'x' }, 400, /type is missing; expected one of sql, powershell, python/],
    [
      'POST',
      '/api/jobs/bulk',
      { action: 'run', job_ids: [] },
      400,
      /is an empty list; expected at least 1 entry/,
    ],
    ['POST', '/api/users', { password: 'x' }, 400, /login_name is missing; expected text/],
    [
      'POST',
      '/api/calendars',
      { calendar_id: 'x', name: 'x', dates: ['2026-13-45'] },
      400,
      /"2026-13-45", which is not a date/,
    ],
    [
      'POST',
      '/api/jobs',
      { name: 'x', job_type: 'command', command: 'x', role: 'admin' },
      400,
      /unknown key "role"/,
    ],
    [
      'POST',
      '/api/jobs',
      { name: 'x', job_type: 'command', command: 'x', created_by: 'me' },
      400,
      /unknown key "created_by"/,
    ],
    ['POST', '/api/jobs/hello/run', { scheduled_for: '2020-01-01' }, 400, /unknown field "scheduled_for"/],
    ['PUT', '/api/jobs/hello', { job_id: 'other' }, 400, /can't be changed/],
    ['PUT', '/api/jobs/hello', { yaml: 'id: hello\n', name: 'x' }, 400, /yaml/],
    ['POST', '/api/jobs/bulk', { action: 'explode', job_ids: ['hello'] }, 400, /action/],
    ['POST', '/api/keys', { name: 'x', role: 'root' }, 400, /role/],
  ])('%s %s %j is refused with %d', async (method, path, body, status, message) => {
    const reply = await api(method, path, body);
    expect(reply.status).toBe(status);
    expect(reply.body.success).toBe(false);
    const { message: told, issues = [] } = reply.body.error;
    expect([told, ...issues.map((issue: { message: string }) => issue.message)].join('\n')).toMatch(message);
  });
});
