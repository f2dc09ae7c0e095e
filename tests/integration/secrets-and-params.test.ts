import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedProgram } from '../support/program';

const canary = 'canary/"S3cret"&é+40';
const b64 = Buffer.from(canary).toString('base64');

const jobs = `jobs:
  - id: leak
    name: Leaks what it is given
    type: command
    command: node
    arguments:
      - -e
      - |
        const s = process.env.TOKEN;
        console.log('raw ' + s, JSON.stringify({ s }), encodeURIComponent(s), Buffer.from(s).toString('base64'));
        process.stdout.write('split ' + s.slice(0, 7));
        setTimeout(() => {
          console.log(s.slice(7));
          console.error('it failed with ' + s);
          process.exit(3);
        }, 300);
    environment: { TOKEN: '{{ secrets.leaky }}' }
    max_retries: 0
  - id: report
    name: Report
    type: command
    command: node
    arguments: [-e, 'console.log(JSON.stringify(process.argv.slice(1)))', '{{ params.day | yyyyMMdd }}', 'n={{ params.count }}', '{{ job_id }}/{{ execution_id }}/{{ attempt }}', '{{{{literal}}', '{{ params.text }}']
    params:
      day: { type: date, required: true }
      count: { type: integer, default: 5 }
      text: { type: string, default: none }
    max_retries: 0
  - id: files
    name: Leaves files
    type: command
    command: node
    arguments:
      - -e
      - |
        const { writeFileSync, symlinkSync, mkdirSync } = require('node:fs');
        const { join } = require('node:path');
        const folder = process.env.ARTIFACTS_DIR;
        writeFileSync(join(folder, 'Übersicht "1".html'.replaceAll('"', '')), '<script>alert(1)</script>');
        writeFileSync(join(folder, 'empty.txt'), '');
        writeFileSync(join(folder, 'big.bin'), Buffer.alloc(3000000, 7));
        symlinkSync('/etc/passwd', join(folder, 'link.txt'));
        mkdirSync(join(folder, 'inside'));
    max_retries: 0
  - id: pipeline
    name: Pipeline
    type: steps
    params: { word: { default: hello } }
    max_retries: 0
    preconditions:
      - { command_succeeds: node, arguments: [-e, 'process.exit(0)'] }
    steps:
      - { name: one, type: command, command: node, arguments: [-e, 'console.log(process.argv[1])', '{{ params.word }}'] }
      - { type: command, command: node, arguments: [-e, 'process.exit(5)'], on_failure: continue }
      - { name: slow, type: command, command: node, arguments: [-e, 'setTimeout(() => {}, 60000)'], timeout: 0.7 }
      - { name: never, type: command, command: node }
  - id: waits
    name: Needs a file
    type: command
    command: node
    preconditions: [{ file_exists: /no/such/file, on_unmet: skip }]
  - id: shelly
    name: Shell
    type: command
    shell: true
    command: 'printf "%s-%s" "$1" "$WORD" | tr a-z A-Z; cat'
    arguments: ['$(id) {{ job_id }}']
    environment: { WORD: 'w' }
    stdin: '[{{ execution_id }}]'
    max_retries: 0
  - id: other_user
    name: As somebody who is not there
    type: command
    command: node
    run_as: no-such-user-here
    max_retries: 0
  - id: other_password
    name: With a password that is not saved
    type: command
    command: node
    run_as: no-such-user-here
    run_as_password: '{{ secrets.not_saved }}'
    max_retries: 0
`;

const program = sharedProgram((folder) => {
  const config = join(folder, 'jobs.yaml');
  writeFileSync(config, jobs);
  return { dataFolder: join(folder, 'data'), config };
});
const api = (...call: Parameters<ReturnType<typeof program>['api']>) => program().api(...call);

async function run(job_id: string, body?: unknown) {
  const started = await api('POST', `/api/jobs/${job_id}/run`, body);
  expect(started.body).toMatchObject({ success: true });
  const { execution_id } = started.body;
  return program().until(async () => {
    const { body: found } = await api('GET', `/api/executions/${execution_id}`);
    return found.execution.end_time !== null && found.execution;
  }, `the end of ${execution_id}`);
}

function everyFile(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('secrets', () => {
  it('go in by name, are listed with their users, and never come out', async () => {
    const missing = await run('leak');
    expect(missing).toMatchObject({ status: 'failed' });
    expect(missing.error_message).toMatch(/There is no secret "leaky"/);

    const put = await api('PUT', '/api/secrets/leaky', { value: canary });
    expect(put).toMatchObject({ status: 200, body: { created: true, secret: { used_by: ['leak'] } } });
    const list = await api('GET', '/api/secrets');
    expect(list.body).toMatchObject({ total: 1, secrets: [{ name: 'leaky', used_by: ['leak'] }] });
    expect(JSON.stringify([put.body, list.body])).not.toContain('S3cret');
    expect((await api('DELETE', '/api/secrets/leaky')).body.error.message).toBe(
      'Secret "leaky" is used by leak',
    );
  });

  it('are masked in output, live stream, error, log and audit, however they are written', async () => {
    await api('PUT', '/api/secrets/leaky', { value: canary });
    const stop = new AbortController();
    const stream = await fetch(`${program().address}/api/events?output=all`, {
      headers: { 'X-API-Key': program().key },
      signal: stop.signal,
    });
    let live = '';
    const reading = (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of stream.body as unknown as AsyncIterable<Uint8Array>)
        live += decoder.decode(chunk, { stream: true });
    })().catch(() => undefined);
    const ran = await run('leak');
    expect(ran.status).toBe('failed');
    expect(ran.output).toMatch(/raw \*\*\* \{"s":"\*\*\*"\} \*\*\* \*\*\*\nsplit \*\*\*\n/);
    expect(ran.error_message).toBe('node ended with exit code 3: it failed with ***');
    await program().until(async () => live.includes('execution.finished'), 'the end in the live stream');
    stop.abort();
    await reading;
    const forms = [canary, b64, encodeURIComponent(canary), JSON.stringify(canary).slice(1, -1)];
    for (const form of forms) expect(live).not.toContain(form);
    const files = everyFile(program().dataFolder);
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const text = readFileSync(file, 'latin1');
      for (const form of forms) expect(text.includes(Buffer.from(form).toString('latin1')), file).toBe(false);
    }
  });

  it('are not repeated when they are refused, in the answer or in the audit', async () => {
    const refused = await api('PUT', '/api/secrets/bad', { value: 'x\0S3cret', extra: 'S3cret' });
    expect(refused.status).toBe(400);
    const number = await api('PUT', '/api/secrets/bad', { value: 4040404 });
    expect(number.status).toBe(400);
    const short = await api('PUT', '/api/secrets/bad', { value: 'z!z' });
    expect(short.body.error.message).toMatch(/at least 4 characters/);
    const audit = await api('GET', '/api/audit?limit=20');
    expect(JSON.stringify([refused.body, number.body, short.body, audit.body])).not.toMatch(
      /S3cret|4040404|z!z/,
    );
  });
});

it('a request with a secret in it still learns what is wrong with the rest', async () => {
  const { status, body } = await api('POST', '/api/users', {
    login_name: 'a b',
    role: 'god',
    name: 'canary',
  });
  expect(status).toBe(400);
  const messages = body.error.issues.map((issue: { message: string }) => issue.message);
  expect(messages).toEqual([
    expect.stringMatching(/^login_name can't be taken: expected 1-100 letters/),
    expect.stringMatching(/^role can't be taken: expected "viewer" or "operator"/),
    'unknown field "name"',
  ]);
  expect(JSON.stringify(body)).not.toContain('canary');
});

describe('params of a run', () => {
  it('reach the arguments, typed and formatted; what stands in a value is not filled again', async () => {
    const ran = await run('report', { params: { day: '2024-02-29', text: '{{ job_id }} "; id' } });
    const [line] = ran.output.split('\n');
    expect(JSON.parse(line)).toEqual([
      '20240229',
      'n=5',
      `report/${ran.execution_id}/1`,
      '{{literal}}',
      '{{ job_id }} "; id',
    ]);
    expect(ran.metadata.params).toEqual({ day: '2024-02-29', count: 5, text: '{{ job_id }} "; id' });
  });

  it.each([
    [{ params: { day: '2024-02-30' } }, /params\.day is "2024-02-30"; expected a date/],
    [{ params: { day: '2024-02-28', cuont: 1 } }, /unknown param "cuont" \(1\); did you mean "count"/],
    [{ params: { day: '2024-02-28', count: '1' } }, /params\.count is "1"; expected a whole number/],
    [{}, /params\.day is missing/],
    [undefined, /params\.day is missing/],
    [{ params: { day: ['x'] } }, /params\.day is a list/],
  ])('%j is refused, and nothing runs', async (body, message) => {
    const before = (await api('GET', '/api/executions')).body.total;
    const refused = await api('POST', '/api/jobs/report/run', body);
    expect(refused.status).toBe(400);
    expect(refused.body.error.message).toMatch(message);
    expect((await api('GET', '/api/executions')).body.total).toBe(before);
  });
});

describe('a run', () => {
  it('of steps goes on or stops as each step says, with the result of each', async () => {
    const ran = await run('pipeline', { params: { word: 'hi' } });
    expect(ran).toMatchObject({ status: 'failed', error_message: 'slow: timed out after 0.7 seconds' });
    expect(ran.metadata.steps).toMatchObject([
      { name: 'one', status: 'success', return_code: 0 },
      { name: 'step 2', status: 'failed', return_code: 5 },
      { name: 'slow', status: 'timeout' },
      { name: 'never', status: 'not_run' },
    ]);
    expect(ran.output).toMatch(/=== 1\/4: one \(command\) ===\nhi\n=== one: success ===\n=== 2\/4/);
  });

  it('is skipped where a precondition says so', async () => {
    expect(await run('waits')).toMatchObject({
      status: 'skipped',
      error_message: expect.stringMatching(/there is no file \/no\/such\/file/),
    });
  });

  it('through the shell is one where it was asked for, and lists and audit say so', async () => {
    const ran = await run('shelly');
    expect(ran.output).toBe(`Through the shell (shell: true)\n$(ID) SHELLY-W[${ran.execution_id}]`);
    const { body } = await api('GET', '/api/jobs/shelly');
    expect(body.job.uses_shell).toBe(true);
    expect((await api('GET', '/api/jobs/report')).body.job.uses_shell).toBe(false);
    await api('PUT', '/api/jobs/shelly', { description: 'changed' });
    const audit = await api('GET', '/api/audit?limit=1');
    expect(audit.body.audit[0].details.notes).toEqual(['shelly runs through the shell (shell: true)']);
  });

  it('as a user that can not be become does not run at all', async () => {
    expect(await run('other_user')).toMatchObject({
      status: 'failed',
      error_message: 'run_as "no-such-user-here": there is no such user on this system',
      metadata: { spawn_error: 'RUN_AS' },
    });
  });

  it('with the password of another account needs that secret, which is known to be used', async () => {
    expect(await run('other_password')).toMatchObject({
      status: 'failed',
      error_message: expect.stringMatching(/^run_as_password: There is no secret "not_saved"/),
    });
    await api('PUT', '/api/secrets/not_saved', { value: 'pass-word-1' });
    const { body } = await api('GET', '/api/secrets');
    expect(body.secrets).toContainEqual(
      expect.objectContaining({ name: 'not_saved', used_by: ['other_password'] }),
    );
    expect(await run('other_password')).toMatchObject({ metadata: { spawn_error: 'RUN_AS' } });
    const lonely = await api('PUT', '/api/jobs/report', { run_as_password: '{{ secrets.not_saved }}' });
    expect(JSON.stringify(lonely.body)).toContain('run_as_password has no run_as');
    const plain = await api('PUT', '/api/jobs/other_password', { run_as_password: 'pass-word-1' });
    expect(JSON.stringify(plain.body)).toContain('must be a secret by its name');
  });

  it('shows the definition that it ran', async () => {
    const ran = await run('report', { params: { day: '2024-02-29' } });
    const before = await api('GET', `/api/executions/${ran.execution_id}/definition`);
    expect(before.body).toMatchObject({
      job_id: 'report',
      is_current: true,
      configuration: { name: 'Report' },
    });
    expect(before.body.yaml).toContain('{{ params.day | yyyyMMdd }}');
    await api('PUT', '/api/jobs/report', { name: 'Renamed' });
    const after = await api('GET', `/api/executions/${ran.execution_id}/definition`);
    expect(after.body).toMatchObject({ is_current: false, configuration: { name: 'Report' } });
  });
});

describe('artifacts', () => {
  it('are the plain files a run left in ARTIFACTS_DIR: listed, and downloaded as attachments', async () => {
    const ran = await run('files');
    expect(ran).toMatchObject({ status: 'success', metadata: { artifacts: 3 } });
    const base = `/api/executions/${ran.execution_id}/artifacts`;
    const { body } = await api('GET', base);
    expect(body.artifacts.map(({ name, bytes }: { name: string; bytes: number }) => [name, bytes])).toEqual([
      ['big.bin', 3_000_000],
      ['empty.txt', 0],
      ['Übersicht 1.html', 25],
    ]);
    const page = await api('GET', `${base}/${encodeURIComponent('Übersicht 1.html')}`);
    expect(page.body).toBe('<script>alert(1)</script>');
    expect(page.headers.get('content-type')).toBe('application/octet-stream');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('content-disposition')).toBe(
      `attachment; filename="_bersicht 1.html"; filename*=UTF-8''%C3%9Cbersicht%201.html`,
    );
    expect((await api('GET', `${base}/big.bin`)).body).toHaveLength(3_000_000);
    expect((await api('GET', `${base}/empty.txt`)).body).toBe('');
    for (const name of ['link.txt', 'inside', 'none.txt']) {
      expect((await api('GET', `${base}/${name}`)).status).toBe(404);
    }
    for (const name of ['..%2f..%2fsecret.key', 'a%5cb', 'x%00', 'con'])
      expect([400, 404]).toContain((await api('GET', `${base}/${name}`)).status);
  });

  it('leave no empty folder behind', async () => {
    const ran = await run('report', { params: { day: '2024-02-29' } });
    expect((await api('GET', `/api/executions/${ran.execution_id}/artifacts`)).body.artifacts).toEqual([]);
    const folder = join(program().dataFolder, 'artifacts', '0', ran.execution_id);
    expect(statSync(folder, { throwIfNoEntry: false })).toBeUndefined();
  });
});
