import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import { nodeRandom } from '../../../../src-main/adapters/secrets/node-random';
import { createAccess } from '../../../../src-main/core/security/access';
import { createFakeTime } from '../../../support/fake-time';

const hour = 3_600_000;

async function setUp() {
  const time = createFakeTime('2026-03-02T08:00:00Z');
  const store = await openSqliteStore({ file: ':memory:' });
  const access = createAccess({ apiKeys: store.apiKeys, random: nodeRandom, clock: time.clock });
  return { time, store, access };
}

describe('keys', () => {
  it('are kept as digests only, and let their owner in with the role they were made for', async () => {
    const { access, store } = await setUp();
    const { key, record } = await access.createKey({ name: 'nightly', role: 'operator' });
    expect(JSON.stringify(await store.apiKeys.list())).not.toContain(key);
    expect(await access.authenticateKey(key)).toEqual({
      kind: 'key',
      key_id: record.key_id,
      name: 'nightly',
      role: 'operator',
    });
    expect(await access.authenticateKey(`${key}x`)).toBeUndefined();
    expect(await access.authenticateKey('')).toBeUndefined();
    expect(await access.authenticateKey('x'.repeat(10_000))).toBeUndefined();
  });

  it('stop working when they expire or are revoked, and the revocation is told', async () => {
    const { access, time } = await setUp();
    const short = await access.createKey({ name: 'short', role: 'admin', expires_in_days: 1 });
    const long = await access.createKey({ name: 'long', role: 'admin' });
    time.setWall(time.clock.now() + 25 * hour);
    expect(await access.authenticateKey(short.key)).toBeUndefined();
    const other = await access.createKey({ name: 'other', role: 'viewer' });
    const told: string[] = [];
    access.onRevoked((key_id) => told.push(key_id));
    await access.revokeKey(other.record.key_id);
    expect(await access.authenticateKey(other.key)).toBeUndefined();
    expect(told).toEqual([other.record.key_id]);
    await expect(access.revokeKey(other.record.key_id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(access.revokeKey(long.record.key_id)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('have an administrator at the first start and no second one later', async () => {
    const { access } = await setUp();
    expect((await access.ensureAdminKey())?.key).toMatch(/^jsk_.{40,}$/);
    expect(await access.ensureAdminKey()).toBeUndefined();
  });
});

describe('sessions', () => {
  it('begin with a link that works once and for a quarter of an hour', async () => {
    const { access, time } = await setUp();
    const { key } = await access.createKey({ name: 'a', role: 'admin' });
    const principal = await access.authenticateKey(key);
    if (!principal) throw new Error('the key is not known');
    const token = access.sessions.createLoginToken(principal);
    const session = access.sessions.redeem(token);
    expect(session).toBeDefined();
    expect(access.sessions.redeem(token)).toBeUndefined();
    const late = access.sessions.createLoginToken(principal);
    time.setWall(time.clock.now() + 16 * 60_000);
    expect(access.sessions.redeem(late)).toBeUndefined();
    expect(await access.sessions.authenticate(session ?? '')).toMatchObject({
      kind: 'session',
      role: 'admin',
    });
  });

  it('end when they are left alone, at logout, and with their key', async () => {
    const { access, time } = await setUp();
    await access.createKey({ name: 'other', role: 'admin' });
    const { key, record } = await access.createKey({ name: 'a', role: 'admin' });
    const principal = await access.authenticateKey(key);
    if (!principal) throw new Error('the key is not known');
    const begin = () => access.sessions.begin(principal);
    const idle = begin();
    time.setWall(time.clock.now() + 9 * hour);
    expect(await access.sessions.authenticate(idle)).toBeUndefined();
    const left = begin();
    access.sessions.end(left);
    expect(await access.sessions.authenticate(left)).toBeUndefined();
    const revoked = begin();
    await access.revokeKey(record.key_id);
    expect(await access.sessions.authenticate(revoked)).toBeUndefined();
  });
});
