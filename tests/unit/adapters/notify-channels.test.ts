import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventCreateArguments } from '../../../src-main/adapters/notify/local-channels';
import { createNotificationPorts } from '../../../src-main/adapters/notify/notification-ports';
import { webRequest } from '../../../src-main/adapters/notify/web-request';
import { NotificationSettings } from '../../../src-main/adapters/settings/notification-settings';
import type { NotificationMessage } from '../../../src-main/core/notifications/message';
import { createRedactor } from '../../../src-main/core/secrets/redactor';
import type { ChannelName } from '../../../src-shared/model/notification';

const message: NotificationMessage = {
  kind: 'failure',
  tone: 'bad',
  title: 'Nightly "load" failed',
  text: 'It failed with exit code 3.',
  error: 'Disk full: <b> & {{job_id}} \u0024{x} {{constructor.constructor}}',
  facts: [['Since', '2026-03-02 09:00 (UTC)']],
  link: 'http://scheduler:5000/executions/exec_1',
  job_id: 'load',
  job_name: 'Nightly "load"',
  execution_id: 'exec_1',
  status: 'failed',
  tags: ['night'],
  count: 1,
  time: '2026-03-02T09:00:00Z',
};

function portsOf(settings: unknown, resolve?: (host: string) => Promise<readonly string[]>) {
  return createNotificationPorts(NotificationSettings.parse({ timeout: 0.5, ...(settings as object) }), {
    openSecret: (name) => {
      if (name === 'smtp') return 'pass-word';
      throw new Error(`There is no secret "${name}"; save it under that name first`);
    },
    redactor: createRedactor(),
    showToast: () => undefined,
    addresses: () => [],
    platform: 'linux',
    ...(resolve ? { resolve } : {}),
  });
}

const send = (
  ports: ReturnType<typeof portsOf>,
  channel: ChannelName,
  target: string,
  more: Partial<NotificationMessage> = {},
) => {
  const found = ports.channels.find((one) => one.channel === channel);
  if (!found) throw new Error(`no channel ${channel}`);
  return found.send({ id: 'a1b2c3', target, message: { ...message, ...more } });
};

async function listen(server: Server | TcpServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A receiver that keeps what it gets; `answer` says what it does then. */
async function receiver(answer: (response: ServerResponse) => void = (response) => response.end('ok')) {
  const received: Received[] = [];
  const handle: RequestListener = (request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({ method: request.method, url: request.url, headers: request.headers, body });
      answer(response);
    });
  };
  const port = await listen(createServer(handle));
  return { port, received, url: `http://127.0.0.1:${port}/hook`, allowed: [`127.0.0.1:${port}`] };
}

describe('a mail', () => {
  async function mailServer(options: SMTPServerOptions = {}) {
    const mails: { from: string; to: string[]; text: string }[] = [];
    const logins: (string | undefined)[] = [];
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onAuth(auth, _session, callback) {
        logins.push(`${auth.username}:${auth.password}`);
        callback(auth.password === 'pass-word' ? null : new Error('Invalid login'), { user: auth.username });
      },
      onData(stream, session, callback) {
        let text = '';
        stream.on('data', (chunk) => {
          text += chunk;
        });
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          mails.push({
            from: mailFrom ? mailFrom.address : '',
            to: rcptTo.map(({ address }) => address),
            text,
          });
          callback();
        });
      },
      ...options,
    });
    server.on('error', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.server.address() as AddressInfo;
    const smtp = { host: '127.0.0.1', port, from: 'Job Scheduler <jobs@company.com>' };
    return { mails, logins, smtp };
  }

  it('goes to all its recipients, with an identity that stays the same', async () => {
    const { mails, smtp } = await mailServer();
    expect(await send(portsOf({ smtp }), 'email', 'a@company.com, b@company.com')).toEqual({ kind: 'sent' });
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({ from: 'jobs@company.com', to: ['a@company.com', 'b@company.com'] });
    expect(mails[0]?.text).toMatch(/^Message-ID: <a1b2c3@company\.com>\r$/m);
    expect(mails[0]?.text).toMatch(/^Subject: .*Nightly.*load/m);
    expect(mails[0]?.text).toMatch(/Disk full: <b> & \{\{job_id\}\}/);
    expect(mails[0]?.text).toMatch(/http:\/\/scheduler:5000\/executions\/exec_1/);
  });

  it('logs in with a secret by its name, and says so when the login is refused', async () => {
    const { mails, logins, smtp } = await mailServer({ allowInsecureAuth: true });
    const login = (password: string) => ({ smtp: { ...smtp, username: 'jobs', password } });
    expect(await send(portsOf(login('{{ secrets.smtp }}')), 'email', 'a@company.com')).toEqual({
      kind: 'sent',
    });
    expect(logins).toEqual(['jobs:pass-word']);
    expect(mails).toHaveLength(1);
    expect(await send(portsOf(login('wrong')), 'email', 'a@company.com')).toMatchObject({
      kind: 'failed',
      error: expect.stringMatching(/Invalid login/),
      isFinal: false,
    });
    expect(await send(portsOf(login('{{ secrets.none }}')), 'email', 'a@company.com')).toMatchObject({
      error: expect.stringMatching(/There is no secret "none"/),
    });
  });

  it('refused for one of its recipients says for which; refused for all is given up', async () => {
    const { smtp, mails } = await mailServer({
      onRcptTo(address, _session, callback) {
        const refusal: Error & { responseCode?: number } = new Error('no such mailbox');
        refusal.responseCode = 550;
        callback(address.address.startsWith('gone') ? refusal : null);
      },
    });
    expect(await send(portsOf({ smtp }), 'email', 'a@company.com, gone@company.com')).toEqual({
      kind: 'sent',
      note: 'the mail server refused gone@company.com; the others were accepted',
    });
    expect(mails).toHaveLength(1);
    expect(await send(portsOf({ smtp }), 'email', 'gone@company.com')).toMatchObject({
      kind: 'failed',
      isFinal: true,
    });
  });

  it('is tried again when the server is busy, hangs, or is not there', async () => {
    const busy: SMTPServerOptions = {
      onMailFrom(_address, _session, callback) {
        const refusal: Error & { responseCode?: number } = new Error('try later');
        refusal.responseCode = 451;
        callback(refusal);
      },
    };
    const { smtp } = await mailServer(busy);
    expect(await send(portsOf({ smtp }), 'email', 'a@b.cc')).toMatchObject({
      kind: 'failed',
      isFinal: false,
    });
    const silent = await listen(createTcpServer(() => undefined));
    const hanging = { ...smtp, port: silent };
    expect(await send(portsOf({ smtp: hanging }), 'email', 'a@b.cc')).toMatchObject({
      kind: 'failed',
      isFinal: false,
    });
    const nobody = { ...smtp, port: 1 };
    expect(await send(portsOf({ smtp: nobody }), 'email', 'a@b.cc')).toMatchObject({
      error: expect.stringMatching(/ECONNREFUSED/),
      isFinal: false,
    });
    expect(await send(portsOf({}), 'email', 'a@b.cc')).toMatchObject({
      error: expect.stringMatching(/notifications\.smtp\.host/),
    });
  });

  it('can’t be given further headers or recipients by a name or an address', async () => {
    const { mails, smtp } = await mailServer();
    const hostile = { title: 'x\r\nBcc: evil@company.com\r\n\r\nbody' };
    expect(await send(portsOf({ smtp }), 'email', 'a@company.com', hostile)).toEqual({ kind: 'sent' });
    expect(mails[0]?.to).toEqual(['a@company.com']);
    expect(mails[0]?.text).not.toMatch(/^Bcc:/m);
    for (const to of ['a@b.cc\r\nBcc: c@d.ee', 'x <a@b.cc>', 'a@b.cc,c@d.ee'])
      expect(await send(portsOf({ smtp }), 'email', to)).toMatchObject({ kind: 'failed', isFinal: true });
    expect(mails).toHaveLength(1);
  });
});

describe('a web request', () => {
  it('arrives with its identity, and the secrets its configuration names', async () => {
    const { url, allowed, received } = await receiver();
    const ports = portsOf({
      allowed_hosts: allowed,
      webhooks: {
        mine: {
          url,
          headers: { Authorization: 'Bearer {{ secrets.smtp }}' },
          body: '{"t": "{{title}}", "e": "{{ error }}", "x": "{{unknown}} {{constructor}} \u0024{1}", "n": {{count}}}',
        },
      },
    });
    expect(await send(ports, 'webhook', 'mine')).toEqual({ kind: 'sent' });
    expect(received[0]).toMatchObject({ method: 'POST', url: '/hook' });
    expect(received[0]?.headers).toMatchObject({
      'idempotency-key': 'a1b2c3',
      authorization: 'Bearer pass-word',
    });
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({
      t: 'Nightly "load" failed',
      e: message.error,
      x: '{{unknown}} {{constructor}} \u0024{1}',
      n: 1,
    });
    expect(await send(ports, 'webhook', url)).toEqual({ kind: 'sent' });
    expect(JSON.parse(received[1]?.body ?? '')).toMatchObject({
      kind: 'failure',
      job_id: 'load',
      notification_id: 'a1b2c3',
    });
  });

  it('speaks to Slack and Teams in their own forms, and hears what they say behind a 200', async () => {
    let answer = 'ok';
    const { url, allowed, received } = await receiver((response) => response.end(answer));
    const ports = portsOf({
      allowed_hosts: allowed,
      slack: { webhook_urls: { '#alerts': url } },
      teams: { webhook_url: url },
    });
    expect(await send(ports, 'slack', '#alerts')).toEqual({ kind: 'sent' });
    expect(await send(ports, 'teams', 'Operations')).toEqual({ kind: 'sent' });
    expect(received[0]?.body).toMatch(/Disk full: &lt;b&gt; &amp;/);
    expect(JSON.parse(received[1]?.body ?? '').attachments[0].content.type).toBe('AdaptiveCard');
    expect(await send(ports, 'slack', '#other')).toMatchObject({
      error: expect.stringMatching(/"#other" has no address/),
    });
    answer = '{"ok":false,"error":"channel_not_found"}';
    expect(await send(ports, 'slack', '#alerts')).toMatchObject({
      error: expect.stringMatching(/channel_not_found/),
    });
    answer = 'Webhook message delivery failed with error: 429';
    expect(await send(ports, 'teams', 'x')).toMatchObject({ kind: 'failed', isFinal: false });
  });

  it.each([
    [500, false],
    [503, false],
    [429, false],
    [408, false],
    [400, true],
    [404, true],
    [410, true],
  ])('answered with %i is given up: %s', async (status, isFinal) => {
    const { url, allowed } = await receiver((response) => {
      response.writeHead(status, { 'Retry-After': '120' });
      response.end('go away');
    });
    expect(await send(portsOf({ allowed_hosts: allowed }), 'webhook', url)).toMatchObject({
      kind: 'failed',
      isFinal,
      error: `it answered ${status} (go away)`,
      retryAfterSeconds: 120,
    });
  });

  it('does not follow a redirect', async () => {
    const secret = await receiver();
    const liar = await receiver((response) => {
      response.writeHead(302, { Location: secret.url });
      response.end();
    });
    const outcome = await send(
      portsOf({ allowed_hosts: [...liar.allowed, ...secret.allowed] }),
      'webhook',
      liar.url,
    );
    expect(outcome).toMatchObject({
      kind: 'failed',
      isFinal: true,
      error: expect.stringMatching(/302, a redirect/),
    });
    expect(secret.received).toEqual([]);
  });

  it('ends in time when the receiver hangs, drips, or never ends, and reads 64 KB at most', async () => {
    const hanging = await receiver(() => undefined);
    expect(await send(portsOf({ allowed_hosts: hanging.allowed }), 'webhook', hanging.url)).toMatchObject({
      kind: 'failed',
      isFinal: false,
      error: expect.stringMatching(/no answer within 0\.5 s; whether it arrived is not known/),
    });
    const silent = await listen(createTcpServer(() => undefined));
    expect(
      await send(
        portsOf({ allowed_hosts: [`127.0.0.1:${silent}`] }),
        'webhook',
        `http://127.0.0.1:${silent}/`,
      ),
    ).toMatchObject({ kind: 'failed', isFinal: false });
    const endless = await receiver((response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) {
          // As much as it takes.
        }
      };
      response.on('drain', more);
      more();
    });
    const rules = { allowedHosts: endless.allowed, timeoutMs: 5000 };
    const reply = await webRequest({ url: endless.url, method: 'GET', headers: {} }, rules);
    expect(reply).toMatchObject({ status: 200 });
    expect('body' in reply && reply.body.length).toBe(65_536);
    const dripping = await receiver((response) => void response.write('ok'));
    expect(await send(portsOf({ allowed_hosts: dripping.allowed }), 'webhook', dripping.url)).toEqual({
      kind: 'sent',
    });
  });

  it('goes to the address that was checked, and to no private one, whatever a name says', async () => {
    const { port, received } = await receiver();
    const url = `http://hooks.example:${port}/hook`;
    const names = (...answers: string[][]) => {
      let asked = 0;
      return async () => answers[Math.min(asked++, answers.length - 1)] ?? [];
    };
    // Public at the check, private ever after: the connection would go to the first.
    const turning = names(['203.0.114.7'], ['127.0.0.1']);
    expect(await send(portsOf({}, turning), 'webhook', url)).toMatchObject({
      kind: 'failed',
      isFinal: false,
    });
    for (const private_ of [
      ['127.0.0.1'],
      ['8.8.8.8', '10.0.0.1'],
      ['::ffff:127.0.0.1'],
      ['169.254.169.254'],
    ])
      expect(await send(portsOf({}, names(private_)), 'webhook', url)).toMatchObject({
        kind: 'failed',
        isFinal: true,
        error: expect.stringMatching(/hooks\.example leads to .* private network/),
      });
    expect(received).toEqual([]);
    const allowed = portsOf({ allowed_hosts: [`hooks.example:${port}`] }, names(['127.0.0.1']));
    expect(await send(allowed, 'webhook', url)).toEqual({ kind: 'sent' });
    expect(received[0]?.headers.host).toBe(`hooks.example:${port}`);
  });

  it('of a heartbeat says what went wrong', async () => {
    let status = 200;
    const { url, allowed, received } = await receiver((response) => {
      response.writeHead(status);
      response.end();
    });
    const { heartbeat } = portsOf({ allowed_hosts: allowed, heartbeat: { url, every: 60 } });
    expect(heartbeat).toMatchObject({ everySeconds: 60, describe: '127.0.0.1' });
    expect(await heartbeat?.beat()).toBeUndefined();
    status = 500;
    expect(await heartbeat?.beat()).toBe('it answered 500');
    expect(received.map(({ method }) => method)).toEqual(['GET', 'GET']);
  });
});

describe('the event log', () => {
  it('is refused in words where there is none', async () => {
    expect(await send(portsOf({}), 'event_log', '')).toMatchObject({
      kind: 'failed',
      isFinal: true,
      error: expect.stringMatching(/part of Windows/),
    });
  });

  it('gets its entry by eventcreate', () => {
    const args = eventCreateArguments({ message: { ...message, text: '100 % "full"' } });
    expect(args.slice(0, 8)).toEqual([
      '/L',
      'APPLICATION',
      '/SO',
      'JobScheduler',
      '/T',
      'ERROR',
      '/ID',
      '100',
    ]);
    expect(args[9]).toMatch(/^Nightly 'load' failed\r\n100 %% 'full'\r\n/);
    expect(args).toHaveLength(10);
  });
});
