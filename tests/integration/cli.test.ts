import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../src-main/shells/cli/program';
import type { Terminal } from '../../src-main/shells/cli/terminal';
import { sharedProgram } from '../support/program';
import { quietTerminal } from '../support/quiet-terminal';
import { tempFolder } from '../support/temp-folder';

const node = (script: string) => `command: node\n    arguments: [-e, ${JSON.stringify(script)}]`;

const jobs = `jobs:
  # counts slowly
  - id: counts
    name: Counts
    type: command
    ${node("let i=0;const t=setInterval(()=>{console.log('line '+ ++i);if(i===3)clearInterval(t)},100)")}
    max_retries: 0
  - id: stays
    name: Stays until it is ended
    type: command
    ${node("console.log('here');setInterval(()=>{},1000)")}
    max_retries: 0
  - id: fails
    name: Fails
    type: command
    ${node("console.log('attempt '+process.env.ATTEMPT+' with '+process.env.API_TOKEN);process.exit(7)")}
    environment: { API_TOKEN: '{{ secrets.door }}', PLAIN_VALUE: hidden-value }
    params: { n: { type: integer, default: 1 } }
    max_retries: 1
    retry_delay: 0
  - id: lost
    name: Lost
    type: command
    command: no-such-program
    schedule: { type: cron, cron_params: { hour: 2, minute: 0 } }
`;

const program = sharedProgram((folder) => {
  const config = join(folder, 'jobs.yaml');
  writeFileSync(config, jobs);
  return { dataFolder: join(folder, 'data'), config };
});

/** One command against the running program, found by its data folder. */
async function cli(argv: readonly string[], more: Partial<Terminal> = {}) {
  const out: Buffer[] = [];
  let err = '';
  const code = await runCli([...argv, '--data', program().dataFolder], {
    version: '1.0.0',
    programFolder: '/',
    terminal: {
      ...quietTerminal(),
      out: (text) => void out.push(Buffer.from(text as string)),
      err: (text) => {
        err += text;
      },
      ...more,
    },
  });
  const text = Buffer.concat(out).toString('utf8');
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  return { code, out: text, err, json: () => JSON.parse(text) as any };
}

describe('the command line', () => {
  it('follows a run and ends with the exit code of what ran, through its retries', async () => {
    expect(await cli(['jobs', 'run', 'counts', '--wait'])).toMatchObject({
      code: 0,
      out: 'line 1\nline 2\nline 3\n',
    });
    const secret = await cli(['secrets', 'set', 'door'], { readSecret: async () => 'open-sesame-42' });
    expect(secret.code).toBe(0);
    const failed = await cli(['jobs', 'run', 'fails', '--wait', '--params', 'n=2']);
    expect(failed).toMatchObject({ code: 7, out: 'attempt 1 with ***\nattempt 2 with ***\n' });
    expect(failed.err).toContain('it will be tried again');
  });

  it('collects an execution as a zip in which no secret stands', async () => {
    await cli(['secrets', 'set', 'door'], { readSecret: async () => 'open-sesame-42' });
    const run = (await cli(['jobs', 'run', 'fails', '--wait', '--json'])).json();
    const file = join(tempFolder(), 'bundle.zip');
    expect(await cli(['executions', 'bundle', run.execution.execution_id, '-o', file])).toMatchObject({
      code: 0,
    });
    const files = unzipSync(readFileSync(file));
    const texts = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)]));
    expect(Object.keys(texts).sort()).toEqual([
      'README.txt',
      'clock.json',
      'command.json',
      'context.json',
      'definition.yaml',
      'execution.json',
      'machine.json',
      'neighbours.json',
      'output.txt',
      'slots.json',
    ]);
    expect(texts['output.txt']).toContain('with ***');
    expect(JSON.parse(texts['command.json'] ?? '')).toMatchObject({
      command: 'node',
      environment: { API_TOKEN: '{{ secrets.door }}', PLAIN_VALUE: '***' },
      params: { n: 1 },
    });
    expect(JSON.parse(texts['context.json'] ?? '').attempts).toHaveLength(2);
    expect(Object.values(texts).join('\n')).not.toMatch(/open-sesame-42|hidden-value/);
    // A file that is there is not written over.
    expect(await cli(['executions', 'bundle', run.execution.execution_id, '-o', file])).toMatchObject({
      code: 2,
    });
  });

  it('says which jobs will fail', async () => {
    const found = await cli(['doctor']);
    expect(found.code).toBe(1);
    expect(found.out).toContain('1 job will fail within 24 hours');
    expect(found.out).toContain('The program "no-such-program" was not found on PATH');
  });

  it('shows jobs of other schedulers before it takes them in, and as what it is told', async () => {
    const file = 'tests/fixtures/sql-agent/nightly-maintenance.sql';
    const shown = await cli(['import', 'sql-agent', file, '--steps-connection', 'warehouse']);
    expect(shown).toMatchObject({ code: 0, err: expect.stringContaining('--apply saves them') });
    expect(shown.out).toMatch(
      /JOB +NAME +ACTION +THERE +HERE +MAPS +DOES NOT +FIRE TIMES\nnightly_maintenance +Nightly maintenance +created +enabled +disabled +\d+ +\d+ +same 100\n/,
    );
    expect(shown.out).toContain('  + Operator Night shift (night@example.com, ops@example.com) is told');
    expect(shown.out).toContain('  - Step 2 "Copy backup" runs as the proxy Backup proxy there');
    expect((await cli(['jobs', 'show', 'nightly_maintenance'])).code).toBe(5);
    const taken = await cli(['import', 'sql-agent', file, '--as', 'shadow', '--apply', '--json']);
    expect(taken.json()).toMatchObject({ dry_run: false, created: 1, jobs: [{ enabled: true }] });
    expect((await cli(['jobs', 'show', 'nightly_maintenance', '--yaml'])).out).toContain('shadow: true');
    expect((await cli(['next', 'nightly_maintenance', '-n', '1'])).out).toMatch(
      /shadow +In shadow: it will be recorded/,
    );
    expect((await cli(['jobs', 'remove', 'nightly_maintenance'])).code).toBe(0);

    const missing = await cli(['import', 'task-scheduler', 'nowhere.xml']);
    expect(missing).toMatchObject({ code: 2, err: expect.stringContaining("nowhere.xml can't be read") });
    expect((await cli(['import', 'sql-agent'])).err).toContain('--connection ID to read msdb');
    expect((await cli(['import', 'sql-agent', '--connection', 'nobody'])).code).toBe(5);
    const wrong = await cli(['import', 'crontab', file]);
    expect(wrong.out).toContain('Left out: line 1');
  });

  it('makes the jobs what a folder says, all of it or nothing', async () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'team'));
    const good = join(folder, 'a.yaml');
    const bad = join(folder, 'team', 'b.yaml');
    writeFileSync(good, '# the first\nid: first\nname: First\ntype: command\ncommand: node\n');
    writeFileSync(bad, 'jobs:\n  - id: second\n    name: Second\n    type: command\n    comand: node\n');
    const refused = await cli(['jobs', 'apply', folder]);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/team.b\.yaml:5:5: error: .*comand/);
    expect((await cli(['jobs', 'show', 'first'])).code).toBe(5);
    expect(await cli(['jobs', 'validate', folder])).toMatchObject({ code: 1 });

    writeFileSync(bad, 'jobs:\n  - id: second\n    name: Second\n    type: command\n    command: node\n');
    expect((await cli(['jobs', 'diff', folder, '--prune'])).out).toMatch(
      /\+ first is new[\s\S]*- counts is in no file/,
    );
    expect((await cli(['jobs', 'apply', folder, '--dry-run', '--json'])).json()).toMatchObject({
      dry_run: true,
      created: 2,
    });
    expect(await cli(['jobs', 'apply', folder])).toMatchObject({ code: 0 });
    expect((await cli(['jobs', 'show', 'first', '--yaml'])).out).toContain('# the first');
    expect(await cli(['jobs', 'diff', folder])).toMatchObject({ code: 0 });
    expect((await cli(['jobs', 'export', 'first', 'second'])).out).toContain('- id: second');
    expect(await cli(['jobs', 'disable', 'first', 'nobody'])).toMatchObject({
      code: 5,
      out: 'first: Job disabled\n',
    });
  });

  it('tells of the timetable, and of refusals, as JSON too', async () => {
    expect((await cli(['scheduler', 'pause', '--reason', 'upgrade'])).code).toBe(0);
    expect((await cli(['scheduler', 'status', '--json'])).json()).toMatchObject({ status: 'paused' });
    expect((await cli(['scheduler', 'resume'])).code).toBe(0);
    expect((await cli(['why', 'lost', '--at', '2100-01-01 03:00'])).code).toBe(0);
    expect((await cli(['next', 'lost', '-n', '2', '--json'])).json().slots).toHaveLength(2);
    const unknown = await cli(['executions', 'cancel', 'exec_999999', '--json']);
    expect(unknown.code).toBe(5);
    expect(unknown.json()).toMatchObject({ success: false, error: { code: 'not_found' } });
    const environment = { JOB_SCHEDULER_KEY: 'js_wrong_key_wrong_key' };
    expect((await cli(['jobs', 'list'], { environment })).code).toBe(4);
  });

  it('makes keys and users, whose secret stands alone on stdout, and ends them', async () => {
    const made = await cli([
      'keys',
      'create',
      'ci',
      '--role',
      'viewer',
      '--scopes',
      'jobs:read',
      '--expires-in-days',
      '9',
    ]);
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^jsk_\S+\n$/) });
    const environment = { JOB_SCHEDULER_KEY: made.out.trim() };
    expect((await cli(['jobs', 'list'], { environment })).code).toBe(0);
    expect((await cli(['jobs', 'run', 'counts'], { environment })).code).toBe(4);
    const { keys } = (await cli(['keys', 'list', '--json'])).json();
    const { key_id } = keys.find((one: { name: string }) => one.name === 'ci');
    expect((await cli(['keys', 'list'])).out).toMatch(
      new RegExp(`${key_id} +ci +viewer +jobs:read +all jobs`),
    );
    expect((await cli(['keys', 'revoke', key_id])).code).toBe(0);
    expect((await cli(['jobs', 'list'], { environment })).code).toBe(4);
    expect((await cli(['keys', 'list'])).out).not.toContain(key_id);

    const anna = await cli(['users', 'create', 'anna', '--role', 'operator', '--tags', 'night,etl']);
    expect(anna).toMatchObject({ code: 0, err: expect.stringContaining('shown this once') });
    const login = (password: string) =>
      program().api('POST', '/api/login', { username: 'anna', password }, { 'X-API-Key': '' });
    expect((await login(anna.out.trim())).status).toBe(200);
    const typed = { readSecret: async () => 'a long enough one' };
    expect((await cli(['users', 'password', 'ANNA', '--password'], typed)).out).toContain(
      'Password of "anna" set',
    );
    expect((await login(anna.out.trim())).status).toBe(401);
    expect((await cli(['users', 'change', 'anna', '--tags', 'all', '--role', 'editor'])).code).toBe(0);
    expect((await cli(['users', 'list'])).out).toMatch(/anna +editor +all jobs +enabled/);
    expect(await cli(['users', 'change', 'anna'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('Nothing to change'),
    });
    expect((await cli(['users', 'disable', 'anna'])).code).toBe(0);
    expect((await login('a long enough one')).status).toBe(401);
    expect((await cli(['users', 'remove', 'anna'])).code).toBe(0);
    expect((await cli(['users', 'remove', 'anna'])).err).toContain('There is no user "anna"');
    expect((await cli(['users', 'create', 'bob', '--role', 'god'])).code).toBe(2);
  });

  it('lets no text of a file act on the terminal, and does not drown in what is no crontab', async () => {
    const file = join(tempFolder(), 'crontab');
    writeFileSync(file, `5 1 * * * echo \x1b]0;title\x07\n${'bad\x1b[2J\x9bline\n'.repeat(50)}`);
    const shown = await cli(['import', 'crontab', file]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(shown.out + shown.err).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
    expect(shown.out).toContain('bad\uFFFD[2J');
    expect(shown.out).toContain('and 30 more left out');
    expect(shown.out).toContain('  warning: shell: true: the line runs through the shell');
    // Text that would be saved has lines nobody has seen.
    expect(shown.out).not.toMatch(/warning:.*line \d/);
  });

  it('stops following when it is told to, and the run goes on', async () => {
    const stop = new AbortController();
    const following = cli(['jobs', 'run', 'stays', '--wait'], {
      interrupted: stop.signal,
      out: () => stop.abort(),
    });
    expect(await following).toMatchObject({ code: 130, err: expect.stringContaining('goes on') });
    const { executions } = (await cli(['executions', 'list', '--json', '--job', 'stays'])).json();
    expect(executions).toMatchObject([{ status: 'running' }]);
    expect((await cli(['executions', 'cancel', executions[0].execution_id])).code).toBe(0);
  });
});
