import { AppError } from '../../../src-shared/errors';
import type { Role } from '../../../src-shared/model/role';
import type { Clock } from '../ports/clock';
import type { Random } from '../ports/random';
import type { ApiKeyRecord, ApiKeyRepository } from '../ports/store';
import type { Principal } from './principal';
import { createSessions, type Sessions } from './sessions';

const keyPrefix = 'jsk_';
const dayMs = 86_400_000;

/** Who may come in. Keys are random and 256 bits long, so their plain SHA-256 is all that is kept of them. */
export interface Access {
  authenticateKey(key: string): Promise<Principal | undefined>;
  createKey(input: {
    readonly name: string;
    readonly role: Role;
    readonly expires_in_days?: number;
  }): Promise<{ readonly key: string; readonly record: ApiKeyRecord }>;
  /** Throws `not_found`, or `conflict` for the last key that can administer. */
  revokeKey(key_id: string): Promise<void>;
  listKeys(): Promise<ApiKeyRecord[]>;
  /** At the first start: the administrator's key, the only time it is told. */
  ensureAdminKey(): Promise<{ readonly key: string } | undefined>;
  /** The listener hears of each revoked key's id, so that open streams can be ended. */
  onRevoked(listener: (key_id: string) => void): () => void;
  readonly sessions: Sessions;
}

/** Compares without telling by its time where two digests differ. Both are hex of the same length. */
export function equalDigests(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let index = 0; index < a.length; index += 1) difference |= a.charCodeAt(index) ^ b.charCodeAt(index);
  return difference === 0;
}

export function createAccess(deps: {
  readonly apiKeys: ApiKeyRepository;
  readonly random: Random;
  readonly clock: Clock;
}): Access {
  const { apiKeys, random, clock } = deps;
  const listeners = new Set<(key_id: string) => void>();
  let byDigest: Promise<ReadonlyMap<string, ApiKeyRecord>> | undefined;

  const isValid = (record: ApiKeyRecord): boolean =>
    record.revoked_at === null && (record.expires_at === null || record.expires_at > clock.now());

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

  const sessions = createSessions({
    random,
    clock,
    isKeyValid: async (key_id) => {
      const record = await find(key_id);
      return record !== undefined && isValid(record);
    },
  });

  const createKey: Access['createKey'] = async ({ name, role, expires_in_days }) => {
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
      scopes: null,
      tags: null,
      created_by: null,
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
    async authenticateKey(key) {
      if (key.length > 200) return undefined;
      const digest = random.digest(key);
      const record = (await keys()).get(digest);
      if (!record || !equalDigests(record.key_digest, digest) || !isValid(record)) return undefined;
      return { kind: 'key', key_id: record.key_id, name: record.name, role: record.role };
    },
    async revokeKey(key_id) {
      const record = await find(key_id);
      if (!record || record.revoked_at !== null)
        throw new AppError('not_found', `There is no key "${key_id}"`);
      const administrators = [...(await keys()).values()].filter(
        (one) => one.role === 'admin' && isValid(one),
      );
      const isLast =
        record.role === 'admin' && administrators.length === 1 && administrators[0]?.key_id === key_id;
      if (isLast)
        throw new AppError('conflict', 'This is the last key that can administer; create another first');
      await apiKeys.revoke(key_id, clock.now());
      byDigest = undefined;
      sessions.endOfKey(key_id);
      for (const listener of listeners) listener(key_id);
    },
    listKeys: () => apiKeys.list(),
    async ensureAdminKey() {
      const administrators = [...(await keys()).values()].filter(
        (one) => one.role === 'admin' && isValid(one),
      );
      return administrators.length > 0
        ? undefined
        : { key: (await createKey({ name: 'administrator', role: 'admin' })).key };
    },
    onRevoked(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
