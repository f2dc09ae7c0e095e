import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import type { JobsFile } from '../../../../src-main/core/ports/jobs-file';
import { AppError } from '../../../../src-shared/errors';
import { createTestCore, refusal, type TestCore } from '../../../support/test-core';

const anna = { by: 'user:u1 (anna)', via: 'window', origin: '10.0.0.7' } as const;
const page = { limit: 100, offset: 0 };
const told = async ({ core }: TestCore, job_id: string) =>
  (await core.versions.list(job_id, page)).versions.map(
    ({ version, action, saved_by, via, restored_from }) => [version, action, saved_by, via, restored_from],
  );
const fileOf = (text: string): JobsFile => ({ path: '/jobs.yaml', read: async () => text });
const textOf = async ({ core }: TestCore, version: number) =>
  (await core.versions.get('a', version)).definition.yaml_text;

describe('every saved definition is kept', () => {
  it('with who saved it, when, from where and how', async () => {
    const test = await createTestCore();
    const { core, time } = test;
    await core.jobs.create({ yaml: 'id: a\ntype: hand\nnote: one # why\n' }, anna);
    time.setWall(time.clock.now() + 60_000);
    await core.jobs.update('a', { note: 'two' }, undefined, { by: 'ben', via: 'api', origin: '::1' });
    await core.jobs.setEnabled('a', false, anna);
    await core.jobImport.import('jobs:\n  - {id: a, type: hand, note: three}\n', false, anna);
    expect(await told(test, 'a')).toEqual([
      [4, 'import', 'user:u1 (anna)', 'window', null],
      [3, 'disable', 'user:u1 (anna)', 'window', null],
      [2, 'update', 'ben', 'api', null],
      [1, 'create', 'user:u1 (anna)', 'window', null],
    ]);
    expect(await textOf(test, 1)).toContain('note: one # why');
    const { versions } = await core.versions.list('a', page);
    expect(versions[2]).toMatchObject({ origin: '::1', saved_date: '2026-03-02T08:01:00.000Z' });
    expect(versions.map((one) => [one.is_current, one.enabled])).toEqual([
      [true, true],
      [false, false],
      [false, true],
      [false, true],
    ]);
    expect((await refusal(core.versions.get('a', 9))).message).toMatch(/no version 9; expected 1 to 4/);
    expect(await refusal(core.versions.list('none', page))).toMatchObject({ code: 'not_found' });
  });

  it('of a jobs file at start too, and what was changed beside the program as found', async () => {
    const store = await openSqliteStore({ file: ':memory:' });
    const first = await createTestCore({ store });
    await first.core.start(fileOf('jobs:\n  - {id: a, type: hand}\n'));
    const record = await store.jobs.get('a');
    if (!record) throw new Error('no row');
    const configuration = JSON.stringify({ ...JSON.parse(record.configuration), note: 'by hand' });
    await store.jobs.update({ ...record, configuration }, record.modified_date);
    const second = await createTestCore({ store });
    await second.core.start();
    await second.core.jobs.update('a', { note: 'in the app' }, undefined, anna);
    expect(await told(second, 'a')).toEqual([
      [3, 'update', 'user:u1 (anna)', 'window', null],
      [2, 'found', 'jobs file', 'outside', null],
      [1, 'synchronise', 'jobs file', 'file', null],
    ]);
  });

  it('and a save that is refused keeps none', async () => {
    const test = await createTestCore();
    await test.core.jobs.create({ yaml: 'id: a\ntype: hand\n' }, anna);
    const stale = test.core.registry.get('a')?.record.modified_date ?? 0;
    await test.core.jobs.update('a', { note: 'x' }, undefined, anna);
    const late = test.core.jobs.update('a', { note: 'y' }, new Date(stale).toISOString(), anna);
    expect(await refusal(late)).toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/by user:u1 \(anna\)/),
    });
    expect(await told(test, 'a')).toHaveLength(2);
  });
});

describe('two people on one job', () => {
  const text = `id: a # the id
type: hand
note: one
metadata:
  token: canary-one # theirs
timeout: 300
`;
  const begin = async () => {
    const test = await createTestCore();
    const { job } = await test.core.jobs.create({ yaml: text }, anna);
    const since = new Date(job.record.modified_date).toISOString();
    return { ...test, since };
  };

  it('the second is told what the first one changed, value by value and line by line, without secrets', async () => {
    const { core, since } = await begin();
    const theirs = text
      .replace('canary-one', 'canary-two')
      .replace('300', '600')
      .replace('# the id', '# mine');
    const { job } = await core.jobs.update('a', { yaml: theirs }, since, anna);
    const late = await refusal(core.jobs.update('a', { yaml: text }, since, 'ben'));
    expect(late.code).toBe('conflict');
    expect(late.message).toMatch(
      /by user:u1 \(anna\); you began from .*; what changed since: timeout, metadata\.token$/,
    );
    expect(late.difference).toMatchObject({
      since,
      since_version: 1,
      version: 2,
      saved_by: 'user:u1 (anna)',
      action: 'update',
      etag: `"${new Date(job.record.modified_date).toISOString()}"`,
      changes: [
        { path: 'timeout', before: 300, after: 600 },
        { path: 'metadata.token', before: '***', after: '***' },
      ],
    });
    expect(late.difference?.diff).toBe(
      [
        '- id: a # the id',
        '+ id: a # mine',
        '  type: hand',
        '  note: one',
        '  metadata:',
        '-   token: *** # theirs',
        '- timeout: 300',
        '+   token: *** # theirs',
        '+ timeout: 600',
      ].join('\n'),
    );
    expect(JSON.stringify(late.toBody?.())).not.toContain('canary');
  });

  it('each change of the job can be made to depend on its state, and none is made when that is past', async () => {
    const { core, since } = await begin();
    await core.jobs.update('a', { note: 'two' }, since, anna);
    for (const late of [
      core.jobs.setEnabled('a', false, 'ben', since),
      core.jobs.restore('a', 1, since, 'ben'),
      core.jobs.remove('a', 'ben', since),
    ])
      expect((await refusal(late)).difference?.changes).toEqual([
        { path: 'note', before: 'one', after: 'two' },
      ]);
    expect(core.jobs.get('a').record).toMatchObject({ enabled: true });
    expect((await core.versions.list('a', page)).total).toBe(2);
  });

  it('a state that was never saved here is told as such, and a change of comments too', async () => {
    const { core, since } = await begin();
    const unknown = await refusal(core.jobs.update('a', { note: 'x' }, '2020-01-01T00:00:00.000Z', anna));
    expect(unknown.difference).toMatchObject({ since_version: null, changes: [], diff: '' });
    expect(unknown.message).toMatch(/what it was at 2020-01-01T00:00:00.000Z is not known$/);
    expect((await refusal(core.jobs.update('a', {}, 'nonsense', anna))).code).toBe('conflict');
    await core.jobs.update('a', { yaml: text.replace('# the id', '') }, since, anna);
    const late = await refusal(core.jobs.update('a', { note: 'x' }, since, anna));
    expect(late.message).toMatch(/only its comments or its layout changed$/);
    expect(late.difference?.diff).toContain('- id: a # the id');
  });

  it('who may not act on the job learns nothing of what it became', async () => {
    const { core, since } = await begin();
    await core.jobs.update('a', { note: 'two' }, since, anna);
    const outsider = {
      ...anna,
      check: () => {
        throw new AppError('forbidden', 'not yours');
      },
    };
    const refused = await refusal(core.jobs.update('a', { note: 'x' }, since, outsider));
    expect(refused.code).toBe('forbidden');
    expect(refused.difference).toBeUndefined();
  });

  it('of two saves at the same moment one wins, and the other is told', async () => {
    const { core, since } = await begin();
    const both = await Promise.allSettled(
      ['two', 'three'].map((note) => core.jobs.update('a', { note }, since, note)),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = both.find((one) => one.status === 'rejected');
    expect(lost?.reason).toMatchObject({ code: 'conflict', difference: { version: 2 } });
  });
});

describe('a version', () => {
  it('is restored to the letter, as a new one', async () => {
    const test = await createTestCore();
    const text = 'id: a\ntype: hand\n# a comment\nnote: one\n';
    await test.core.jobs.create({ yaml: text }, anna);
    await test.core.jobs.update('a', { note: 'two' }, undefined, anna);
    const { job } = await test.core.jobs.restore('a', 1, undefined, anna);
    expect(job.record.yaml_text).toBe(text);
    expect(job.definition.config).toMatchObject({ note: 'one' });
    expect((await told(test, 'a'))[0]).toEqual([3, 'restore', 'user:u1 (anna)', 'window', 1]);
    expect(await refusal(test.core.jobs.restore('a', 2, '2020-01-01T00:00:00.000Z', anna))).toMatchObject({
      code: 'conflict',
    });
  });

  it('brings a deleted job back, and the numbers go on', async () => {
    const test = await createTestCore();
    await test.core.jobs.create({ yaml: 'id: a\ntype: hand\nnote: one\n' }, anna);
    await test.core.jobs.remove('a', anna);
    expect((await test.core.versions.list('a', page)).versions[0]?.is_current).toBe(false);
    await test.core.jobs.restore('a', 1, undefined, anna);
    expect(test.core.jobs.get('a').definition.config).toMatchObject({ note: 'one' });
    expect((await told(test, 'a')).map(([version, action]) => [version, action])).toEqual([
      [2, 'restore'],
      [1, 'create'],
    ]);
  });

  it('that no longer passes the checks is refused, and the job stays as it is', async () => {
    const test = await createTestCore();
    await test.job({ job_id: 'b' });
    await test.core.jobs.create({ yaml: 'id: a\ntype: hand\non_success: {run: b}\n' }, anna);
    await test.core.jobs.update('a', { on_success: null }, undefined, anna);
    await test.core.jobs.update('b', { on_success: { run: 'a' } }, undefined, anna);
    expect(await refusal(test.core.jobs.restore('a', 1, undefined, anna))).toMatchObject({
      code: 'validation_failed',
    });
    expect(await told(test, 'a')).toHaveLength(2);
  });

  it('is known of each execution, whatever the job became since', async () => {
    const test = await createTestCore();
    const { core, time } = test;
    await core.start();
    await core.jobs.create({ yaml: 'id: a\ntype: hand\nnote: one\n' }, anna);
    time.setWall(time.clock.now() + 1000);
    await core.jobs.update('a', { note: 'two' }, undefined, anna);
    await core.queue.runNow({
      job: core.jobs.get('a'),
      trigger: 'manual',
      scheduled_time: null,
      retry_count: 0,
      first_execution_id: null,
      requested_by: 'anna',
    });
    await core.jobs.update('a', { note: 'three' }, undefined, anna);
    const [row] = await test.rows();
    const ran = await core.versions.ranBy('a', row?.definition_digest ?? '', row?.start_time ?? 0);
    expect(ran?.version).toBe(2);
  });
});
