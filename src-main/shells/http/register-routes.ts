import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { contract } from '../../../src-shared/contract/index';
import { type NamedOperation, operations } from '../../../src-shared/contract/operation';
import { AppError } from '../../../src-shared/errors';
import type { Invoke, InvokeReply } from '../../api/invoke';

const defaultBodyLimit = 1024 * 1024;

/** Sends what the door answered. */
export function sendReply(reply: FastifyReply, answer: InvokeReply): FastifyReply {
  reply.code(answer.status);
  if (answer.kind === 'raw') {
    const { contentType, body, headers } = answer.reply;
    if (headers) reply.headers(headers);
    reply.type(contentType);
    if (typeof body === 'string') return reply.send(body);
    if (Symbol.asyncIterator in body) return reply.send(Readable.from(body));
    return reply.send(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  }
  if (answer.etag !== undefined) reply.header('ETag', answer.etag);
  if (answer.retryAfterSeconds !== undefined) reply.header('Retry-After', String(answer.retryAfterSeconds));
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(answer.body));
}

/** One route per operation of the contract. Streams are routed where they are served. */
export function registerRoutes(app: FastifyInstance, invoke: Invoke): void {
  for (const { id, operation } of operations(contract)) {
    if (operation.kind === 'events') continue;
    app.route({
      method: operation.method,
      url: operation.path,
      exposeHeadRoute: false,
      bodyLimit: operation.bodyLimit ?? defaultBodyLimit,
      config: { acceptsYaml: operation.acceptsYaml === true, isPublic: operation.role === 'public' },
      async handler(request: FastifyRequest, reply) {
        const gone = new AbortController();
        reply.raw.once('close', () => {
          if (!reply.raw.writableFinished) gone.abort();
        });
        const answer = await invoke(
          id,
          {
            params: request.params,
            query: request.query,
            body: request.body ?? undefined,
            // A proxy or a browser may put it on a request that only reads: there it means nothing.
            ...(operation.method === 'GET' ? {} : { ifMatch: request.headers['if-match'] }),
          },
          { principal: request.principal, origin: request.ip, signal: gone.signal },
        );
        return sendReply(reply, answer);
      },
    });
  }
}

interface KnownPath {
  readonly pattern: RegExp;
  readonly method: string;
}

function pathsOf(all: readonly NamedOperation[]): KnownPath[] {
  return all.map(({ operation }) => ({
    pattern: new RegExp(`^${operation.path.replace(/[.]/g, '\\.').replace(/:[a-z_]+/g, '[^/]+')}/?$`),
    method: operation.method,
  }));
}

/** What a request that fits no route is told: the methods of its path, or that there is no such path. */
export function createNotFound(): (
  method: string,
  path: string,
) => { readonly error: AppError; readonly allow?: string } {
  const known = pathsOf(operations(contract));
  return (method, path) => {
    const allowed = new Set(known.filter(({ pattern }) => pattern.test(path)).map((one) => one.method));
    if (allowed.size > 0) {
      const allow = [...allowed].join(', ');
      return {
        error: new AppError('method_not_allowed', `${method} is not possible here; expected ${allow}`),
        allow,
      };
    }
    return { error: new AppError('not_found', 'There is nothing at this address') };
  };
}
