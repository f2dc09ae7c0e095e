import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src-main/adapters/persistence/sqlite/open-database';
import { contract } from '../../src-shared/contract/index';
import { operations } from '../../src-shared/contract/operation';
import { scopeOf, scopesPermit } from '../../src-shared/model/scope';
import { programFile, sharedProgram } from '../support/program';

const quiet = "command: node\n    arguments: [-e, '']\n    max_retries: 0";
const program = sharedProgram((folder) => {
  const config = join(folder, 'jobs.yaml');
  writeFileSync(
    config,
    `jobs:
  - id: night
    type: command
    tags: [night]
    ${quiet}
  - id: day
    type: command
    tags: [day]
    ${quiet}
`,
  );
  return { dataFolder: join(folder, 'data'), config };
});
const api = (...call: Parameters<ReturnType<typeof program>['api']>) => program().api(...call);
const password = 'four words of mine';
const cli = programFile.replace(/headless\.js$/, 'cli.js');

async function makeUser(login_name: string, more: Record<string, unknown> = {}) {
  const made = await api('POST', '/api/users', { login_name, role: 'admin', ...more });
  expect(made.status).toBe(201);
  return { user_id: made.body.user.user_id as string, password: made.body.password as string };
}

async function logIn(body: unknown, expected = 200) {
  const reply = await fetch(`${program().address}/api/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: program().address, 'User-Agent': 'Firefox/1' },
    body: JSON.stringify(body),
  });
  expect(reply.status).toBe(expected);
  const cookie = reply.headers.get('set-cookie')?.split(';')[0] ?? '';
  const as = async (method: string, path: string, sent?: unknown) => {
    const answer = await fetch(program().address + path, {
      method,
      headers: {
        Cookie: cookie,
        Origin: program().address,
        ...(sent === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
    });
    const text = await answer.text();
    return { status: answer.status, text, body: text.startsWith('{') ? JSON.parse(text) : undefined };
  };
  return { as, body: await reply.json(), cookie };
}

async function makeKey(body: Record<string, unknown>) {
  const { key, api_key } = (await api('POST', '/api/keys', { name: 'k', role: 'admin', ...body })).body;
  return {
    key_id: api_key.key_id as string,
    as: (method: string, path: string, sent?: unknown) => api(method, path, sent, { 'X-API-Key': key }),
  };
}

const auditOf = async (query: string) => (await api('GET', `/api/audit?${query}`)).body.audit;

describe('a user', () => {
  it('logs in with name and password, and does nothing before choosing another', async () => {
    const made = await makeUser('Anna', { display_name: 'Anna M' });
    await logIn({ username: 'anna', password: 'wrong' }, 401);
    const { as, body } = await logIn({ username: 'ANNA', password: made.password });
    expect(body).toMatchObject({ name: 'anna', role: 'admin', must_change: true });
    expect((await as('GET', '/api/jobs')).status).toBe(403);
    expect((await as('GET', '/api/events')).status).toBe(403);
    expect((await as('GET', '/jobs')).text).toContain('id="login"');
    const change = { current_password: made.password, new_password: password };
    expect((await as('PUT', '/api/session/password', { ...change, new_password: 'anna' })).status).toBe(400);
    expect((await as('PUT', '/api/session/password', change)).status).toBe(200);
    expect((await as('GET', '/api/jobs')).status).toBe(200);
    expect((await as('POST', '/api/jobs/day/disable', {})).status).toBe(200);
    const { versions } = (await as('GET', '/api/jobs/day/versions')).body;
    expect(versions[0]).toMatchObject({ saved_by: `user:${made.user_id} (anna)`, via: 'window' });
    await as('POST', '/api/jobs/day/enable', {});
  });

  it('sees and ends own sessions; those of others only as an admin', async () => {
    const { password: given } = await makeUser('vera', { role: 'viewer', password: undefined });
    const first = await logIn({ username: 'vera', password: given });
    await first.as('PUT', '/api/session/password', { current_password: given, new_password: password });
    const second = await logIn({ username: 'vera', password });
    const { sessions } = (await first.as('GET', '/api/sessions')).body;
    expect(sessions).toHaveLength(2);
    expect(sessions.filter((one: { is_own: boolean }) => one.is_own)).toHaveLength(1);
    expect(sessions[0]).toMatchObject({ name: 'vera', agent: 'Firefox/1', origin: '127.0.0.1' });
    const everybody = (await api('GET', '/api/sessions')).body.sessions as {
      name: string;
      session_id: string;
    }[];
    const foreign = everybody.find((one) => one.name !== 'vera');
    expect((await first.as('DELETE', `/api/sessions/${foreign?.session_id}`)).status).toBe(404);
    const other = sessions.find((one: { is_own: boolean }) => !one.is_own);
    expect((await first.as('DELETE', `/api/sessions/${other.session_id}`)).status).toBe(200);
    expect((await second.as('GET', '/api/jobs')).status).toBe(401);
    for (const one of everybody.filter(({ name }) => name === 'vera'))
      await api('DELETE', `/api/sessions/${one.session_id}`);
    expect((await first.as('GET', '/api/jobs')).status).toBe(401);
  });

  it('is guessed slowly, and others are not held up', async () => {
    const statuses = [];
    for (let index = 0; index < 12; index += 1) {
      const reply = await fetch(`${program().address}/api/login`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Origin: program().address },
        body: JSON.stringify({ username: 'nobody', password: `guess ${index}` }),
      });
      statuses.push(reply.status);
    }
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
    expect(statuses.at(-1)).toBe(429);
    await logIn({ username: 'anna', password });
  });

  it('that is switched off is out at once, open stream and all', async () => {
    const made = await makeUser('sven', { role: 'viewer' });
    const { cookie, as } = await logIn({ username: 'sven', password: made.password });
    await as('PUT', '/api/session/password', { current_password: made.password, new_password: password });
    const stream = await fetch(`${program().address}/api/events`, { headers: { Cookie: cookie } });
    expect(stream.status).toBe(200);
    const reader = stream.body?.getReader();
    await reader?.read();
    await api('PUT', `/api/users/${made.user_id}`, { enabled: false });
    const drain = async () => {
      for (;;) if ((await reader?.read())?.done) return 'ended';
    };
    expect(await drain().catch(() => 'ended')).toBe('ended');
    expect((await as('GET', '/api/jobs')).status).toBe(401);
    await logIn({ username: 'sven', password }, 401);
  });

  it.each([
    ['a role through a field that is not there', { login_name: 'x1', role: 'viewer', user_id: 'u' }],
    ['created_by', { login_name: 'x2', role: 'viewer', created_by: 'root' }],
    ['a name with a line break', { login_name: 'a\nb', role: 'viewer' }],
    ['no tags at all', { login_name: 'x3', role: 'viewer', tags: [] }],
    ['a role that is none', { login_name: 'x4', role: 'root' }],
  ])('is not made with %s', async (_what, body) => {
    expect((await api('POST', '/api/users', body)).status).toBe(400);
  });
});

describe('a key with scopes', () => {
  it('may call what they cover, and nothing else, operation by operation', async () => {
    const scopes = ['jobs:read', '*:operate', 'calendars:*'];
    const { as } = await makeKey({ scopes });
    const own = /^security\.(session|sessions|endSession|changePassword)$/;
    const wrong: string[] = [];
    for (const named of operations(contract)) {
      const { id, operation } = named;
      if (operation.role === 'public' || operation.kind === 'events') continue;
      const path = operation.path.replace(/:[a-z_]+/g, 'none');
      const hasBody = operation.method === 'POST' || operation.method === 'PUT';
      const { status } = await as(operation.method, path, hasBody ? { nonsense: true } : undefined);
      const isMeant = own.test(id) || scopesPermit(scopes, named);
      if ((status !== 403) !== isMeant) wrong.push(`${id} ${scopeOf(named).kind}: ${status}`);
    }
    expect(wrong).toEqual([]);
    expect((await as('GET', '/api/events')).status).toBe(403);
  });

  it('is refused for scopes that name nothing', async () => {
    for (const scopes of [['nothing:read'], ['jobs'], ['jobs:fly'], []])
      expect((await api('POST', '/api/keys', { name: 'x', role: 'viewer', scopes })).status).toBe(400);
  });

  it('tells when and from where it was last used', async () => {
    const { as, key_id } = await makeKey({ expires_in_days: 30, scopes: ['jobs:read'] });
    await as('GET', '/api/jobs');
    const find = async () =>
      (await api('GET', '/api/keys')).body.keys.find((one: { key_id: string }) => one.key_id === key_id);
    await program().until(async () => (await find()).last_used !== null, 'the use of the key');
    expect(await find()).toMatchObject({ last_used_from: '127.0.0.1', scopes: ['jobs:read'] });
  });
});

describe('rights by tag', () => {
  it('let somebody act on jobs with the tag, see the others, and change nothing that is for all', async () => {
    const { as } = await makeKey({ role: 'editor', tags: ['night'] });
    expect((await as('GET', '/api/jobs')).body.total).toBeGreaterThan(1);
    expect((await as('POST', '/api/jobs/night/run', {})).status).toBe(200);
    expect((await as('PUT', '/api/jobs/night', { description: 'mine' })).status).toBe(200);
    const refused = await as('POST', '/api/jobs/day/run', {});
    expect(refused.status).toBe(403);
    expect(refused.body.error.message).toMatch(/#night only; job "day" has #day/);
    const text = { name: 'x', job_type: 'command', command: 'node' };
    for (const [method, path, body] of [
      ['PUT', '/api/jobs/day', { description: 'x' }],
      ['DELETE', '/api/jobs/day', undefined],
      ['POST', '/api/jobs/day/disable', {}],
      ['POST', '/api/jobs/day/versions/1/restore', {}],
      ['POST', '/api/jobs', text],
      ['POST', '/api/jobs', { ...text, tags: ['day'] }],
      ['PUT', '/api/jobs/night', { tags: ['day'] }],
      ['PUT', '/api/jobs/night', { on_success: { run: 'day' } }],
      [
        'POST',
        '/api/jobs/import',
        { yaml: 'jobs:\n  - {id: day, type: command, command: x, tags: [night]}\n' },
      ],
      ['POST', '/api/scheduler/pause', {}],
      ['POST', '/api/jobs/test-run', { yaml: 'type: command\ncommand: node\ntags: [night]\n' }],
    ] as const)
      expect((await as(method, path, body)).status, `${method} ${path}`).toBe(403);
    const bulk = await as('POST', '/api/jobs/bulk', { action: 'disable', job_ids: ['day', 'night'] });
    expect(bulk.body.results.map((one: { success: boolean }) => one.success)).toEqual([false, true]);
    await api('POST', '/api/jobs/night/enable', {});
    expect((await as('GET', '/api/jobs/day')).body.job.yaml).toBe('');
    expect((await as('GET', '/api/jobs/night')).body.job.yaml).toContain('night');
    expect((await as('GET', '/api/jobs/export')).body).not.toContain('id: day');
  });
});

describe('versions over the API', () => {
  it('are listed, read, and restored with the date one began from', async () => {
    await api('PUT', '/api/jobs/night', { environment: { TOKEN: 'canary-of-env' } });
    await api('PUT', '/api/jobs/night', { environment: null, timeout: 99 });
    const { body } = await api('GET', '/api/jobs/night/versions?limit=2');
    expect(body.versions).toHaveLength(2);
    const [newest, before] = body.versions;
    expect(newest).toMatchObject({ is_current: true, via: 'api', action: 'update' });
    const viewer = await makeKey({ role: 'viewer' });
    const seen = await viewer.as('GET', `/api/jobs/night/versions/${before.version}`);
    expect(seen.body).toMatchObject({ yaml: '', version: { version: before.version } });
    expect(JSON.stringify(seen.body)).not.toContain('canary-of-env');
    const path = `/api/jobs/night/versions/${before.version}/restore`;
    expect((await viewer.as('POST', path, {})).status).toBe(403);
    const stale = await api('POST', path, { expected_modified_date: '2020-01-01T00:00:00.000Z' });
    expect(stale.status).toBe(409);
    const restored = await api('POST', path, {});
    expect(restored.body).toMatchObject({ version: newest.version + 1, job: { environment: {} } });
    expect((await api('GET', '/api/jobs/night/versions/99999')).status).toBe(404);
    expect((await api('GET', '/api/jobs/never/versions')).status).toBe(404);
  });

  it('tell which one an execution ran', async () => {
    const { execution_id } = (await api('POST', '/api/jobs/night/run', {})).body;
    const { versions } = (await api('GET', '/api/jobs/night/versions?limit=1')).body;
    const { body } = await api('GET', `/api/executions/${execution_id}/definition`);
    expect(body).toMatchObject({ version: versions[0].version, is_current: true });
  });
});

describe('two people who save one job over the API', () => {
  const read = async (path: string) => {
    const { body, headers } = await api('GET', path);
    return { job: body.job, etag: headers.get('etag') ?? '' };
  };
  const put = (body: unknown, etag?: string) =>
    api('PUT', '/api/jobs/day', body, etag === undefined ? {} : { 'If-Match': etag });

  it('the second sees what the first one changed, and may then save over it knowingly', async () => {
    await put({ environment: { TOKEN: 'canary-of-two' } });
    const { job, etag } = await read('/api/jobs/day');
    expect(etag).toBe(`"${job.modified_date}"`);
    const first = await put({ timeout: 77, environment: { TOKEN: 'canary-of-three' } }, etag);
    expect(first.status).toBe(200);
    expect(first.headers.get('etag')).toBe(`"${first.body.job.modified_date}"`);

    const second = await put({ timeout: 88 }, etag);
    expect(second.status).toBe(409);
    expect(second.body.error).toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/^Job "day" was changed at .*; what changed since: .*timeout/),
      difference: {
        etag: first.headers.get('etag'),
        changes: expect.arrayContaining([
          { path: 'timeout', after: 77 },
          { path: 'environment.TOKEN', before: '***', after: '***' },
        ]),
        diff: expect.stringContaining('+ timeout: 77'),
      },
    });
    expect(JSON.stringify(second.body)).not.toContain('canary');
    expect((await read('/api/jobs/day')).job.timeout).toBe(77);
    const [row] = await auditOf('action=jobs.update&limit=1');
    expect(row).toMatchObject({ outcome: 'refused', subject: 'day' });

    expect((await put({ timeout: 88 }, second.body.error.difference.etag)).status).toBe(200);
    expect((await read('/api/jobs/day')).job.timeout).toBe(88);
  });

  it('without If-Match, or with *, the last one wins as ever; a weak or odd tag is read for what it says', async () => {
    const { etag } = await read('/api/jobs/day');
    expect((await put({ timeout: 60 })).status).toBe(200);
    expect((await put({ timeout: 61 }, '*')).status).toBe(200);
    expect((await put({ timeout: 62 }, etag)).status).toBe(409);
    const now = (await read('/api/jobs/day')).etag;
    expect((await put({ timeout: 63 }, `W/${now}`)).status).toBe(200);
    for (const odd of ['banana', '"a", "b"', '""x'])
      expect((await put({ timeout: 64 }, odd)).body.error, odd).toMatchObject({
        code: 'validation_failed',
        message: expect.stringMatching(/^If-Match is .*expected the ETag/),
      });
    expect((await put({ timeout: 64 }, '"never"')).status).toBe(409);
    const elsewhere = await api('POST', '/api/jobs/day/run', {}, { 'If-Match': now });
    expect(elsewhere.status).toBe(400);
  });

  it('switching, restoring and deleting can depend on the state too', async () => {
    const { etag } = await read('/api/jobs/day');
    await put({ timeout: 65 });
    for (const [method, path] of [
      ['POST', '/api/jobs/day/disable'],
      ['POST', '/api/jobs/day/versions/1/restore'],
      ['DELETE', '/api/jobs/day'],
    ] as const)
      expect((await api(method, path, undefined, { 'If-Match': etag })).status, path).toBe(409);
    expect((await read('/api/jobs/day')).job).toMatchObject({ enabled: true, timeout: 65 });
  });

  it('what was changed since a state can be asked for; its text by those who may edit alone', async () => {
    const { job, etag } = await read('/api/jobs/day');
    const since = (tag: string) => `/api/jobs/day/changes?since=${encodeURIComponent(tag)}`;
    expect((await api('GET', since(etag))).body).toMatchObject({ changed: false, difference: null });
    await put({ timeout: 66 });
    const { body } = await api('GET', since(job.modified_date));
    expect(body.difference.changes).toEqual([{ path: 'timeout', before: 65, after: 66 }]);
    expect(body.difference.diff).toContain('- timeout: 65');
    const viewer = await makeKey({ role: 'viewer' });
    const seen = (await viewer.as('GET', since(etag))).body;
    expect(seen.difference).toMatchObject({ changes: body.difference.changes, diff: '' });
    expect((await api('GET', since('yesterday'))).status).toBe(400);
    expect((await api('GET', '/api/jobs/never/changes?since=2026-01-01')).status).toBe(404);
    expect((await api('GET', since('soon'))).body.error.message).toMatch(/^since is soon; expected the ETag/);
  });
});

describe('the audit', () => {
  it('holds a row of every operation that writes, refused ones too', async () => {
    const missing: string[] = [];
    for (const { id, operation } of operations(contract)) {
      if (operation.method === 'GET' || operation.isReadOnly) continue;
      const path = operation.path.replace(/:[a-z_]+/g, 'absent');
      await api(operation.method, path, operation.method === 'DELETE' ? undefined : { nonsense: 'x' });
      const [row] = await auditOf(`action=${id}&limit=1`);
      if (!row?.actor.startsWith('key:') || row.origin !== '127.0.0.1') missing.push(id);
    }
    expect(missing).toEqual([]);
  });

  it('is not filled by what an editor asks while somebody types', async () => {
    await api('POST', '/api/jobs/validate', { yaml: 'id: typed' });
    await api('POST', '/api/schedule/preview', { schedule: { type: 'cron', cron_params: { hour: 8 } } });
    expect(await auditOf('action=jobs.validate&limit=1')).toEqual([]);
    expect(await auditOf('action=scheduler.preview&limit=1')).toEqual([]);
  });

  it('tells what a change changed, who did it and from where, and no secret', async () => {
    const canary = 'canary-7d41';
    await api('PUT', '/api/jobs/night', {
      timeout: 77,
      environment: { API: canary },
      arguments: ['-e', `fetch('https://u:${canary}@host/')`],
    });
    const connection = {
      connection_id: 'weak',
      name: 'Weak',
      server_name: 'db',
      database_name: 'x',
      trusted_connection: false,
      username: 'sa',
      password: canary,
      encrypt: false,
    };
    await api('POST', '/api/connections', connection);
    await api('PUT', '/api/secrets/token', { value: canary });
    await api('POST', '/api/users', { login_name: 'olga', role: 'viewer', password: `${canary} is mine` });
    const [job] = await auditOf('action=jobs.update&subject=night&limit=1');
    expect(job).toMatchObject({ outcome: 'ok', subject: 'night' });
    expect(job.details.changes[0].fields).toContainEqual({ path: 'timeout', after: 77 });
    const [weak] = await auditOf('action=connections.create&limit=1');
    expect(weak.details.notes.join(' ')).toMatch(/encrypt/i);
    const [user] = await auditOf('action=users.create&limit=1');
    expect(user.details.changes[0].fields).toContainEqual({ path: 'login_name', after: 'olga' });
    for (const format of ['csv', 'json']) {
      const { body } = await api('GET', `/api/audit/export?format=${format}`);
      expect(JSON.stringify(body)).toContain('olga');
      expect(JSON.stringify(body)).not.toContain(canary);
    }
  });

  it('holds logins, wrong ones too, and is searched and filtered', async () => {
    await logIn({ username: 'anna', password: 'wrong again' }, 401);
    await logIn({ username: 'anna', password });
    const rows = await auditOf('action=security.login&search=anna&limit=2');
    expect(rows.map((row: { outcome: string }) => row.outcome)).toEqual(['ok', 'refused']);
    expect(await auditOf('action=users&outcome=failed')).toEqual([]);
    const refused = await api('GET', '/api/audit?outcome=maybe');
    expect(refused.status).toBe(400);
    expect((await api('GET', '/api/audit?limit=1&offset=3')).body).toMatchObject({ limit: 1, offset: 3 });
  });

  it('is for administrators alone', async () => {
    const { as } = await makeKey({ role: 'editor' });
    for (const path of ['/api/audit', '/api/audit/verify', '/api/audit/export', '/api/users', '/api/keys'])
      expect((await as('GET', path)).status, path).toBe(403);
  });

  it('tells of a row that somebody altered in the database, over the API and on the command line', async () => {
    const verify = () =>
      spawnSync(process.execPath, [cli, 'audit', 'verify', '--data', program().dataFolder], {
        encoding: 'utf8',
      });
    expect(verify()).toMatchObject({ status: 0, stdout: expect.stringMatching(/The audit is whole/) });
    expect((await api('GET', '/api/audit/verify')).body).toMatchObject({ is_whole: true, problems: [] });
    const database = openDatabase(join(program().dataFolder, 'job_scheduler.db'), 5000);
    database.exec(`update audit_log set actor = 'nobody' where audit_id = 5`);
    database.close();
    const { body } = await api('GET', '/api/audit/verify');
    expect(body).toMatchObject({ is_whole: false, problems: [{ audit_id: 5 }] });
    expect(body.message).toMatch(/NOT whole/);
    expect(verify()).toMatchObject({
      status: 5,
      stdout: expect.stringMatching(/^row 5 of 20\S+ was altered/m),
      stderr: expect.stringMatching(/is not whole/),
    });
  });
});

it('no password lies anywhere in the data', () => {
  const found = execFileSync('sh', ['-c', `grep -rla '${password}' '${program().dataFolder}' || true`], {
    encoding: 'utf8',
  });
  expect(found).toBe('');
});
