import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contract } from '../../src-shared/contract/index';
import { operations } from '../../src-shared/contract/operation';
import { noBrowser, sharedBrowser } from '../support/browser';
import { sharedProgram } from '../support/program';

const program = sharedProgram((folder) => {
  const config = join(folder, 'jobs.yaml');
  writeFileSync(
    config,
    'jobs:\n  - {id: hello, name: Hello, type: command, command: node, arguments: [-e, ""]}\n',
  );
  return { dataFolder: join(folder, 'data'), config };
});
// A name that leads to this machine: what DNS rebinding does.
const browser = sharedBrowser(['--host-resolver-rules=MAP rebind.test 127.0.0.1']);

let foreign: Server;
beforeAll(async () => {
  foreign = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><title>elsewhere</title><body>');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => foreign.once('listening', resolve));
});
afterAll(() => void foreign.close());

const state = async () => {
  const read = async (path: string) => (await program().api('GET', path)).body;
  const job = (await read('/api/jobs/hello')).job;
  return JSON.stringify([
    (await read('/api/jobs')).total,
    job.enabled,
    job.modified_date,
    (await read('/api/executions')).total,
    (await read('/api/scheduler/status')).status,
    (await read('/api/keys')).keys.length,
    (await read('/api/connections')).total,
  ]);
};

/** Everything a page can try without asking anybody. Runs inside the page. */
async function attack({
  base,
  paths,
}: {
  base: string;
  paths: { method: string; path: string }[];
}): Promise<string[]> {
  const readable: string[] = [];
  const read = async (label: string, work: () => Promise<Response>) => {
    try {
      const reply = await work();
      const text = await reply.text();
      if (text.length > 0 && reply.type !== 'opaque') readable.push(`${label}: ${text.slice(0, 80)}`);
    } catch {
      // Refused, as it should be.
    }
  };
  for (const { method, path } of paths) {
    for (const credentials of ['include', 'omit'] as const) {
      await read(`${method} ${path}`, () => fetch(base + path, { method, credentials }));
      await read(`simple ${path}`, () =>
        fetch(base + path, {
          method: 'POST',
          credentials,
          mode: 'no-cors',
          headers: { 'Content-Type': 'text/plain' },
          body: '{"action":"run","job_ids":["hello"]}',
        }),
      );
    }
    const image = new Image();
    image.src = base + path;
    const form = document.createElement('form');
    form.method = 'POST';
    form.action = base + path;
    form.target = 'sink';
    const frame = document.createElement('iframe');
    frame.name = 'sink';
    document.body.append(frame, form);
    form.submit();
    await new Promise((resolve) => {
      frame.addEventListener('load', resolve, { once: true });
      setTimeout(resolve, 300);
    });
    form.remove();
    frame.remove();
  }
  await new Promise((resolve) => {
    const source = new EventSource(`${base}/api/events`, { withCredentials: true });
    source.onmessage = (event) => readable.push(`event: ${event.data}`);
    source.onopen = () => readable.push('event stream opened');
    source.onerror = () => {
      source.close();
      resolve(undefined);
    };
  });
  await new Promise((resolve) => {
    const socket = new WebSocket(`${base.replace('http', 'ws')}/api/events`);
    socket.onopen = () => readable.push('socket opened');
    socket.onclose = resolve;
    socket.onerror = resolve;
  });
  return readable;
}

describe.skipIf(noBrowser)(
  `a page from elsewhere in a real Chromium${noBrowser ? ` (${noBrowser})` : ''}`,
  () => {
    const writes = () =>
      operations(contract)
        .filter(({ operation }) => operation.method !== 'GET')
        .map(({ operation }) => ({
          method: operation.method,
          path: operation.path
            .replace(':job_id', 'hello')
            .replace(':execution_id', 'exec_1')
            .replace(/:\w+/, 'x'),
        }));

    it('changes nothing and reads nothing, although its visitor is logged in', async () => {
      const context = await browser().newContext();
      const own = await context.newPage();
      await own.goto(`${program().address}/jobs`);
      await own.getByRole('radio', { name: 'API key' }).check();
      await own.getByLabel('Key', { exact: true }).fill(program().key);
      await own.keyboard.press('Enter');
      await own.getByText('hello').first().waitFor();
      const before = await state();
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`);
      const readable = await page.evaluate(attack, { base: program().address, paths: writes() });
      expect(readable).toEqual([]);
      expect(await state()).toBe(before);
      await context.close();
    }, 240_000);

    it('that reaches the program under its own name gets nothing at all', async () => {
      const context = await browser().newContext();
      const page = await context.newPage();
      const { port } = new URL(program().address);
      const before = await state();
      const reply = await page.goto(`http://rebind.test:${port}/`);
      expect(reply?.status()).toBe(403);
      const statuses = await page.evaluate(async (paths) => {
        const found: number[] = [];
        for (const { method, path } of paths) found.push((await fetch(path, { method })).status);
        found.push((await fetch('/api/jobs')).status, (await fetch('/api/health')).status);
        return found;
      }, writes());
      expect(new Set(statuses)).toEqual(new Set([403]));
      expect(await state()).toBe(before);
      await context.close();
    });
  },
);
