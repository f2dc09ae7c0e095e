import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import { nodeRandom } from '../../../../src-main/adapters/secrets/node-random';
import { createScryptHasher } from '../../../../src-main/adapters/secrets/scrypt-hasher';
import { createAccess } from '../../../../src-main/core/security/access';
import { createFakeTime } from '../../../support/fake-time';

const hour = 3_600_000;

async function setUp() {
  const time = createFakeTime('2026-03-02T08:00:00Z');
  const store = await openSqliteStore({ file: ':memory:' });
  const access = createAccess({
    apiKeys: store.apiKeys,
    users: store.users,
    // What it costs is tried apart; here it would only take its time.
    hasher: createScryptHasher({ log2N: 10, r: 8, p: 1 }),
    random: nodeRandom,
    clock: time.clock,
  });
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
    const principal = await access.authenticateKey(other.key);
    if (!principal) throw new Error('the key is not known');
    let told = 0;
    access.onRevoked(() => {
      told += 1;
    });
    expect(await access.isValid(principal)).toBe(true);
    await access.revokeKey(other.record.key_id);
    expect(await access.isValid(principal)).toBe(false);
    expect(await access.authenticateKey(other.key)).toBeUndefined();
    expect(told).toBe(1);
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

describe('a key', () => {
  it('carries what it may, and tells when and from where it was last used', async () => {
    const { access, time } = await setUp();
    const scopes = ['jobs:read', 'jobs:operate'];
    const { key, record } = await access.createKey({ name: 'a', role: 'admin', scopes, tags: ['night'] });
    expect(record.last_used).toBeNull();
    expect(await access.authenticateKey(key, '10.0.0.7')).toMatchObject({ scopes, tags: ['night'] });
    const used = async () => (await access.listKeys())[0];
    await expect.poll(used).toMatchObject({ last_used: time.clock.now(), last_used_from: '10.0.0.7' });
  });

  it('that may only part of it is no administrator: the last whole one stays', async () => {
    const { access } = await setUp();
    const whole = await access.createKey({ name: 'whole', role: 'admin' });
    await access.createKey({ name: 'part', role: 'admin', scopes: ['jobs:read'] });
    await access.createKey({ name: 'some jobs', role: 'admin', tags: ['x'] });
    await expect(access.revokeKey(whole.record.key_id)).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('users', () => {
  const anna = {
    login_name: 'Anna',
    display_name: 'Anna M',
    role: 'admin',
    tags: null,
    enabled: true,
  } as const;
  const password = 'four words of mine';

  it('log in with name and password, whose hash alone is kept, and choose their own at first', async () => {
    const { access, store } = await setUp();
    const made = await access.users.create(anna, 'local');
    expect(made.password).toMatch(/^[A-Za-z0-9-]{20,}$/);
    expect(JSON.stringify(await store.users.list())).not.toContain(made.password);
    expect((await store.users.list())[0]?.password_hash).toMatch(/^scrypt\$10\$8\$1\$/);
    expect(await access.users.login('ANNA', `${made.password}x`)).toBeUndefined();
    expect(await access.users.login('nobody', password)).toBeUndefined();
    expect(await access.users.login(' anna ', made.password ?? '')).toMatchObject({
      name: 'anna',
      role: 'admin',
      must_change: true,
    });
    const { user_id } = made.user;
    const wrong = access.users.changePassword(user_id, 'wrong', password);
    await expect(wrong).rejects.toMatchObject({ code: 'forbidden' });
    await access.users.changePassword(user_id, made.password ?? '', password);
    expect((await access.users.login('anna', password))?.must_change).toBeUndefined();
    await expect(access.users.create(anna, 'local')).rejects.toMatchObject({ code: 'conflict' });
  });

  it.each([
    ['short', 'short1!'],
    ['the name', 'annaannaanna1'],
    ['one sign', 'aaaaaaaaaaaaaaaa'],
    ['a common one', 'Password12345'],
    ['a row of keys', 'qwertyuiopas'],
  ])('may not have %s as password', async (_what, weak) => {
    const { access } = await setUp();
    const made = access.users.create({ ...anna, password: weak }, 'local');
    const refused = await made.catch((error: Error) => error);
    expect(refused).toMatchObject({ code: 'validation_failed' });
    expect((refused as Error).message).not.toContain(weak);
  });

  it('are out at once when they are switched off, get another password, or are deleted', async () => {
    const { access } = await setUp();
    await access.createKey({ name: 'admin', role: 'admin' });
    const { user } = await access.users.create({ ...anna, role: 'viewer', password }, 'local');
    const begin = async () => {
      const principal = await access.users.login('anna', password);
      if (!principal) throw new Error('no login');
      return access.sessions.begin(principal);
    };
    const first = await begin();
    expect(await access.sessions.authenticate(first)).toMatchObject({ role: 'viewer', kind: 'session' });
    await access.users.update(user.user_id, { role: 'editor', tags: ['x'] });
    expect(await access.sessions.authenticate(first)).toMatchObject({ role: 'editor', tags: ['x'] });
    await access.users.update(user.user_id, { enabled: false });
    expect(await access.sessions.authenticate(first)).toBeUndefined();
    expect(await access.users.login('anna', password)).toBeUndefined();
    await access.users.update(user.user_id, { enabled: true });
    const second = await begin();
    await access.users.setPassword(user.user_id, undefined);
    expect(await access.sessions.authenticate(second)).toBeUndefined();
    await access.users.setPassword(user.user_id, password);
    const third = await begin();
    await access.users.remove(user.user_id);
    expect(await access.sessions.authenticate(third)).toBeUndefined();
  });

  it('and keys together keep one who can administer', async () => {
    const { access } = await setUp();
    const key = await access.createKey({ name: 'admin', role: 'admin' });
    const { user } = await access.users.create({ ...anna, password }, 'local');
    await access.revokeKey(key.record.key_id);
    expect(await access.ensureAdminKey()).toBeUndefined();
    const { user_id } = user;
    for (const refused of [
      access.users.remove(user_id),
      access.users.update(user_id, { role: 'editor' }),
      access.users.update(user_id, { enabled: false }),
      access.users.update(user_id, { tags: ['x'] }),
    ])
      await expect(refused).rejects.toMatchObject({ code: 'conflict' });
    await access.users.create({ ...anna, login_name: 'ben', password }, 'local');
    await access.users.remove(user_id);
  });

  it('are not guessed by who found their open window', async () => {
    const { access } = await setUp();
    const { user } = await access.users.create({ ...anna, password }, 'local');
    const guess = () => access.users.changePassword(user.user_id, 'wrong', 'five words of mine own');
    for (let index = 0; index < 10; index += 1)
      await expect(guess()).rejects.toMatchObject({ code: 'forbidden' });
    await expect(guess()).rejects.toMatchObject({ code: 'rate_limited' });
  });
});

it('a password costs what OWASP asks for, and another spelling of the same signs is the same', async () => {
  const hasher = createScryptHasher();
  const hash = await hasher.hash('Ko\u0308nig der Nacht');
  expect(hash).toMatch(/^scrypt\$15\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
  expect(await hasher.verify('K\u00f6nig der Nacht', hash)).toBe(true);
  expect(await hasher.verify('Koenig der Nacht', hash)).toBe(false);
  expect(await hasher.verify('x', 'scrypt$30$8$3$AAAA$AAAA')).toBe(false);
  expect(await hasher.verify('x', 'md5$x')).toBe(false);
});
