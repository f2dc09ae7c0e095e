import type { FastifyRequest } from 'fastify';
import { AppError } from '../../../src-shared/errors';
import type { Access } from '../../core/security/access';
import type { Principal } from '../../core/security/principal';
import type { AttemptLimiter } from './attempt-limiter';

/** Everyone, when --no-auth was asked for on a loopback address. */
const everyone: Principal = { kind: 'local', key_id: null, name: 'local (no auth)', role: 'admin' };

function headerKey(request: FastifyRequest): string | undefined {
  const own = request.headers['x-api-key'];
  if (typeof own === 'string' && own !== '') return own;
  const [scheme = '', value] = (request.headers.authorization ?? '').split(' ', 2);
  return scheme.toLowerCase() === 'bearer' ? value : undefined;
}

/**
 * Who calls: by key, or by the browser's session. Undefined for nobody. Throws `unauthenticated` for a wrong key
 * (`rate_limited` after many), `forbidden` for a write by cookie that does not prove where it comes from.
 */
export async function authenticate(
  request: FastifyRequest,
  deps: {
    readonly access: Access;
    readonly limiter: AttemptLimiter;
    readonly cookieName: string;
    readonly noAuth: boolean;
  },
): Promise<Principal | undefined> {
  if (deps.noAuth) return everyone;
  const key = headerKey(request);
  if (key !== undefined) {
    const principal = await deps.access.authenticateKey(key, request.ip);
    if (principal) return principal;
    const wait = deps.limiter.fail(request.ip);
    if (wait === undefined)
      throw new AppError('unauthenticated', 'The key is not known, has expired or was revoked');
    throw new AppError('rate_limited', `Too many wrong keys; try again in ${wait} s`, {
      retryAfterSeconds: wait,
    });
  }
  const session = request.cookies[deps.cookieName];
  if (session === undefined) return undefined;
  const principal = await deps.access.sessions.authenticate(session);
  if (!principal) return undefined;
  // A browser sends one of these with every write; what sends neither is no page of ours.
  const isWrite = request.method !== 'GET' && request.method !== 'HEAD';
  const provesOrigin =
    request.headers.origin !== undefined || request.headers['sec-fetch-site'] === 'same-origin';
  if (isWrite && !provesOrigin)
    throw new AppError('forbidden', 'A change by cookie must come from a page of this server');
  return principal;
}
