import { describe, expect, it, onTestFinished } from 'vitest';
import type {
  ApiKeyRecord,
  AuditRecord,
  JobVersionRecord,
  Store,
  UserRecord,
} from '../../src-main/core/ports/store';

const now = Date.parse('2026-03-02T08:00:00.123Z');

const key: ApiKeyRecord = {
  key_id: 'k1',
  name: 'nightly',
  role: 'operator',
  prefix: 'jsk_abc',
  key_digest: 'f'.repeat(64),
  created_date: now,
  expires_at: now + 1000,
  revoked_at: null,
  scopes: ['jobs:read', '*:operate'],
  tags: ['nightly', 'täglich'],
  created_by: 'user:u1 (anna)',
  last_used: null,
  last_used_from: null,
};
const user: UserRecord = {
  user_id: 'u1',
  login_name: 'anna',
  display_name: 'Anna Müller',
  role: 'editor',
  tags: null,
  password_hash: 'scrypt$x',
  password_date: now,
  must_change: true,
  enabled: true,
  created_date: now,
  created_by: 'local',
  modified_date: now,
  last_login: null,
};
const row = (action: string, more: Partial<AuditRecord> = {}): Omit<AuditRecord, 'audit_id'> => ({
  time: now,
  actor: 'key:k1 (nightly)',
  origin: '127.0.0.1',
  action,
  subject: null,
  outcome: 'ok',
  details: '{"a":1}',
  previous_hash: null,
  hash: null,
  ...more,
});
const version = (number: number, more: Partial<JobVersionRecord> = {}): JobVersionRecord => ({
  job_id: 'a',
  version: number,
  digest: `d${number}`,
  name: 'A',
  enabled: true,
  saved_date: now + number,
  saved_by: 'anna',
  via: 'window',
  origin: '127.0.0.1',
  action: 'update',
  restored_from: null,
  ...more,
});

/** What every engine must do for people, their keys, the audit and the versions of jobs. */
export function peopleContract(name: string, open: () => Promise<{ store: Store }>): void {
  const fresh = async () => {
    const { store } = await open();
    onTestFinished(() => store.close());
    return store;
  };
  const first = { limit: 100, offset: 0 };

  describe(`${name}: people`, () => {
    it('keeps keys by their digest with what they may, notes their use, and revokes one once', async () => {
      const store = await fresh();
      await store.apiKeys.insert(key);
      await store.apiKeys.insert({
        ...key,
        key_id: 'k2',
        key_digest: 'e'.repeat(64),
        scopes: null,
        tags: [],
      });
      const [one, two] = await store.apiKeys.list();
      expect(one).toEqual(key);
      expect(two).toMatchObject({ scopes: null, tags: [] });
      await store.apiKeys.noteUse('k1', now + 3, '10.0.0.7');
      expect(await store.apiKeys.revoke('k1', now + 5)).toBe(true);
      expect(await store.apiKeys.revoke('k1', now + 6)).toBe(false);
      expect((await store.apiKeys.list())[0]).toEqual({
        ...key,
        revoked_at: now + 5,
        last_used: now + 3,
        last_used_from: '10.0.0.7',
      });
    });

    it('keeps users, one for each login name', async () => {
      const store = await fresh();
      expect(await store.users.insert(user)).toBe(true);
      expect(await store.users.insert({ ...user, user_id: 'u2' })).toBe(false);
      expect(await store.users.insert({ ...user, user_id: 'u2', login_name: 'ben', tags: ['x'] })).toBe(true);
      await store.users.noteLogin('u1', now + 9);
      expect(await store.users.update({ ...user, enabled: false, role: 'viewer' })).toBe(true);
      expect((await store.users.list()).map((one) => [one.login_name, one.enabled, one.tags])).toEqual([
        ['anna', false, null],
        ['ben', true, ['x']],
      ]);
      expect((await store.users.list())[0]).toEqual({
        ...user,
        enabled: false,
        role: 'viewer',
        last_login: now + 9,
      });
      await expect(store.users.update({ ...user, login_name: 'ben' })).rejects.toMatchObject({
        code: 'conflict',
      });
      expect(await store.users.remove('u2')).toBe(true);
      expect(await store.users.remove('u2')).toBe(false);
      expect(await store.users.update({ ...user, user_id: 'u2' })).toBe(false);
    });
  });

  describe(`${name}: the audit`, () => {
    it('comes newest first, page by page, and oldest first behind a row', async () => {
      const store = await fresh();
      for (const action of ['one', 'two', 'three']) await store.audit.append(row(action));
      expect((await store.audit.list({ limit: 2, offset: 0 })).map((one) => one.action)).toEqual([
        'three',
        'two',
      ]);
      expect((await store.audit.list({ limit: 2, offset: 2 })).map((one) => one.action)).toEqual(['one']);
      const all = await store.audit.after(0, 10);
      expect(all.map((one) => one.action)).toEqual(['one', 'two', 'three']);
      expect(await store.audit.after(all[1]?.audit_id ?? 0, 10)).toEqual([all[2]]);
      expect(await store.audit.last()).toEqual(all[2]);
      expect(all[0]).toEqual({ ...row('one'), audit_id: all[0]?.audit_id });
    });

    it('lets one row follow another, and no second one', async () => {
      const store = await fresh();
      expect(await store.audit.last()).toBeUndefined();
      expect(await store.audit.append(row('one', { previous_hash: '', hash: 'h1' }))).toBe(true);
      expect(await store.audit.append(row('two', { previous_hash: 'h1', hash: 'h2' }))).toBe(true);
      expect(await store.audit.append(row('fork', { previous_hash: 'h1', hash: 'h3' }))).toBe(false);
      expect(await store.audit.count({})).toBe(2);
    });

    it('is found by who, what, about what, how it ended, when, and any text', async () => {
      const store = await fresh();
      await store.audit.append(row('jobs.update', { subject: 'a', details: '{"x":"100%_[sure]"}' }));
      await store.audit.append(row('jobs.run', { subject: 'b', time: now + 1000, outcome: 'refused' }));
      await store.audit.append(row('jobsX', { actor: 'user:u1 (Anna)', time: now + 2000 }));
      const found = async (filter: Parameters<Store['audit']['count']>[0]) => {
        const rows = await store.audit.list(first, filter);
        expect(await store.audit.count(filter)).toBe(rows.length);
        return rows.map((one) => one.action);
      };
      expect(await found({})).toEqual(['jobsX', 'jobs.run', 'jobs.update']);
      expect(await found({ actor: 'anna' })).toEqual(['jobsX']);
      expect(await found({ action: ['jobs'] })).toEqual(['jobs.run', 'jobs.update']);
      expect(await found({ action: ['jobs.run', 'jobs.none'] })).toEqual(['jobs.run']);
      expect(await found({ subject: 'a' })).toEqual(['jobs.update']);
      expect(await found({ outcome: ['refused', 'failed'] })).toEqual(['jobs.run']);
      expect(await found({ from: now + 1, to: now + 2000 })).toEqual(['jobs.run']);
      expect(await found({ search: '100%_[' })).toEqual(['jobs.update']);
      expect(await found({ search: '%' })).toEqual(['jobs.update']);
      expect(await found({ search: "'; drop table audit_log; --" })).toEqual([]);
    });

    it('is found by operations on subjects between two instants', async () => {
      const store = await fresh();
      for (const [action, subject] of [
        ['one', 'x'],
        ['two', 'x'],
        ['three', 'y'],
        ['one', null],
      ] as const)
        await store.audit.append(row(action, { subject }));
      const wanted = { subjects: ['x', 'y'], actions: ['one', 'three'], from: 0, to: 10 ** 13, limit: 9 };
      expect((await store.audit.listOf(wanted)).map((one) => one.action)).toEqual(['three', 'one']);
      expect(await store.audit.listOf({ ...wanted, subjects: [] })).toEqual([]);
      expect(await store.audit.listOf({ ...wanted, to: 0 })).toEqual([]);
    });
  });

  describe(`${name}: versions of jobs`, () => {
    it('are listed newest first, and each number is given out once', async () => {
      const store = await fresh();
      await store.jobVersions.add([version(1, { action: 'create' }), version(2, { restored_from: 1 })]);
      await store.jobVersions.add([version(1, { job_id: 'b', enabled: false })]);
      await expect(store.jobVersions.add([version(2)])).rejects.toMatchObject({ code: 'conflict' });
      expect(await store.jobVersions.list('a', first)).toEqual([
        version(2, { restored_from: 1 }),
        version(1, { action: 'create' }),
      ]);
      expect(await store.jobVersions.list('a', { limit: 1, offset: 1 })).toHaveLength(1);
      expect(await store.jobVersions.count('a')).toBe(2);
      expect(await store.jobVersions.get('a', 1)).toEqual(version(1, { action: 'create' }));
      expect(await store.jobVersions.get('a', 3)).toBeUndefined();
    });

    it('tell the newest of many jobs, and which one an execution ran', async () => {
      const store = await fresh();
      const many = Array.from({ length: 130 }, (_, index) => version(1, { job_id: `j${index}` }));
      await store.jobVersions.add(many);
      await store.jobVersions.add([
        version(2, { job_id: 'j7', digest: 'd1' }),
        version(3, { job_id: 'j7', digest: 'other' }),
        version(4, { job_id: 'j7', digest: 'd1' }),
      ]);
      const newest = await store.jobVersions.newest([...many.map((one) => one.job_id), 'none']);
      expect(newest.size).toBe(130);
      expect(newest.get('j7')?.version).toBe(4);
      expect(await store.jobVersions.newest([])).toEqual(new Map());
      const ran = async (digest: string, at: number) =>
        (await store.jobVersions.ofDigest('j7', digest, at))?.version;
      expect(await ran('d1', now + 3)).toBe(2);
      expect(await ran('d1', now + 4)).toBe(4);
      expect(await ran('d1', now - 1000)).toBe(1);
      expect(await ran('none', now)).toBeUndefined();
      expect((await store.jobVersions.savedAt('j7', now + 3))?.version).toBe(3);
      expect(await store.jobVersions.savedAt('j7', now + 99)).toBeUndefined();
    });

    it('keep each text once, however many are kept at once', async () => {
      const store = await fresh();
      const text = (digest: string) => ({
        digest,
        job_id: 'a',
        configuration: '{}',
        yaml_text: 'id: a # \u{1F600}\n',
        created_date: now,
      });
      await store.runDefinitions.put(text('t3'));
      const many = Array.from({ length: 120 }, (_, index) => text(`t${index}`));
      await store.runDefinitions.putAll([...many, text('t5')]);
      await store.runDefinitions.putAll(many);
      expect(await store.runDefinitions.get('t119')).toEqual(text('t119'));
    });
  });
}
