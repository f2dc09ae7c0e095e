import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { expect, it, onTestFinished } from 'vitest';
import { startProgram } from '../support/program';
import { tempFolder } from '../support/temp-folder';

const job = (port: number) => `version: '2.0'
jobs:
  - id: load
    name: Nightly load
    type: command
    command: node
    arguments: [-e, "console.error('Disk full'); process.exit(3)"]
    max_retries: 0
    notifications:
      on_failure: [{email: [a@company.com, b@company.com]}, {webhook: 'http://127.0.0.1:${port}/key-of-the-hook'}]
`;

it('a failure is told by mail and webhook; what could not be sent is sent after a crash, and nothing twice', async () => {
  const mails: string[] = [];
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, callback) {
      stream.resume();
      stream.on('end', () => {
        mails.push(session.envelope.rcptTo.map(({ address }) => address).join(' '));
        callback();
      });
    },
  });
  smtp.listen(0, '127.0.0.1');
  await once(smtp.server, 'listening');
  const hooks: string[] = [];
  let isBroken = true;
  const receiver = createServer((request, response) => {
    hooks.push(String(request.headers['idempotency-key']));
    request.resume();
    response.writeHead(isBroken ? 503 : 200).end();
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  onTestFinished(() => {
    smtp.close();
    receiver.close();
    receiver.closeAllConnections();
  });

  const folder = tempFolder();
  const dataFolder = join(folder, 'data');
  const config = join(folder, 'jobs.yaml');
  const { port } = receiver.address() as AddressInfo;
  mkdirSync(dataFolder, { mode: 0o700 });
  writeFileSync(config, job(port));
  writeFileSync(
    join(dataFolder, 'app_config.yaml'),
    `notifications:
  smtp: {host: 127.0.0.1, port: ${(smtp.server.address() as AddressInfo).port}, from: jobs@company.com}
  allowed_hosts: ['127.0.0.1:${port}']
`,
  );
  const first = await startProgram({ dataFolder, config });
  await first.api('POST', '/api/jobs/load/run');
  const outbox = async (program: typeof first) =>
    (await program.api('GET', '/api/notifications?job_id=load')).body;
  await first.until(async () => {
    const { counts } = await outbox(first);
    return mails.length === 1 && hooks.length === 1 && counts.sent === 1 && counts.waiting === 1;
  }, 'a mail, and a refused request');
  expect(mails).toEqual(['a@company.com b@company.com']);
  expect(JSON.stringify(await outbox(first))).not.toContain('key-of-the-hook');
  await first.stop('SIGKILL');

  isBroken = false;
  const second = await startProgram({ dataFolder, config });
  const waiting = (await outbox(second)).notifications.find(
    (one: { state: string }) => one.state === 'waiting',
  );
  expect(waiting).toMatchObject({ channel: 'webhook', attempts: 1, note: 'it answered 503' });
  const retried = await second.api('POST', `/api/notifications/${waiting.notification_id}/retry`);
  expect(retried.status).toBe(200);
  await second.until(async () => (await outbox(second)).counts.sent === 2, 'the request to be sent');
  expect(new Set(hooks).size).toBe(1);
  expect(mails).toHaveLength(1);

  const test = (recipient: unknown) =>
    second.api('POST', '/api/notifications/test', { recipient, job_id: 'load' });
  expect((await test({ email: 'me@company.com' })).body).toEqual({
    success: true,
    message: 'The test message was sent',
  });
  expect(mails.at(-1)).toBe('me@company.com');
  expect((await test({ webhook: 'http://169.254.169.254/' })).status).toBe(400);
  expect((await test({ slack: '#none' })).body).toMatchObject({
    success: false,
    message: expect.stringMatching(/#none/),
  });
  const told = (await second.api('GET', '/api/jobs/load/notifications')).body;
  expect(told.trouble).toMatchObject({ failures: 1, error: expect.stringMatching(/Disk full/) });
  const saved = await second.api('POST', '/api/jobs', {
    job_id: 'other',
    name: 'x',
    job_type: 'command',
    command: 'node',
    notifications: { on_failure: [{ webhook: 'http://2130706433/' }] },
  });
  expect(saved.status).toBe(400);
  expect(saved.body.error.message).toMatch(/on_failure\[0\]\.webhook leads to 127\.0\.0\.1/);
});
