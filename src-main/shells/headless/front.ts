import { createServer, request as httpRequest, type Server } from 'node:http';
import { connect } from 'node:net';
import { pipeline } from 'node:stream';
import { AppError, errorStatus } from '../../../src-shared/errors';
import { allowedHosts, guard } from '../http/guard';

function isReachable(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socket);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}

/**
 * Serves the pages and the API of a scheduler that runs in another process on the same data (`--mode scheduler`),
 * by passing every request on over its socket. The guard stands here; keys are checked there. False when that
 * process does not answer.
 */
export async function serveInFront(options: {
  readonly socket: string;
  readonly web: { readonly host: string; readonly port: number; readonly allowed_hosts: readonly string[] };
}): Promise<boolean> {
  if (!(await isReachable(options.socket))) return false;
  const { web } = options;
  let hosts: ReadonlySet<string> = new Set();
  const server: Server = createServer(
    { maxHeaderSize: 16 * 1024, requestTimeout: 30_000, headersTimeout: 20_000, requireHostHeader: false },
    (incoming, outgoing) => {
      const refuse = (error: AppError) => {
        outgoing.writeHead(error.status, { 'Content-Type': 'application/json', Connection: 'close' });
        outgoing.end(JSON.stringify(error.toBody()));
      };
      const refusal = guard(
        {
          method: incoming.method ?? '',
          url: incoming.url ?? '',
          rawHeaders: incoming.rawHeaders,
          headers: incoming.headers,
        },
        hosts,
      );
      if (refusal) {
        refuse(new AppError(refusal.code, refusal.message));
        return;
      }
      const passed = httpRequest(
        {
          socketPath: options.socket,
          method: incoming.method,
          path: incoming.url,
          headers: incoming.headers,
        },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? errorStatus.unavailable, answer.headers);
          // An answer that breaks off there breaks off here: who listens to the events must come back.
          pipeline(answer, outgoing, () => undefined);
        },
      );
      passed.on('error', () => {
        if (!outgoing.headersSent)
          refuse(
            new AppError('unavailable', 'The scheduler on this data does not answer; is it still running?'),
          );
        else outgoing.destroy();
      });
      outgoing.on('close', () => passed.destroy());
      incoming.pipe(passed);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        new AppError(
          taken ? 'conflict' : 'unavailable',
          taken
            ? `Port ${web.port} on ${web.host} is in use by another program; choose one with --port`
            : error.message,
        ),
      );
    });
    server.listen(web.port, web.host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : web.port;
  hosts = allowedHosts({ host: web.host, port, more: web.allowed_hosts });
  process.stdout.write(
    `\nJob Scheduler serves the pages of the scheduler on this data: http://${web.host}:${port}\n\n`,
  );
  const stop = () => {
    server.closeAllConnections();
    server.close(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return true;
}
