import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { SMTPServer } from 'smtp-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createNotificationPorts } from '../../../../src-main/adapters/notify/notification-ports';
import { NotificationSettings } from '../../../../src-main/adapters/settings/notification-settings';
import { createSqlServerClient } from '../../../../src-main/adapters/sql/sqlserver/sqlserver-client';
import { readCertificate, type TlsBeginning } from '../../../../src-main/adapters/tls/read-certificate';
import {
  certificateFindings,
  channelFindings,
  passwordFindings,
} from '../../../../src-main/core/health/expiring-certificates';
import type { SqlTarget } from '../../../../src-main/core/ports/sql-client';
import { createRedactor } from '../../../../src-main/core/secrets/redactor';
import { selfSigned } from '../../../support/certificate';

const dayMs = 86_400_000;
const now = Date.now();
const inDays = (days: number) => Math.floor((now + days * dayMs) / 1000) * 1000;
const limit = () => AbortSignal.timeout(10_000);

/** Listens on this machine until the test ends; its port. */
async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const webServer = (days: number) => {
  const server = createTlsServer(selfSigned('hooks.test', inDays(days)));
  server.on('tlsClientError', () => undefined);
  return listening(server);
};

async function mailServer(
  days: number,
  options: { readonly secure?: boolean; readonly noTls?: boolean } = {},
) {
  const server = new SMTPServer({
    ...selfSigned('mail.test', inDays(days)),
    secure: options.secure ?? false,
    ...(options.noTls ? { disabledCommands: ['STARTTLS'] } : {}),
    logger: false,
  });
  server.on('error', () => undefined);
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return (server.server.address() as AddressInfo).port;
}

/** What SQL Server does up to the login ([MS-TDS]): PRELOGIN, then TLS within its packets. */
function sqlServer(days: number, encryption: number): Promise<number> {
  const secure = selfSigned('sql.test', inDays(days));
  const packed = (payload: Buffer) => {
    const header = Buffer.from([0x12, 1, 0, 0, 0, 0, 0, 0]);
    header.writeUInt16BE(8 + payload.length, 2);
    return Buffer.concat([header, payload]);
  };
  return listening(
    createTcpServer((socket) => {
      let held = Buffer.alloc(0);
      let tls: Duplex | undefined;
      socket.on('data', (chunk) => {
        held = Buffer.concat([held, chunk]);
        while (held.length >= 8 && held.length >= held.readUInt16BE(2)) {
          const length = held.readUInt16BE(2);
          const payload = held.subarray(8, length);
          held = held.subarray(length);
          if (tls) {
            tls.push(payload);
            continue;
          }
          socket.write(packed(Buffer.from([1, 0, 6, 0, 1, 0xff, encryption])));
          tls = new Duplex({
            read: () => undefined,
            write(part: Buffer, _encoding, done) {
              socket.write(packed(part));
              done();
            },
          });
          new TLSSocket(tls as Socket, { isServer: true, ...secure }).on('error', () => undefined);
        }
      });
    }),
  );
}

describe('the certificate of a server', () => {
  it.each<[string, TlsBeginning, () => Promise<number>, string]>([
    ['that speaks TLS at once', 'at once', () => webServer(9), 'hooks.test'],
    ['for mail, after STARTTLS', 'mail', () => mailServer(9), 'mail.test'],
    ['for mail, on the port for TLS', 'at once', () => mailServer(9, { secure: true }), 'mail.test'],
    ['of SQL, within its packets', 'tds', () => sqlServer(9, 1), 'sql.test'],
    ['of SQL that demands it', 'tds', () => sqlServer(9, 3), 'sql.test'],
  ])('is read of one %s', async (_what, beginning, start, subject) => {
    const port = await start();
    expect(await readCertificate({ host: '127.0.0.1', port, beginning }, limit())).toEqual({
      expires_at: inDays(9),
      subject,
    });
  });

  it('is none where there is no TLS', async () => {
    const mail = await mailServer(9, { noTls: true });
    expect(await readCertificate({ host: '127.0.0.1', port: mail, beginning: 'mail' }, limit())).toBe(
      undefined,
    );
    const sql = await sqlServer(9, 2);
    expect(await readCertificate({ host: '127.0.0.1', port: sql, beginning: 'tds' }, limit())).toBe(
      undefined,
    );
  });

  it.each<[string, TlsBeginning, (socket: Socket) => void, RegExp]>([
    ['says nothing', 'mail', () => undefined, /no answer in time/],
    ['says nothing in TLS', 'at once', () => undefined, /no answer in time/],
    ['hangs up', 'tds', (socket) => socket.end(), /closed/],
    ['speaks something else', 'tds', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), /./],
    ['turns mail away', 'mail', (socket) => socket.write('554 no\r\n'), /answered 554 no/],
    ['floods', 'mail', (socket) => socket.write('220-x\r\n'.repeat(10_000)), /speaks no SMTP/],
    ['speaks no TLS', 'at once', (socket) => socket.write('hello'), /./],
  ])('is given up when the server %s', async (_what, beginning, behave, reason) => {
    const port = await listening(createTcpServer(behave));
    const signal = AbortSignal.timeout(400);
    await expect(readCertificate({ host: '127.0.0.1', port, beginning }, signal)).rejects.toThrow(reason);
  });

  it('is given up when nobody listens', async () => {
    const server = createTcpServer();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    await expect(readCertificate({ host: '127.0.0.1', port, beginning: 'at once' }, limit())).rejects.toThrow(
      'ECONNREFUSED',
    );
  });
});

describe('what the doctor says of it', () => {
  it('only when it ends within 30 days, or has ended', () => {
    const of = (days: number) =>
      certificateFindings('the mail server m:25', { expires_at: now + days * dayMs, subject: 'm' }, now);
    expect(of(31)).toEqual([]);
    expect(of(9)[0]).toMatchObject({
      kind: 'certificate',
      severity: 'warning',
      message: expect.stringMatching(
        /^The certificate of the mail server m:25 \(m\) expires in 9 days, on 20/,
      ),
    });
    expect(of(0.5)[0]?.message).toMatch(/expires in 1 day,/);
    expect(of(-2)[0]).toMatchObject({
      severity: 'error',
      message: expect.stringMatching(/has expired on 20/),
    });
    expect(passwordFindings('the login of x', 15)).toEqual([]);
    expect(passwordFindings('the login of x', 1)[0]?.message).toBe(
      'The password of the login of x expires in 1 day',
    );
    expect(passwordFindings('the login of x', 0)[0]?.message).toMatch(/expires today$/);
  });

  it('of the mail server, of receivers and of addresses in jobs, by the rules of sending', async () => {
    const [hook, mail, jobs] = await Promise.all([webServer(9), mailServer(-1), webServer(300)]);
    const settings = NotificationSettings.parse({
      smtp: { host: '127.0.0.1', port: mail, from: 'a@b.example' },
      webhooks: {
        near: { url: `https://127.0.0.1:${hook}/in` },
        plain: { url: `http://127.0.0.1:${hook}/in` },
      },
      heartbeat: { url: 'https://rebinds.example/x' },
      allowed_hosts: [`127.0.0.1:${hook}`, `127.0.0.1:${jobs}`],
      timeout: 5,
    });
    const ports = createNotificationPorts(settings, {
      openSecret: () => '',
      redactor: createRedactor(),
      showToast: () => undefined,
      addresses: () => [],
      platform: 'linux',
      resolve: async () => ['10.0.0.1'],
    });
    const looks = await ports.certificates?.([
      `https://127.0.0.1:${jobs}/x`,
      `https://127.0.0.1:${jobs}/y`,
      'https://127.0.0.1:1/closed',
      'nonsense',
    ]);
    expect(looks).toHaveLength(4);
    expect(
      channelFindings(looks ?? [], now).map(({ kind, severity, message }) => [kind, severity, message]),
    ).toEqual([
      [
        'certificate',
        'error',
        expect.stringContaining(`the mail server 127.0.0.1:${mail} (mail.test) has expired`),
      ],
      [
        'certificate',
        'warning',
        expect.stringContaining(`the receiver 127.0.0.1:${hook} (hooks.test) expires in 9 days`),
      ],
      [
        'channel',
        'warning',
        expect.stringMatching(/^The receiver rebinds.example:443 can't be reached: .*10\.0\.0\.1/),
      ],
    ]);
  });

  it('of a SQL Server where it is checked, and nothing where it is not', async () => {
    const port = await sqlServer(9, 1);
    const client = createSqlServerClient();
    onTestFinished(() => client.close());
    const target: SqlTarget = {
      driver: 'sqlserver',
      server: `127.0.0.1,${port}`,
      port: null,
      database: 'x',
      login: { kind: 'windows', odbc_driver: 'none' },
      encrypt: true,
      trust_server_certificate: false,
      connection_timeout_seconds: 5,
      command_timeout_seconds: 5,
      max_connections: 1,
    };
    expect(await client.expiry?.(target, limit())).toEqual({
      certificate: { expires_at: inDays(9), subject: 'sql.test' },
    });
    expect(await client.expiry?.({ ...target, trust_server_certificate: true }, limit())).toEqual({});
    expect(await client.expiry?.({ ...target, server: '127.0.0.1,1' }, limit())).toEqual({});
  });
});
