import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../../src-shared/errors';
import type { Access } from '../../core/security/access';
import type { Principal } from '../../core/security/principal';
import { type AttemptLimiter, createAttemptLimiter } from './attempt-limiter';
import type { UiFiles } from './static-ui';

const LoginBody = z.union([
  z.strictObject({ key: z.string().min(1).max(200) }),
  z.strictObject({ username: z.string().min(1).max(200), password: z.string().min(1).max(1000) }),
]);

/** What the audit hears of logins. `name` is what was typed, or who came in. */
export type LoginListener = (told: {
  readonly action: 'login' | 'logout';
  readonly principal: Principal | undefined;
  readonly name: string;
  readonly origin: string;
  readonly outcome: 'ok' | 'refused';
  readonly reason?: string;
}) => void;

/** Passwords are shorter than keys: from one address, ten wrong ones for a name, or fifty for any, end the guessing. */
const windowMs = 5 * 60_000;
const mostForName = 10;
const mostForAddress = 50;

function tooMany(seconds: number, what: string): AppError {
  return new AppError('rate_limited', `Too many wrong ${what}; try again in ${seconds} s`, {
    retryAfterSeconds: seconds,
  });
}

/** The browser's ways in and out: the one-time link, name and password or a key on the login page, and logout. */
export function registerLogin(
  app: FastifyInstance,
  deps: {
    readonly access: Access;
    readonly limiter: AttemptLimiter;
    readonly cookieName: string;
    readonly ui: UiFiles;
    readonly onLogin: LoginListener;
  },
): void {
  const { access, cookieName, limiter } = deps;
  const now = () => performance.now();
  const byName = createAttemptLimiter(now, { windowMs, mostFailures: mostForName });
  const byAddress = createAttemptLimiter(now, { windowMs, mostFailures: mostForAddress });

  const placeOf = (request: FastifyRequest) => ({
    origin: request.ip,
    agent: String(request.headers['user-agent'] ?? ''),
  });
  const admit = (reply: FastifyReply, session: string) =>
    reply.setCookie(cookieName, session, { httpOnly: true, sameSite: 'strict', path: '/' });
  const refuse = (request: FastifyRequest, name: string, error: AppError): never => {
    const { ip: origin } = request;
    deps.onLogin({
      action: 'login',
      principal: undefined,
      name,
      origin,
      outcome: 'refused',
      reason: error.message,
    });
    throw error;
  };

  const byPassword = async (request: FastifyRequest, username: string, password: string) => {
    const person = `${request.ip} ${username.trim().toLowerCase()}`;
    const wait = byName.wait(person) ?? byAddress.wait(request.ip);
    // Nothing is looked at while it lasts: whether a guess was right must not be told.
    if (wait !== undefined) throw tooMany(wait, 'passwords');
    const principal = await access.users.login(username, password);
    if (!principal) {
      byName.fail(person);
      byAddress.fail(request.ip);
      return refuse(
        request,
        username,
        new AppError('unauthenticated', 'The user name or the password is not right'),
      );
    }
    byName.forget(person);
    return principal;
  };

  const byKey = async (request: FastifyRequest, key: string) => {
    const principal = await access.authenticateKey(key, request.ip);
    if (principal) return principal;
    const wait = limiter.fail(request.ip);
    if (wait !== undefined) throw tooMany(wait, 'keys');
    return refuse(
      request,
      'a key',
      new AppError('unauthenticated', 'The key is not known, has expired or was revoked'),
    );
  };

  app.get('/login', { exposeHeadRoute: false, config: { isPublic: true } }, async (request, reply) => {
    const { token } = request.query as Record<string, unknown>;
    if (typeof token !== 'string') return deps.ui.sendLogin(reply, 200);
    const session = access.sessions.redeem(token, placeOf(request));
    if (!session) {
      const wait = limiter.fail(request.ip);
      if (wait !== undefined) throw tooMany(wait, 'links');
      return deps.ui.sendLogin(reply, 401);
    }
    const principal = await access.sessions.authenticate(session);
    const name = principal?.name ?? '';
    deps.onLogin({ action: 'login', principal, name, origin: request.ip, outcome: 'ok' });
    return admit(reply, session).redirect('/', 303);
  });

  app.post('/api/login', { config: { isPublic: true } }, async (request, reply) => {
    const body = LoginBody.safeParse(request.body);
    if (!body.success)
      throw new AppError(
        'validation_failed',
        'body: expected {"username": "...", "password": "..."} or {"key": "..."}',
      );
    const principal = await ('key' in body.data
      ? byKey(request, body.data.key)
      : byPassword(request, body.data.username, body.data.password));
    const { name, role } = principal;
    deps.onLogin({ action: 'login', principal, name, origin: request.ip, outcome: 'ok' });
    return admit(reply, access.sessions.begin(principal, placeOf(request))).send({
      success: true,
      name,
      role,
      must_change: principal.must_change ?? false,
    });
  });

  app.post('/api/logout', async (request, reply) => {
    const session = request.cookies[cookieName];
    if (session !== undefined) access.sessions.end(session);
    const { principal } = request;
    if (principal)
      deps.onLogin({
        action: 'logout',
        principal,
        name: principal.name,
        origin: request.ip,
        outcome: 'ok',
      });
    return reply.clearCookie(cookieName, { path: '/' }).send({ success: true });
  });
}
