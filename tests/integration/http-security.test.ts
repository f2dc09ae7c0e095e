import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contract } from '../../src-shared/contract/index';
import { operations } from '../../src-shared/contract/operation';
import { roleAtLeast, roles } from '../../src-shared/roles';
import { sharedProgram } from '../support/program';

const jobs = `jobs:
  - id: hello
    name: Hello
    type: command
    command: node
    arguments: [-e, '']
    environment: {TOKEN: canary-environment}
    max_retries: 0
`;
const program = sharedProgram((folder) => {
  const config = join(folder, 'jobs.yaml');
  writeFileSync(config, jobs);
  return { dataFolder: join(folder, 'data'), config };
});
const api = (...call: Parameters<ReturnType<typeof program>['api']>) => program().api(...call);
const port = () => Number(new URL(program().address).port);
const all = operations(contract);

/** A path of the operation with harmless values in it. */
const pathOf = (path: string, job_id = 'hello') =>
  path
    .replace(':job_id', job_id)
    .replace(':execution_id', 'exec_1')
    .replace(':connection_id', 'none')
    .replace(':key_id', 'none');

async function makeKey(role: string): Promise<{ key: string; key_id: string }> {
  const { body } = await api('POST', '/api/keys', { name: role, role });
  return { key: body.key, key_id: body.api_key.key_id };
}
const runs = async () => (await api('GET', '/api/executions?job_id=hello')).body.total as number;

/** Sends bytes as they are, and gives what comes back before the connection is closed. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port(), '127.0.0.1');
    let answer = '';
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')));
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? resolve(answer) : reject(error),
    );
    socket.on('close', () => resolve(answer));
    socket.write(text);
  });
}
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
const request = (lines: string[], body = '') =>
  `${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`;

describe('without a key', () => {
  it.each(all.map(({ id, operation }) => [id, operation] as const))(
    '%s tells nothing',
    async (_id, operation) => {
      const reply = await fetch(program().address + pathOf(operation.path), { method: operation.method });
      if (operation.role === 'public') {
        expect(await reply.json()).toEqual({ status: 'healthy' });
        return;
      }
      expect(reply.status).toBe(401);
      expect(await reply.json()).toEqual({
        success: false,
        error: { code: 'unauthenticated', message: expect.any(String) },
      });
    },
  );

  it.each([
    '/',
    '/jobs',
    '/executions/exec_1',
    '/app.js',
    '/api/docs',
    '/api/docs/',
    '/api/docs/json',
    '/api/docs/static/index.html',
  ])('%s shows no page of the program', async (path) => {
    const reply = await fetch(program().address + path, { redirect: 'manual' });
    expect(reply.status).toBe(401);
    expect(await reply.text()).not.toMatch(/canary|Hello|openapi/);
  });
});

describe('a role', () => {
  it('may do what the contract says, and nothing else, operation by operation', async () => {
    const wrong: string[] = [];
    for (const role of roles) {
      const { key } = await makeKey(role);
      for (const { id, operation } of all) {
        if (operation.role === 'public' || operation.kind === 'events') continue;
        // The body is wrong on purpose: who may come in is asked before what they bring.
        const body =
          operation.method === 'GET' || operation.method === 'DELETE' ? undefined : { nonsense: true };
        const { status } = await api(operation.method, pathOf(operation.path, 'absent'), body, {
          'X-API-Key': key,
        });
        const isRefused = status === 403;
        // Exports may hold secrets: the handler asks for more than the list does.
        const needed = id === 'jobs.export' ? 'editor' : operation.role;
        if (isRefused === roleAtLeast(role, needed)) wrong.push(`${role} ${id}: ${status}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('of a viewer sees no secret of a definition', async () => {
    const { key } = await makeKey('viewer');
    const seen = await api('GET', '/api/jobs/hello', undefined, { 'X-API-Key': key });
    expect(seen.status).toBe(200);
    expect(JSON.stringify(seen.body)).not.toContain('canary-environment');
  });

  it('of an operator changes no definition in any way', async () => {
    const { key } = await makeKey('operator');
    const headers = { 'X-API-Key': key };
    const evil = { name: 'x', job_type: 'command', command: 'calc' };
    expect((await api('PUT', '/api/jobs/hello', evil, headers)).status).toBe(403);
    expect((await api('POST', '/api/jobs', evil, headers)).status).toBe(403);
    expect((await api('POST', '/api/jobs/import', { yaml: 'jobs: []' }, headers)).status).toBe(403);
    expect(
      (await api('POST', '/api/jobs/bulk', { action: 'delete', job_ids: ['hello'] }, headers)).status,
    ).toBe(403);
    expect((await api('POST', '/api/jobs/hello/run', { command: 'calc' }, headers)).status).toBe(400);
  });
});

describe('a key', () => {
  it('that is revoked lets nobody in any more, and ends its open stream', async () => {
    const { key, key_id } = await makeKey('viewer');
    const stream = await fetch(`${program().address}/api/events`, { headers: { 'X-API-Key': key } });
    const reader = stream.body?.getReader();
    await reader?.read();
    await api('DELETE', `/api/keys/${key_id}`);
    expect((await api('GET', '/api/jobs', undefined, { 'X-API-Key': key })).status).toBe(401);
    const drain = async () => {
      for (;;) if ((await reader?.read())?.done) return 'ended';
    };
    expect(await drain().catch(() => 'ended')).toBe('ended');
  });

  it('may also come as a bearer token, and never in the address', async () => {
    const bearer = await fetch(`${program().address}/api/jobs`, {
      headers: { Authorization: `Bearer ${program().key}` },
    });
    expect(bearer.status).toBe(200);
    for (const name of ['api_key', 'key', 'token', 'access_token', 'X-API-Key', '%6bey']) {
      const reply = await fetch(`${program().address}/api/jobs?${name}=${program().key}`);
      expect(reply.status).toBe(400);
      expect(await reply.text()).not.toContain(program().key);
    }
  });

  it('that is wrong a hundred times is slowed down, and a right one is not', async () => {
    const statuses = [];
    for (let index = 0; index < 100; index += 1) {
      const reply = await fetch(`${program().address}/api/jobs`, {
        headers: { 'X-API-Key': `jsk_${index}` },
      });
      statuses.push(reply.status);
      if (reply.status === 429) expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(statuses[0]).toBe(401);
    expect(statuses.at(-1)).toBe(429);
    expect((await api('GET', '/api/jobs')).status).toBe(200);
  });

  it('lies nowhere in the data but in its own file', async () => {
    const { key } = await makeKey('operator');
    const folder = program().dataFolder;
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile() && entry.name !== 'admin.key',
    );
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const bytes = readFileSync(join(file.parentPath, file.name)).toString('latin1');
      expect(bytes.includes(key), file.name).toBe(false);
      expect(bytes.includes(program().key), file.name).toBe(false);
    }
  });
});

describe('the name in the Host header', () => {
  it.each([
    'evil.example:P',
    '127.0.0.1.nip.io:P',
    'localhost.evil:P',
    '127.0.0.1:P@evil',
    '127.0.0.1:P.',
    'LOCALHOST:P',
    '0.0.0.0:P',
    '127.0.0.1',
    '127.0.0.1:1',
    '[::]:P',
    '2130706433:P',
    '',
  ])('%j is not answered to', async (host) => {
    const answer = await raw(
      request(['GET /api/health HTTP/1.1', `Host: ${host.replace('P', String(port()))}`]),
    );
    expect([400, 403, 421]).toContain(statusOf(answer));
    expect(answer).not.toContain('healthy');
  });

  it.each(['127.0.0.1:P', 'localhost:P', '[::1]:P'])('%j is answered to', async (host) => {
    const answer = await raw(
      request(['GET /api/health HTTP/1.1', `Host: ${host.replace('P', String(port()))}`]),
    );
    expect(statusOf(answer)).toBe(200);
  });

  it('is there exactly once', async () => {
    const host = `Host: 127.0.0.1:${port()}`;
    expect(statusOf(await raw(request(['GET /api/health HTTP/1.1', host, host])))).toBe(400);
    expect(statusOf(await raw(request(['GET /api/health HTTP/1.1'])))).toBe(400);
  });
});

describe('a page of somebody else', () => {
  const login = async () => {
    const reply = await fetch(`${program().address}/api/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: program().address },
      body: JSON.stringify({ key: program().key }),
    });
    return reply.headers.get('set-cookie')?.split(';')[0] ?? '';
  };
  const hostile: readonly Record<string, string>[] = [
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: 'http://localhost:3000' },
    { Origin: 'http://localhost:5000.evil' },
    { Origin: 'http://127.0.0.1:50001' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    {},
  ];

  it.each(hostile)('with %j and a cookie runs nothing', async (headers) => {
    const cookie = await login();
    const before = await runs();
    const reply = await fetch(`${program().address}/api/jobs/hello/run`, {
      method: 'POST',
      headers: { Cookie: cookie, ...headers },
    });
    expect(reply.status).toBe(403);
    expect(await runs()).toBe(before);
  });

  it('leaves its attempt in the audit', async () => {
    await fetch(`${program().address}/api/jobs/hello/run`, {
      method: 'POST',
      headers: { Origin: 'https://evil.example' },
    });
    const { audit } = (await api('GET', '/api/audit?limit=5')).body;
    expect(audit.some((row: { action: string }) => row.action === 'http.refused')).toBe(true);
  });

  it('may not listen to the events', async () => {
    const reply = await fetch(`${program().address}/api/events`, {
      headers: { Cookie: await login(), Origin: 'https://evil.example' },
    });
    expect(reply.status).toBe(403);
  });

  it('gets no permission from a preflight', async () => {
    const reply = await fetch(`${program().address}/api/jobs/hello/run`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' },
    });
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('may not put ours in a frame, nor read or guess what it is', async () => {
    for (const path of ['/', '/login', '/api/health', '/api/nothing', '/icon.svg']) {
      const { headers } = await fetch(program().address + path);
      expect(headers.get('content-security-policy'), path).toContain("frame-ancestors 'none'");
      expect(headers.get('content-security-policy')).toContain("script-src 'self'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  it('sees the cookie neither in scripts nor from another site', async () => {
    const reply = await fetch(`${program().address}/api/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: program().address },
      body: JSON.stringify({ key: program().key }),
    });
    expect(reply.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Strict/i);
  });
});

describe('a write', () => {
  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/html',
    'application/jsonp',
  ])('is not taken as %s', async (type) => {
    for (const { operation } of all.filter((one) => one.operation.method === 'POST' && one.operation.body)) {
      const reply = await fetch(program().address + pathOf(operation.path), {
        method: 'POST',
        headers: { 'X-API-Key': program().key, 'Content-Type': type },
        body: '{"action":"run","job_ids":["hello"]}',
      });
      expect(reply.status, operation.path).toBe(415);
    }
  });

  it('never happens by GET or HEAD', async () => {
    const before = await runs();
    for (const { operation } of all.filter((one) => one.operation.method !== 'GET')) {
      const hasGet = all.some(
        (one) => one.operation.method === 'GET' && one.operation.path === operation.path,
      );
      for (const method of hasGet ? [] : ['GET', 'HEAD']) {
        const reply = await fetch(program().address + pathOf(operation.path), {
          method,
          headers: { 'X-API-Key': program().key },
        });
        // `/api/jobs/import` and its like read as the id of a job, which no job may have.
        expect([400, 404, 405], `${method} ${operation.path}`).toContain(reply.status);
      }
    }
    expect(await runs()).toBe(before);
  });

  it.each([
    ['__proto__', '{"name":"x","__proto__":{"polluted":true}}'],
    ['constructor', '{"name":"x","constructor":{"prototype":{"polluted":true}}}'],
    ['a deep __proto__', '{"name":"x","schedule":{"cron_params":{"__proto__":{"a":1}}}}'],
    ['10,000 levels', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['100,000 keys', `{${Array.from({ length: 100_000 }, (_, index) => `"k${index}":1`).join(',')}}`],
    ['half a text', '{"name":'],
    ['two texts', '{}{}'],
    ['a trailing comma', '{"a":1,}'],
    ['NaN', '{"a":NaN}'],
    ['a byte-order mark', '\uFEFF{}'],
    ['nothing but spaces', '   '],
    ['a lone surrogate', '{"name":"\\ud800"}'],
  ])('with %s is refused', async (_what, body) => {
    const reply = await fetch(`${program().address}/api/jobs`, {
      method: 'POST',
      headers: { 'X-API-Key': program().key, 'Content-Type': 'application/json' },
      body,
    });
    expect([400, 413]).toContain(reply.status);
    expect(await reply.text()).not.toMatch(/at .*\(|node:internal|\/src-/);
  });

  it('of ten megabytes is refused, and the program goes on', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(10_500_000) });
    const status = await fetch(`${program().address}/api/jobs`, {
      method: 'POST',
      headers: { 'X-API-Key': program().key, 'Content-Type': 'application/json' },
      body,
    }).then(
      (reply) => reply.status,
      () => 413,
    );
    expect(status).toBe(413);
    expect((await api('GET', '/api/jobs')).status).toBe(200);
  });
});

describe('an id', () => {
  it.each([
    '..',
    '..%2f..%2fetc',
    '%2e%2e',
    '..%5c',
    'C:%5cx',
    '%5c%5csrv%5cx',
    'CON',
    'nul.txt',
    'a:b',
    'a%00b',
    'x'.repeat(300),
    'a%e2%80%ae',
    '%f0%9f%98%80',
    'a%20b',
    '-a',
    'a/b',
  ])('%s is refused everywhere it could stand', async (id) => {
    for (const path of [
      `/api/jobs/${id}`,
      `/api/jobs/${id}/history`,
      `/api/executions/${id}`,
      `/api/executions/${id}/output`,
      `/api/connections/${id}`,
    ]) {
      const answer = await raw(
        request([`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port()}`, `X-API-Key: ${program().key}`]),
      );
      expect([400, 404, 405], path).toContain(statusOf(answer));
    }
  });
});

describe('on the wire', () => {
  const host = () => `Host: 127.0.0.1:${port()}`;
  it('TRACE, CONNECT and other methods are not used', async () => {
    for (const method of ['TRACE', 'PATCH', 'PROPFIND', 'OPTIONS'])
      expect([400, 404, 405], method).toContain(
        statusOf(await raw(request([`${method} /api/jobs HTTP/1.1`, host()]))),
      );
  });

  it('two lengths of one body are refused', async () => {
    const answer = await raw(
      request(
        [
          'POST /api/jobs/hello/run HTTP/1.1',
          host(),
          `X-API-Key: ${program().key}`,
          'Content-Length: 5',
          'Transfer-Encoding: chunked',
        ],
        '0\r\n\r\n',
      ),
    );
    expect(statusOf(answer)).toBe(400);
  });

  it('headers of 20 KB are refused', async () => {
    expect(
      statusOf(await raw(request(['GET /api/health HTTP/1.1', host(), `X-Long: ${'x'.repeat(20_000)}`]))),
    ).toBe(431);
  });

  it('what is no HTTP is refused', async () => {
    expect(statusOf(await raw('HELO there\r\n\r\n'))).toBe(400);
  });
});

describe('files of the pages', () => {
  it.each([
    '/.env',
    '/.git/config',
    '/app.js.map',
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/index.html',
    '/login.html',
  ])('%s is not given out', async (path) => {
    const answer = await raw(
      request([`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port()}`, `X-API-Key: ${program().key}`]),
    );
    expect([400, 404]).toContain(statusOf(answer));
  });
});

it('only the loopback address is listened on', () => {
  const listening = execFileSync('sh', ['-c', 'cat /proc/net/tcp /proc/net/tcp6 2>/dev/null || true'], {
    encoding: 'utf8',
  });
  const hexPort = port().toString(16).toUpperCase().padStart(4, '0');
  const addresses = [...listening.matchAll(/: ([0-9A-F]+):([0-9A-F]{4}) [0-9A-F]+:0000 0A/g)]
    .filter((match) => match[2] === hexPort)
    .map((match) => match[1]);
  expect(addresses).toEqual(['0100007F']);
});
