import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src-main/adapters/persistence/sqlite/open-database';
import { type RunningProgram, runToEnd, startProgram } from '../support/program';
import { projectFolder } from '../support/real-types';
import { tempFolder } from '../support/temp-folder';

const isLinux = process.platform === 'linux';

function place(text: string): { folder: string; dataFolder: string; config: string } {
  const folder = tempFolder();
  const config = join(folder, 'jobs.yaml');
  writeFileSync(config, text);
  return { folder, dataFolder: join(folder, 'data'), config };
}
const job = (id: string, script: string, more = '') => `  - id: ${id}
    name: ${id}
    type: command
    command: node
    arguments: [-e, '${script}']
    max_retries: 0
${more}`;
const file = (...jobs: string[]) => `version: '2.0'\njobs:\n${jobs.join('')}`;
const ids = async (program: RunningProgram) =>
  (await program.api('GET', '/api/jobs?sort=job_id&limit=1000')).body.jobs.map(
    (one: { job_id: string }) => one.job_id,
  );
const finished = (program: RunningProgram, job_id: string, count = 1) =>
  program.until(async () => {
    const { body } = await program.api(
      'GET',
      `/api/executions?job_id=${job_id}&status=success,failed,cancelled,timeout,interrupted`,
    );
    return body.total >= count && body.executions;
  }, `${count} runs of ${job_id}`);

describe('the first start', () => {
  it('with the samples runs them within a minute, each in its own way', async () => {
    const folder = tempFolder();
    // The samples write beside their file, so they run in a copy.
    mkdirSync(join(folder, 'scripts'));
    copyFileSync(join(projectFolder, 'jobs', 'job_config.yaml'), join(folder, 'job_config.yaml'));
    copyFileSync(
      join(projectFolder, 'jobs', 'scripts', 'folder_report.py'),
      join(folder, 'scripts', 'folder_report.py'),
    );
    const program = await startProgram({
      dataFolder: join(folder, 'data'),
      config: join(folder, 'job_config.yaml'),
    });
    expect(await ids(program)).toHaveLength(9);
    for (const id of ['sample_orders', 'hello_command', 'hello_python', 'sample_sales_report'])
      await program.api('POST', `/api/jobs/${id}/run`).then(({ status }) => expect(status).toBe(200));
    for (const id of ['sample_orders', 'hello_command', 'hello_python'])
      expect((await finished(program, id))[0]).toMatchObject({ status: 'success' });
    await program.until(async () => {
      const { body } = await program.api('GET', '/api/executions?job_id=hello_command&trigger=schedule');
      return body.total > 0;
    }, 'a run by its schedule');
    // What will run today is the first thing asked of the scheduler's page.
    const forecast = await program.api('GET', '/api/schedule/forecast?limit=30000');
    expect(forecast.status).toBe(200);
    expect(forecast.body).toMatchObject({ truncated: false });
    expect(forecast.body.total).toBeGreaterThan(10_000);
    expect(forecast.body.runs).toHaveLength(forecast.body.total);
    await program.api('POST', '/api/jobs/sample_sales_report/run');
    await program.until(async () => readdirSync(folder).includes('exports'), 'the report');
    expect(await program.stop()).toBe(0);
  }, 120_000);

  it('makes a private key file, tells address and login link once, and the key is not shown again', async () => {
    const { dataFolder, config } = place(file());
    const first = await startProgram({ dataFolder, config });
    expect(first.printed()).toContain(`Admin key:   ${first.key}`);
    expect(first.printed()).toMatch(/Log in once: http:\/\/127\.0\.0\.1:\d+\/login\?token=[\w-]{40,}/);
    for (const name of ['admin.key', 'secret.key'])
      expect(statSync(join(dataFolder, name)).mode & 0o077).toBe(0);
    await first.stop();
    const second = await startProgram({ dataFolder, config });
    expect(second.printed()).not.toContain(second.key);
    expect(second.key).toBe(first.key);
  });

  it('with a login link lets a browser in once', async () => {
    const { dataFolder, config } = place(file());
    const program = await startProgram({ dataFolder, config });
    const link = /http:\S+login\?token=\S+/.exec(program.printed())?.[0] ?? '';
    const reply = await fetch(link, { redirect: 'manual' });
    expect(reply.status).toBe(303);
    const cookie = reply.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await fetch(`${program.address}/api/jobs`, { headers: { Cookie: cookie } })).status).toBe(200);
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(401);
    const out = await fetch(`${program.address}/api/logout`, {
      method: 'POST',
      headers: { Cookie: cookie, Origin: program.address },
    });
    expect(out.status).toBe(200);
    expect((await fetch(`${program.address}/api/jobs`, { headers: { Cookie: cookie } })).status).toBe(401);
  });

  it('loads the file of the documentation and 500 jobs beside a broken one', async () => {
    const printed = readFileSync(join(projectFolder, 'tests', 'fixtures', 'specification-jobs.yaml'), 'utf8');
    const many = Array.from({ length: 500 }, (_, index) =>
      job(`many_${index}`, '', '    schedule: {type: cron, cron_params: {hour: 3}}\n'),
    );
    const { dataFolder, config } = place(
      `${printed.trimEnd()}\n\n${many.join('')}${job('broken', '', '    timeout: never\n')}`,
    );
    const program = await startProgram({ dataFolder, config });
    expect(await ids(program)).toHaveLength(504);
    expect(program.printed()).toMatch(/jobs\.yaml:\d+:\d+ Job "broken": timeout is "never"/);
    expect((await program.api('GET', '/api/jobs/daily_sales_report')).body.job).toMatchObject({
      schedule: { type: 'cron' },
      next_run_time: null,
      disabled_reason: expect.stringContaining('Windows'),
    });
  });
});

describe('a start that can not be', () => {
  const one = file();
  it('because another copy has the data, says which, and starts after that one was killed', async () => {
    const { dataFolder, config } = place(one);
    const first = await startProgram({ dataFolder, config });
    const refused = await runToEnd({ dataFolder, config });
    expect(refused.code).toBe(1);
    expect(refused.printed).toMatch(new RegExp(`is in use by process ${first.child.pid} `));
    await first.stop('SIGKILL');
    await startProgram({ dataFolder, config });
  });

  it('because the port is taken, says so and runs nothing', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const refused = await runToEnd({ ...place(one), args: ['--port', String(port)] });
    expect(refused).toMatchObject({
      code: 1,
      printed: expect.stringContaining(`Port ${port} on 127.0.0.1 is in use`),
    });
  });

  it.each<[string, Partial<{ args: string[]; env: Record<string, string> }>, number, RegExp]>([
    ['an open address without a secret', { args: ['--host', '0.0.0.0'] }, 2, /secret_key/],
    [
      'an open address without keys',
      {
        args: ['--host', '0.0.0.0', '--no-auth'],
        env: { JOB_SCHEDULER_WEB_SECRET_KEY: 'long-enough-secret-1' },
      },
      2,
      /--no-auth works on this machine only/,
    ],
    ['an unknown option', { args: ['--prot', '1'] }, 2, /unknown option/],
    [
      'a configuration that is not there',
      { args: ['--app-config', '/nowhere.yaml'] },
      2,
      /nowhere\.yaml does not exist/,
    ],
    ['a setting that makes no sense', { env: { JOB_SCHEDULER_WEB_PORT: 'x' } }, 2, /JOB_SCHEDULER_WEB_PORT/],
    [
      'a driver that is none',
      { env: { JOB_SCHEDULER_DATABASE_CONNECTION_STRING: 'DRIVER=x;PWD=canary' } },
      2,
      /connection_string: DRIVER is "x"/,
    ],
  ])('because of %s, ends with its code and a reason', async (_what, options, code, message) => {
    const refused = await runToEnd({ ...place(one), ...options });
    expect(refused.code).toBe(code);
    expect(refused.printed).toMatch(message);
    expect(refused.printed).not.toContain('canary');
    expect(refused.printed).not.toMatch(/\n\s+at /);
  });

  it('because its data folder can not be made, says why', async () => {
    const { config } = place(one);
    const refused = await runToEnd({ config, dataFolder: '/proc/job-scheduler' });
    expect(refused).toMatchObject({ code: 1, printed: expect.stringContaining("can't be used") });
  });
});

describe('a jobs file and what is done in the program', () => {
  it('are kept apart: edits stay, deletions stay, changes of the file come in', async () => {
    const { dataFolder, config } = place(file(job('kept', '1'), job('edited', '1'), job('deleted', '1')));
    const first = await startProgram({ dataFolder, config });
    await first.api('PUT', '/api/jobs/edited', { description: 'mine' });
    await first.api('DELETE', '/api/jobs/deleted');
    await first.api('POST', '/api/jobs', {
      job_id: 'own',
      name: 'Own',
      job_type: 'command',
      command: 'node',
    });
    await first.stop();

    writeFileSync(config, file(job('kept', '2'), job('edited', '2'), job('deleted', '1'), job('added', '1')));
    const second = await startProgram({ dataFolder, config });
    expect(await ids(second)).toEqual(['added', 'edited', 'kept', 'own']);
    expect((await second.api('GET', '/api/jobs/kept')).body.job.arguments).toEqual(['-e', '2']);
    expect((await second.api('GET', '/api/jobs/edited')).body.job).toMatchObject({
      description: 'mine',
      arguments: ['-e', '1'],
      edited_in_app: true,
    });
    expect(second.printed()).toMatch(/"edited" differs in .*jobs\.yaml and was edited here/);
    await second.stop();

    writeFileSync(config, file(job('deleted', '2')));
    const third = await startProgram({ dataFolder, config });
    expect(await ids(third)).toEqual(['added', 'deleted', 'edited', 'kept', 'own']);
    await third.stop();

    writeFileSync(config, 'jobs: [\n');
    const fourth = await startProgram({ dataFolder, config });
    expect(await ids(fourth)).toHaveLength(5);
    expect(fourth.printed()).toMatch(/jobs\.yaml:\d+:\d+/);
  }, 120_000);
});

describe('a program that is killed', () => {
  it.runIf(isLinux)(
    'leaves no row unfinished and no process behind once it is started again',
    async () => {
      const { dataFolder, config } = place(
        file(job('long', 'console.log("begun"); setTimeout(() => {}, 600000)')),
      );
      const first = await startProgram({ dataFolder, config });
      const { body } = await first.api('POST', '/api/jobs/long/run');
      await first.until(
        async () =>
          (await first.api('GET', `/api/executions/${body.execution_id}/output`)).body === 'begun\n',
        'its output',
      );
      const mark = `EXECUTION_ID=${body.execution_id}`;
      const alive = () =>
        readdirSync('/proc').filter((pid) => {
          try {
            return (
              /^\d+$/.test(pid) &&
              readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`${mark}\0`) &&
              readFileSync(`/proc/${pid}/environ`, 'latin1').includes('JOB_ID=long')
            );
          } catch {
            return false;
          }
        });
      expect(alive()).toHaveLength(1);
      await first.stop('SIGKILL');
      const second = await startProgram({ dataFolder, config });
      const { execution } = (await second.api('GET', `/api/executions/${body.execution_id}`)).body;
      expect(execution).toMatchObject({
        status: 'interrupted',
        error_message: expect.stringContaining('The program ended while this ran'),
      });
      expect(execution.end_time).not.toBeNull();
      expect(alive()).toEqual([]);
    },
    120_000,
  );

  it('ten times at any moment keeps every answer it had given', async () => {
    const { dataFolder, config } = place(
      file(job('tick', '', '    schedule: {type: interval, interval_params: {seconds: 1}}\n')),
    );
    const promised: string[] = [];
    for (let round = 0; round < 10; round += 1) {
      const program = await startProgram({ dataFolder, config });
      // Counted in answers, so that a slow machine has as many of them; the moment after the last one varies.
      const answers = 3 + round * 2;
      let kill: NodeJS.Timeout | undefined;
      for (let index = 0; index < 500; index += 1) {
        if (index === answers) kill = setTimeout(() => program.child.kill('SIGKILL'), (round * 7) % 40);
        const job_id = `r${round}_${index}`;
        const reply = await program
          .api('POST', '/api/jobs', { job_id, name: job_id, job_type: 'command', command: 'node' })
          .catch(() => undefined);
        if (reply?.status !== 201) break;
        promised.push(job_id);
      }
      clearTimeout(kill);
      await program.stop('SIGKILL');
    }
    const program = await startProgram({ dataFolder, config });
    await program.stop();
    const database = openDatabase(join(dataFolder, 'job_scheduler.db'), 0);
    const stored = new Set(
      database
        .prepare('SELECT job_id FROM job_configurations')
        .all()
        .map((row) => (row as { job_id: string }).job_id),
    );
    const open = database
      .prepare("SELECT count(*) AS n FROM job_execution_history_V2 WHERE status IN ('running', 'pending')")
      .all();
    const twice = database
      .prepare(
        'SELECT slot_key FROM job_execution_history_V2 WHERE slot_key IS NOT NULL GROUP BY job_id, slot_key HAVING count(*) > 1',
      )
      .all();
    database.close();
    expect(promised.length).toBeGreaterThan(50);
    expect(promised.filter((job_id) => !stored.has(job_id))).toEqual([]);
    expect(open).toEqual([{ n: 0 }]);
    expect(twice).toEqual([]);
  }, 120_000);
});

describe('a program that is asked to stop', () => {
  it('with 20 jobs running ends them and leaves every row final', async () => {
    const { dataFolder, config } = place(
      file(
        ...Array.from({ length: 22 }, (_, index) =>
          job(`j${index}`, 'console.log("on"); setTimeout(() => {}, 600000)'),
        ),
      ),
    );
    const program = await startProgram({ dataFolder, config });
    await program.api('POST', '/api/jobs/bulk', {
      action: 'run',
      job_ids: Array.from({ length: 22 }, (_, index) => `j${index}`),
    });
    await program.until(
      async () => (await program.api('GET', '/api/admin/job-queue/status')).body.running === 20,
      '20 running',
    );
    expect(await program.stop('SIGTERM')).toBe(0);
    const database = openDatabase(join(dataFolder, 'job_scheduler.db'), 0);
    const rows = database
      .prepare('SELECT status, count(*) AS n FROM job_execution_history_V2 GROUP BY status')
      .all();
    database.close();
    expect(rows).toEqual([{ status: 'interrupted', n: 22 }]);
  }, 120_000);
});

describe('scheduler and pages in two processes', () => {
  it('work as one: the pages’ process passes on, events included', async () => {
    const { dataFolder, config } = place(file(job('hello', 'console.log(1)')));
    const scheduler = await startProgram({ dataFolder, config, mode: 'scheduler' });
    expect(scheduler.printed()).toContain('No pages are served');
    const web = await startProgram({ dataFolder, config, mode: 'web' });
    expect((await web.api('GET', '/api/scheduler/status')).body.status).toBe('running');
    const events = await fetch(`${web.address}/api/events`, { headers: { 'X-API-Key': web.key } });
    const reader = events.body?.getReader();
    await web.api('POST', '/api/jobs/hello/run');
    let seen = '';
    while (!seen.includes('execution.finished'))
      seen += new TextDecoder().decode((await reader?.read())?.value);
    await reader?.cancel();
    expect((await fetch(`${web.address}/api/jobs`)).status).toBe(401);
    expect(
      (await web.api('POST', '/api/jobs/hello/run', undefined, { Origin: 'https://evil.example' })).status,
    ).toBe(403);
    await scheduler.stop();
    expect((await web.api('GET', '/api/jobs')).status).toBe(503);
  });

  it('without a scheduler serves pages and history, and says that nothing is scheduled', async () => {
    const { dataFolder, config } = place(file(job('hello', 'console.log(1)')));
    const web = await startProgram({ dataFolder, config, mode: 'web' });
    expect(await ids(web)).toEqual(['hello']);
    expect((await web.api('GET', '/api/scheduler/status')).body.status).toBe('stopped');
    expect((await web.api('POST', '/api/scheduler/start')).status).toBe(503);
  });
});

describe('without keys', () => {
  it('everything is open on this machine, and still closed to other pages', async () => {
    const { dataFolder, config } = place(file(job('hello', 'console.log(1)')));
    const program = await startProgram({ dataFolder, config, args: ['--no-auth'] });
    expect((await fetch(`${program.address}/api/jobs`)).status).toBe(200);
    expect(
      (
        await fetch(`${program.address}/api/jobs/hello/run`, {
          method: 'POST',
          headers: { Origin: 'https://evil.example' },
        })
      ).status,
    ).toBe(403);
  });
});

describe('events', () => {
  it('are told in order, resumed after a pause, and say when too much was missed', async () => {
    const { dataFolder, config } = place(file(job('hello', 'console.log(1)')));
    const program = await startProgram({ dataFolder, config });
    const listen = async (headers: Record<string, string>, until: (text: string) => boolean, query = '') => {
      const reply = await fetch(`${program.address}/api/events${query}`, {
        headers: { 'X-API-Key': program.key, ...headers },
      });
      const reader = reply.body?.getReader();
      return async () => {
        let text = '';
        while (!until(text)) text += new TextDecoder().decode((await reader?.read())?.value);
        await reader?.cancel();
        return text;
      };
    };
    // It listens when the answer has begun: only then may something happen.
    const live = await listen({}, (text) => text.includes('event: execution.finished'), '?output=all');
    await program.api('POST', '/api/jobs/hello/run');
    const text = await live();
    const types = [...text.matchAll(/^event: (.+)$/gm)].map((match) => match[1]);
    expect(types.filter((type) => type !== 'execution.output')).toEqual([
      'execution.created',
      'execution.started',
      'execution.finished',
    ]);
    expect(text).toContain('"text":"1\\n"');
    const sequences = [...text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]));
    const first = sequences[0] ?? 0;
    const again = await listen({ 'Last-Event-ID': String(first) }, (seen) =>
      seen.includes('execution.finished'),
    );
    const resumed = await again();
    expect([...resumed.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]))).toEqual([
      first + 1,
      first + 2,
    ]);
    const unknown = await listen({ 'Last-Event-ID': '999999' }, (seen) => seen.includes('event: reload'));
    expect(await unknown()).toContain('event: reload');
  });
});
