import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../../src-shared/errors';
import type { Access } from '../../core/security/access';
import type { AttemptLimiter } from './attempt-limiter';
import type { UiFiles } from './static-ui';

const LoginBody = z.strictObject({ key: z.string().min(1).max(200) });

/** The browser's ways in and out: the one-time link, the login page's key, and logout. */
export function registerLogin(
  app: FastifyInstance,
  deps: {
    readonly access: Access;
    readonly limiter: AttemptLimiter;
    readonly cookieName: string;
    readonly ui: UiFiles;
  },
): void {
  const { access, cookieName } = deps;
  const admit = (reply: FastifyReply, session: string) =>
    reply.setCookie(cookieName, session, { httpOnly: true, sameSite: 'strict', path: '/' });

  app.get('/login', { exposeHeadRoute: false, config: { isPublic: true } }, async (request, reply) => {
    const { token } = request.query as Record<string, unknown>;
    if (typeof token !== 'string') return deps.ui.sendLogin(reply, 200);
    const session = access.sessions.redeem(token);
    if (!session) {
      const wait = deps.limiter.fail(request.ip);
      if (wait !== undefined)
        throw new AppError('rate_limited', `Too many wrong links; try again in ${wait} s`, {
          retryAfterSeconds: wait,
        });
      return deps.ui.sendLogin(reply, 401);
    }
    return admit(reply, session).redirect('/', 303);
  });

  app.post('/api/login', { config: { isPublic: true } }, async (request, reply) => {
    const body = LoginBody.safeParse(request.body);
    if (!body.success) throw new AppError('validation_failed', 'body: expected {"key": "..."}');
    const principal = await access.authenticateKey(body.data.key);
    if (!principal) {
      const wait = deps.limiter.fail(request.ip);
      if (wait !== undefined)
        throw new AppError('rate_limited', `Too many wrong keys; try again in ${wait} s`, {
          retryAfterSeconds: wait,
        });
      throw new AppError('unauthenticated', 'The key is not known, has expired or was revoked');
    }
    return admit(reply, access.sessions.begin(principal)).send({
      success: true,
      name: principal.name,
      role: principal.role,
    });
  });

  app.post('/api/logout', async (request, reply) => {
    const session = request.cookies[cookieName];
    if (session !== undefined) access.sessions.end(session);
    return reply.clearCookie(cookieName, { path: '/' }).send({ success: true });
  });
}
