import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import cookie from '@fastify/cookie';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { contract } from '../../../src-shared/contract/index';
import { AppError, type ErrorCode, errorStatus } from '../../../src-shared/errors';
import type { Invoke } from '../../api/invoke';
import type { EventBus } from '../../core/events/event-bus';
import type { Logger } from '../../core/ports/logger';
import type { Access } from '../../core/security/access';
import type { Principal } from '../../core/security/principal';
import { isPagePath } from '../pages';
import { registerApiPage } from './api-page';
import { createAttemptLimiter } from './attempt-limiter';
import { authenticate } from './authenticate';
import { checkContentType, registerBodyParsers } from './body-parsers';
import { registerEventStream } from './event-stream';
import { allowedHosts, guard, type Refusal } from './guard';
import type { RefusedListener } from './http-audit';
import { type LoginListener, registerLogin } from './login';
import { noSchemas } from './no-schemas';
import { createNotFound, registerRoutes } from './register-routes';
import { securityHeaders } from './security-headers';
import { registerStaticUi } from './static-ui';

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | undefined;
  }
  interface FastifyContextConfig {
    acceptsYaml?: boolean;
    isPublic?: boolean;
  }
}

export interface HttpServerDeps {
  readonly invoke: Invoke;
  readonly access: Access;
  readonly events: EventBus;
  readonly logger: Logger;
  readonly host: string;
  readonly port: number;
  /** Further names the server answers to. */
  readonly moreHosts: readonly string[];
  readonly noAuth: boolean;
  /** Folder of the built renderer. */
  readonly uiFolder: string;
  readonly version: string;
  /** Tells of logins, for the audit. */
  readonly onLogin: LoginListener;
  /** Tells of a refused write, for the audit. */
  readonly onRefused: RefusedListener;
  /** Listen on this socket file (a pipe on Windows) instead of the port: for another process of this machine. */
  readonly socket?: string;
  /** How long a client may take for its headers and body. */
  readonly requestTimeoutMs?: number;
}

export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

const headerBytes = 16 * 1024;

function answer(response: ServerResponse, status: number, error: AppError): void {
  const body = JSON.stringify(error.toBody());
  response.writeHead(status, {
    ...securityHeaders,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  });
  response.end(body);
}

/** What Node's parser refuses never becomes a request; it is answered on the bare socket. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (socket.destroyed || !socket.writable) return;
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const text = {
    431: 'The headers are too large',
    408: 'The request took too long',
    400: 'This is not a valid HTTP request',
  }[status];
  const body = JSON.stringify(new AppError('validation_failed', text ?? '').toBody());
  const reason = { 431: 'Request Header Fields Too Large', 408: 'Request Timeout', 400: 'Bad Request' }[
    status
  ];
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

const codeOfStatus: ReadonlyMap<number, ErrorCode> = new Map(
  Object.entries(errorStatus).map(([code, status]) => [status, code as ErrorCode]),
);

/** Fastify's own errors in our form; anything unknown is a bug, and its text stays here. */
function toAppError(error: FastifyError | AppError, logger: Logger): AppError {
  if (error instanceof AppError) return error;
  const code = codeOfStatus.get(error.statusCode ?? 500);
  if (code !== undefined && code !== 'internal') return new AppError(code, error.message);
  if ((error.statusCode ?? 500) < 500) return new AppError('validation_failed', error.message);
  logger.error('a request failed unexpectedly', { stack: error.stack });
  return new AppError('internal', 'Something went wrong inside the program; its log says what');
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url;
}

/** Everything behind the guard: who calls, what they send, where it goes. */
async function registerAll(
  app: FastifyInstance,
  deps: HttpServerDeps,
  cookieName: string,
): Promise<{ close(): void }> {
  const { logger, access } = deps;
  const limiter = createAttemptLimiter(() => performance.now());
  const notFound = createNotFound();
  await app.register(cookie);
  registerBodyParsers(app);
  app.decorateRequest('principal', undefined);
  const ui = await registerStaticUi(app, deps.uiFolder);

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders);
    request.principal = await authenticate(request, { access, limiter, cookieName, noAuth: deps.noAuth });
    const path = pathOf(request.url);
    const isPublic = request.routeOptions.config?.isPublic === true || ui.isPublic(path);
    if (!request.principal && !isPublic) {
      const isPage = request.method === 'GET' && isPagePath(path);
      if (isPage) return ui.sendLogin(reply, 401);
      throw new AppError('unauthenticated', 'An API key is needed: X-API-Key or Authorization: Bearer');
    }
    // Somebody who has to choose a password sees the page that asks for it, and nothing else.
    if (request.principal?.must_change && request.method === 'GET' && isPagePath(path) && !isPublic)
      return ui.sendLogin(reply, 200);
    checkContentType(request.method, request.headers['content-type']);
    return undefined;
  });
  app.addHook('onResponse', async (request, reply) => {
    // Whoever follows the logs would read of nothing but his own reading.
    if (pathOf(request.url) === contract.system.logTail.path) return;
    logger.debug(
      `${request.ip} ${request.method} ${pathOf(request.url)} ${reply.statusCode} ${Math.round(reply.elapsedTime)} ms`,
    );
  });
  app.setErrorHandler((error: FastifyError | AppError, request, reply) => {
    const known = toAppError(error, logger);
    reply.headers(securityHeaders);
    if (known.retryAfterSeconds !== undefined) reply.header('Retry-After', String(known.retryAfterSeconds));
    if (known.code === 'unauthenticated') reply.header('WWW-Authenticate', 'Bearer');
    if (known.status < 500)
      logger.debug(`${request.ip} ${request.method} ${pathOf(request.url)}: ${known.message}`);
    return reply
      .code(known.status)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(known.toBody()));
  });
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request.url);
    if (request.method === 'GET' && isPagePath(path)) return ui.sendPage(reply);
    const { error, allow } = notFound(request.method, path);
    if (allow) reply.header('Allow', allow);
    throw error;
  });

  registerRoutes(app, deps.invoke);
  registerLogin(app, { access, limiter, cookieName, ui, onLogin: deps.onLogin });
  registerApiPage(app, deps.version);
  return registerEventStream(app, { events: deps.events, access, logger });
}

/**
 * Serves the contract over HTTP. Throws AppError `conflict` when the port is taken, `unavailable` when the
 * address can't be used.
 */
export async function createHttpServer(deps: HttpServerDeps): Promise<HttpServer> {
  let hosts: ReadonlySet<string> = new Set();
  const timeout = deps.requestTimeoutMs ?? 30_000;

  const refuse = (request: IncomingMessage, response: ServerResponse, { code, message, status }: Refusal) => {
    const path = pathOf(request.url ?? '');
    const source = request.socket.remoteAddress ?? 'unknown';
    deps.logger.warning(`refused ${request.method} ${path.slice(0, 200)} from ${source}: ${message}`);
    deps.onRefused({ method: request.method ?? '', path, origin: source, reason: message });
    answer(response, status ?? errorStatus[code], new AppError(code, message));
  };

  const serverFactory = (handler: (request: IncomingMessage, response: ServerResponse) => void): Server => {
    const server = createServer(
      {
        maxHeaderSize: headerBytes,
        requestTimeout: timeout,
        headersTimeout: Math.min(timeout, 20_000),
        connectionsCheckingInterval: Math.min(5000, timeout),
        keepAliveTimeout: 10_000,
        requireHostHeader: false,
        insecureHTTPParser: false,
      },
      (request, response) => {
        // Requests over the socket come from the program's own front process, which has checked them.
        const refusal =
          deps.socket === undefined
            ? guard(
                {
                  ...request,
                  method: request.method ?? '',
                  url: request.url ?? '',
                  rawHeaders: request.rawHeaders,
                  headers: request.headers,
                },
                hosts,
              )
            : undefined;
        if (refusal) refuse(request, response, refusal);
        else handler(request, response);
      },
    );
    server.on('clientError', answerBrokenRequest);
    return server;
  };

  const app = fastify({
    logger: false,
    schemaController: noSchemas,
    serverFactory,
    bodyLimit: 1024 * 1024,
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 400 },
    forceCloseConnections: true,
    frameworkErrors(error, _request, reply) {
      const known = toAppError(error as FastifyError, deps.logger);
      // biome-ignore lint/suspicious/noExplicitAny: fastify types this reply for its own error bodies only
      (reply as any).headers(securityHeaders).code(known.status).send(known.toBody());
    },
  });
  const streams = await registerAll(app, deps, `js_session_${deps.port}`);

  try {
    if (deps.socket === undefined) await app.listen({ host: deps.host, port: deps.port });
    else {
      if (process.platform !== 'win32') rmSync(deps.socket, { force: true });
      await app.listen({ path: deps.socket });
    }
  } catch (error) {
    await app.close();
    const { code, message } = error as NodeJS.ErrnoException;
    const where = deps.socket ?? `${deps.host}:${deps.port}`;
    if (code === 'EADDRINUSE')
      throw new AppError(
        'conflict',
        `Port ${deps.port} on ${deps.host} is in use by another program; choose one with --port`,
      );
    if (code === 'EACCES')
      throw new AppError(
        'unavailable',
        `${where} may not be used by this user; choose a port above 1023 with --port`,
      );
    throw new AppError('unavailable', `${where} can't be served: ${message}`, { cause: error });
  }
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : deps.port;
  hosts = allowedHosts({ host: deps.host, port, more: deps.moreHosts });
  return {
    port,
    async close() {
      streams.close();
      await app.close();
    },
  };
}
