import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../../src-main/adapters/persistence/sqlite/open-database';
import { openSqliteStore } from '../../../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import { createKeyFileSecretBox } from '../../../../src-main/adapters/secrets/key-file-secret-box';
import { nodeRandom } from '../../../../src-main/adapters/secrets/node-random';
import type { AuditEntry } from '../../../../src-main/core/ports/store';
import { createRedactor } from '../../../../src-main/core/secrets/redactor';
import { createAuditTrail } from '../../../../src-main/core/security/audit-trail';
import { recordingLogger } from '../../../support/silent-logger';
import { tempFolder } from '../../../support/temp-folder';

const entry = (action: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
  time: Date.parse('2026-03-02T08:00:00.123Z'),
  actor: 'user:u1 (anna)',
  origin: '127.0.0.1',
  action,
  subject: 'nightly',
  outcome: 'ok',
  details: '{"a":1}',
  ...more,
});

async function setUp(count = 0) {
  const folder = tempFolder();
  const file = join(folder, 'store.db');
  const store = await openSqliteStore({ file });
  onTestFinished(() => store.close());
  const redactor = createRedactor();
  const trail = createAuditTrail({
    store,
    random: nodeRandom,
    box: createKeyFileSecretBox(join(folder, 'secret.key')),
    redactor,
    logger: recordingLogger(),
  });
  for (let index = 1; index <= count; index += 1) await trail.append(entry(`jobs.update${index}`));
  /** What somebody does who has the database and not the key file. */
  const tamper = (sql: string) => {
    const database = openDatabase(file, 5000);
    database.exec(sql);
    database.close();
  };
  const problems = async () => (await trail.verify()).problems;
  return { store, trail, tamper, problems, redactor };
}

describe('the chain of the audit', () => {
  it('is whole while rows are only added, many at once too', async () => {
    const { trail, store } = await setUp();
    expect(await trail.verify()).toEqual({ is_whole: true, rows: 0, unchained: 0, problems: [] });
    await Promise.all(Array.from({ length: 30 }, (_, index) => trail.append(entry(`a${index}`))));
    expect(await trail.verify()).toEqual({ is_whole: true, rows: 30, unchained: 0, problems: [] });
    const rows = await store.audit.after(0, 100);
    expect(rows.map((row) => row.action)).toEqual(Array.from({ length: 30 }, (_, index) => `a${index}`));
    expect(rows[7]?.previous_hash).toBe(rows[6]?.hash);
  });

  it.each(['actor', 'origin', 'action', 'subject', 'outcome', 'details', 'time'])(
    'tells of a row whose %s was altered, and of no other',
    async (column) => {
      const { tamper, problems } = await setUp(4);
      const value = column === 'time' ? '2026-03-02T08:00:00.124Z' : 'other';
      tamper(`update audit_log set ${column} = '${value}' where audit_id = 2`);
      expect(await problems()).toEqual([
        { audit_id: 2, time: expect.any(Number), message: expect.stringMatching(/altered/) },
      ]);
    },
  );

  it('tells of rows that are missing in the middle, at the beginning and at the end', async () => {
    const middle = await setUp(4);
    middle.tamper('delete from audit_log where audit_id = 2');
    expect(await middle.problems()).toMatchObject([{ audit_id: 3, message: /rows are missing/ }].map(same));
    const beginning = await setUp(4);
    beginning.tamper('delete from audit_log where audit_id = 1');
    expect(await beginning.problems()).toMatchObject([{ audit_id: 2 }]);
    const end = await setUp(4);
    end.tamper('delete from audit_log where audit_id = 4');
    expect((await end.problems())[0]?.message).toMatch(/newest rows are missing/);
    const all = await setUp(4);
    all.tamper('delete from audit_log');
    expect((await all.problems())[0]?.message).toMatch(/newest rows are missing/);
  });

  it('still tells of rows cut off when others were written behind them', async () => {
    const { tamper, problems, trail } = await setUp(4);
    tamper('delete from audit_log where audit_id = 4');
    await trail.append(entry('later'));
    expect((await problems())[0]?.message).toMatch(/rows are missing/);
  });

  it('tells of a chain that was written anew without the key file', async () => {
    const { tamper, problems, store } = await setUp(2);
    const [first, second] = await store.audit.after(0, 9);
    if (!first || !second) throw new Error('no rows');
    const hashOf = (previous: string, row: typeof first) =>
      nodeRandom.digest(
        JSON.stringify([
          previous,
          row.time,
          row.actor,
          row.origin,
          row.action,
          row.subject,
          row.outcome,
          row.details,
        ]),
      );
    const one = hashOf('', { ...first, actor: 'nobody' });
    const two = hashOf(one, second);
    tamper(`update audit_log set actor = 'nobody', hash = '${one}' where audit_id = 1;
            update audit_log set previous_hash = '${one}', hash = '${two}' where audit_id = 2;`);
    expect((await problems())[0]?.message).toMatch(/newest rows are missing/);
  });

  it('tells of a sealed end that was taken away or put there by somebody else, and goes on', async () => {
    const gone = await setUp(2);
    gone.tamper(`delete from facts where name = 'audit_head'`);
    expect((await gone.problems())[0]?.message).toMatch(/sealed end of the audit is missing/);
    await gone.trail.append(entry('later'));
    expect(await gone.problems()).toMatchObject([{ audit_id: 3 }]);
    const forged = await setUp(2);
    forged.tamper(`update facts set value = 'v1:AAAA' where name = 'audit_head'`);
    expect((await forged.problems())[0]?.message).toMatch(/can not be opened/);
  });

  it('tells of rows that were put in, and counts those from before there was a chain', async () => {
    const { tamper, trail, store } = await setUp();
    await store.audit.append({ ...entry('old'), previous_hash: null, hash: null });
    await trail.append(entry('new'));
    expect(await trail.verify()).toMatchObject({ is_whole: true, rows: 1, unchained: 1 });
    tamper(`insert into audit_log (time, actor, origin, action, outcome)
            values ('2026-03-02T08:00:00.000Z', 'x', 'x', 'x', 'ok')`);
    expect((await trail.verify()).problems).toMatchObject([{ audit_id: 3 }]);
  });

  it('takes texts that no column keeps as they are, and masks known secrets', async () => {
    const { trail, store, redactor } = await setUp();
    redactor.learn('secret:x', ['canary-4711']);
    await trail.append(
      entry('x', { subject: `a\0b\ud800${'y'.repeat(400)}`, actor: 'z'.repeat(400), details: 'canary-4711' }),
    );
    expect((await trail.verify()).is_whole).toBe(true);
    expect((await store.audit.last())?.details).toBe('***');
  });
});

function same<T extends { message: RegExp }>(problem: T) {
  return { ...problem, message: expect.stringMatching(problem.message) };
}
