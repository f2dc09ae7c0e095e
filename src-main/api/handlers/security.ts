import { type AppContract, contract } from '../../../src-shared/contract/index';
import type { Handlers } from '../../../src-shared/contract/operation';
import { AppError } from '../../../src-shared/errors';
import type { ApiKeyRecord } from '../../core/ports/store';
import type { Access } from '../../core/security/access';
import type { Principal } from '../../core/security/principal';
import type { ApiContext } from '../invoke';
import { actorOf } from './common';

type SecurityHandlers = Omit<
  Handlers<AppContract, ApiContext>['security'],
  'audit' | 'exportAudit' | 'verifyAudit'
>;

const iso = (instant: number) => new Date(instant).toISOString();
const isoOrNull = (instant: number | null) => (instant === null ? null : iso(instant));

function view({ key_digest: _digest, ...key }: ApiKeyRecord) {
  return {
    ...key,
    scopes: key.scopes && [...key.scopes],
    tags: key.tags && [...key.tags],
    created_date: iso(key.created_date),
    expires_at: isoOrNull(key.expires_at),
    revoked_at: isoOrNull(key.revoked_at),
    last_used: isoOrNull(key.last_used),
  };
}

/** What the audit is told of a key. */
function rights({ name, role, scopes, tags, expires_at }: ApiKeyRecord) {
  return { name, role, scopes, tags, expires_at: isoOrNull(expires_at) };
}

function refuseUnknownGroups(scopes: readonly string[]): void {
  const groups = Object.keys(contract);
  for (const scope of scopes) {
    const group = scope.split(':', 1)[0] ?? '';
    if (group !== '*' && !groups.includes(group))
      throw new AppError(
        'validation_failed',
        `scopes: "${scope}" names no group of operations; expected one of ${groups.join(', ')} or *`,
      );
  }
}

/** Whose login that is: the same user, or the same key. */
function isOwn(principal: Principal, other: Principal): boolean {
  if (principal.user_id !== undefined) return principal.user_id === other.user_id;
  return principal.key_id !== null && principal.key_id === other.key_id;
}

/** Keys and sessions over the API. */
export function createSecurityHandlers(access: Access): SecurityHandlers {
  const known = ({ principal }: ApiContext): Principal => {
    if (!principal) throw new AppError('unauthenticated', 'Nobody is logged in');
    return principal;
  };
  const visible = (principal: Principal) =>
    access.sessions.list().filter((one) => principal.role === 'admin' || isOwn(principal, one.principal));

  return {
    async session(_input, context) {
      const { name, role, kind, user_id, tags, scopes, must_change } = known(context);
      return {
        success: true,
        name,
        role,
        kind,
        user_id: user_id ?? null,
        tags: tags ? [...tags] : null,
        scopes: scopes ? [...scopes] : null,
        must_change: must_change ?? false,
      };
    },
    async changePassword({ body }, context) {
      const { user_id, session_id, name } = known(context);
      if (user_id === undefined)
        throw new AppError('conflict', `"${name}" came in with a key and has no password to change`);
      await access.users.changePassword(user_id, body.current_password, body.new_password);
      access.sessions.endOfUser(user_id, session_id);
      return { success: true, message: 'Password changed; your other sessions have ended' };
    },
    async sessions(_input, context) {
      const principal = known(context);
      return {
        success: true,
        sessions: visible(principal).map((one) => ({
          session_id: one.session_id,
          name: one.principal.name,
          role: one.principal.role,
          user_id: one.principal.user_id ?? null,
          key_id: one.principal.key_id,
          began: iso(one.began),
          last_seen: iso(one.last_seen),
          ends: iso(one.ends),
          origin: one.origin,
          agent: one.agent,
          is_own: one.session_id === principal.session_id,
        })),
      };
    },
    async endSession({ params }, context) {
      const one = visible(known(context)).find((session) => session.session_id === params.session_id);
      if (!one || !access.sessions.endById(params.session_id))
        throw new AppError('not_found', `There is no session "${params.session_id}"`);
      context.note?.(`the session of ${one.principal.name} from ${one.origin} was ended`);
      return { success: true, message: 'Session ended' };
    },
    async listKeys() {
      return { success: true, keys: (await access.listKeys()).map(view) };
    },
    async createKey({ body }, context) {
      refuseUnknownGroups(body.scopes ?? []);
      const { key, record } = await access.createKey({ ...body, created_by: actorOf(context) });
      context.change?.(record.key_id, undefined, rights(record));
      return { success: true, key, api_key: view(record), message: 'Keep this key: it is not shown again' };
    },
    async revokeKey({ params }, context) {
      const record = await access.revokeKey(params.key_id);
      context.change?.(record.key_id, rights(record), undefined);
      return { success: true, message: 'Key revoked' };
    },
  };
}
