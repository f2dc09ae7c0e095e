import { AppError } from '../../../src-shared/errors';
import type { Role } from '../../../src-shared/roles';
import type { Clock } from '../ports/clock';
import type { PasswordHasher } from '../ports/password-hasher';
import type { Random } from '../ports/random';
import type { ApiKeyRecord, ApiKeyRepository, UserRepository } from '../ports/store';
import type { Principal } from './principal';
import { createSessions, type Sessions } from './sessions';
import { createUsers, type Users } from './users';

const keyPrefix = 'jsk_';
const dayMs = 86_400_000;
/** A use is written at most so often: a key may be used many times a second. */
const noteUseEveryMs = 60_000;

export interface NewKey {
  readonly name: string;
  readonly role: Role;
  readonly expires_in_days?: number;
  readonly scopes?: readonly string[] | null;
  readonly tags?: readonly string[] | null;
  readonly created_by?: string;
}

/** Who may come in. Keys are random and 256 bits long, so their plain SHA-256 is all that is kept of them. */
export interface Access {
  /** `from` is noted as where the key was last used. */
  authenticateKey(key: string, from?: string): Promise<Principal | undefined>;
  createKey(input: NewKey): Promise<{ readonly key: string; readonly record: ApiKeyRecord }>;
  /** Throws `not_found`, or `conflict` when nobody could administer without it. */
  revokeKey(key_id: string): Promise<ApiKeyRecord>;
  listKeys(): Promise<ApiKeyRecord[]>;
  /** At the first start: the administrator's key, the only time it is told. */
  ensureAdminKey(): Promise<{ readonly key: string } | undefined>;
  /** Whether somebody who came in may still be in: their key, user and session are asked. */
  isValid(principal: Principal): Promise<boolean>;
  /** The listener is called when somebody's rights ended or changed, so that open streams can ask. */
  onRevoked(listener: () => void): () => void;
  readonly sessions: Sessions;
  readonly users: Users;
}

/** Compares without telling by its time where two digests differ. Both are hex of the same length. */
export function equalDigests(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let index = 0; index < a.length; index += 1) difference |= a.charCodeAt(index) ^ b.charCodeAt(index);
  return difference === 0;
}

function toPrincipal({ key_id, name, role, scopes, tags }: ApiKeyRecord): Principal {
  return {
    kind: 'key',
    key_id,
    name,
    role,
    ...(scopes ? { scopes } : {}),
    ...(tags ? { tags } : {}),
  };
}

export function createAccess(deps: {
  readonly apiKeys: ApiKeyRepository;
  readonly users: UserRepository;
  readonly hasher: PasswordHasher;
  readonly random: Random;
  readonly clock: Clock;
}): Access {
  const { apiKeys, random, clock } = deps;
  const listeners = new Set<() => void>();
  let byDigest: Promise<ReadonlyMap<string, ApiKeyRecord>> | undefined;
  const noted = new Map<string, { readonly at: number; readonly from: string }>();

  const isLive = (record: ApiKeyRecord): boolean =>
    record.revoked_at === null && (record.expires_at === null || record.expires_at > clock.now());
  const isAdministrator = (record: ApiKeyRecord): boolean =>
    isLive(record) && record.role === 'admin' && record.scopes === null && record.tags === null;

  /** All keys in memory: they are asked for at every request, and change rarely. */
  const keys = () => {
    byDigest ??= apiKeys.list().then((all) => new Map(all.map((record) => [record.key_digest, record])));
    byDigest.catch(() => {
      byDigest = undefined;
    });
    return byDigest;
  };
  const find = async (key_id: string): Promise<ApiKeyRecord | undefined> =>
    [...(await keys()).values()].find((record) => record.key_id === key_id);
  const countAdminKeys = async () => [...(await keys()).values()].filter(isAdministrator).length;

  const tell = () => {
    for (const listener of listeners) listener();
  };

  const users = createUsers({
    ...deps,
    countAdminKeys,
    onChanged(user_id, endsSessions) {
      if (endsSessions) sessions.endOfUser(user_id);
      tell();
    },
  });

  const current = async (principal: Principal): Promise<Principal | undefined> => {
    if (principal.user_id !== undefined) return users.principalOf(principal.user_id);
    if (principal.key_id === null) return principal;
    const record = await find(principal.key_id);
    return record && isLive(record) ? toPrincipal(record) : undefined;
  };
  const sessions = createSessions({ random, clock, current, onEnded: tell });

  const noteUse = (key_id: string, from: string) => {
    const at = clock.now();
    const known = noted.get(key_id);
    if (known && known.from === from && at - known.at < noteUseEveryMs) return;
    noted.set(key_id, { at, from });
    // Whether it can be written decides nothing about who may come in.
    apiKeys.noteUse(key_id, at, from).catch(() => noted.delete(key_id));
  };

  const createKey: Access['createKey'] = async ({ name, role, expires_in_days, ...rest }) => {
    const key = keyPrefix + random.token(32);
    const now = clock.now();
    const record: ApiKeyRecord = {
      key_id: random.token(9).replace(/[_-]/g, 'x'),
      name,
      role,
      prefix: key.slice(0, keyPrefix.length + 6),
      key_digest: random.digest(key),
      created_date: now,
      expires_at: expires_in_days === undefined ? null : now + expires_in_days * dayMs,
      revoked_at: null,
      scopes: rest.scopes ?? null,
      tags: rest.tags ?? null,
      created_by: rest.created_by?.slice(0, 255) ?? null,
      last_used: null,
      last_used_from: null,
    };
    await apiKeys.insert(record);
    byDigest = undefined;
    return { key, record };
  };

  return {
    createKey,
    sessions,
    users,
    async authenticateKey(key, from) {
      if (key.length > 200) return undefined;
      const digest = random.digest(key);
      const record = (await keys()).get(digest);
      if (!record || !equalDigests(record.key_digest, digest) || !isLive(record)) return undefined;
      if (from !== undefined) noteUse(record.key_id, from);
      return toPrincipal(record);
    },
    async revokeKey(key_id) {
      const record = await find(key_id);
      if (!record || record.revoked_at !== null)
        throw new AppError('not_found', `There is no key "${key_id}"`);
      if (isAdministrator(record)) {
        const others = (await countAdminKeys()) - 1 + (await users.countAdministrators());
        if (others === 0)
          throw new AppError('conflict', 'This is the last key that can administer; create another first');
      }
      await apiKeys.revoke(key_id, clock.now());
      byDigest = undefined;
      sessions.endOfKey(key_id);
      tell();
      return record;
    },
    listKeys: () => apiKeys.list(),
    async ensureAdminKey() {
      const known = (await countAdminKeys()) + (await users.countAdministrators());
      return known > 0 ? undefined : { key: (await createKey({ name: 'administrator', role: 'admin' })).key };
    },
    async isValid(principal) {
      if (principal.session_id !== undefined && !sessions.isOpen(principal.session_id)) return false;
      const now = await current(principal);
      // Somebody who may less than before begins anew.
      return (
        now !== undefined &&
        now.role === principal.role &&
        JSON.stringify(now.scopes) === JSON.stringify(principal.scopes)
      );
    },
    onRevoked(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
