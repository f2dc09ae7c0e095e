import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import type { RunOutcome } from '../../../../src-main/core/job-type';
import { createTestCore, refusal, type TestCore } from '../../../support/test-core';

const success: RunOutcome = { status: 'success', return_code: 0 };
const failure: RunOutcome = { status: 'failed', error_message: 'no', return_code: 1 };

async function runNow({ core }: TestCore, job_id: string, params = {}) {
  return core.queue.runNow({
    job: core.jobs.get(job_id),
    trigger: 'manual',
    scheduled_time: null,
    retry_count: 0,
    first_execution_id: null,
    requested_by: 'tester',
    params,
  });
}
const told = async (test: TestCore) =>
  (await test.rows()).map(({ job_id, status, trigger }) => [job_id, status, trigger]);

describe('chained jobs', () => {
  it('follow a success or a failure for good, know where they come from, and get params', async () => {
    const test = await createTestCore({ defaults: { max_retries: 1, retry_delay: 0 } });
    await test.core.start();
    await test.job({ job_id: 'next', params: { day: { type: 'date' }, from: {}, n: { type: 'integer' } } });
    await test.job({ job_id: 'mend' });
    await test.job({
      job_id: 'first',
      params: { n: { type: 'integer', default: 7 } },
      on_success: {
        run: 'next',
        params: { day: '{{ scheduled_time | yyyy-MM-dd }}', from: '{{ execution_id }}', n: '{{ params.n }}' },
      },
      on_failure: [{ run: 'mend' }],
    });
    test.hand.answer = success;
    await runNow(test, 'first');
    await test.time.settle();
    const [first, next] = await test.rows();
    expect(next).toMatchObject({
      job_id: 'next',
      status: 'success',
      trigger: 'chain',
      metadata: {
        chain: {
          execution_id: `exec_${first?.execution_id}`,
          job_id: 'first',
          status: 'success',
          path: ['first'],
        },
        params: { day: '2026-03-02', from: `exec_${first?.execution_id}`, n: 7 },
      },
    });

    test.hand.answer = failure;
    await runNow(test, 'first');
    await test.time.advance(10);
    await test.time.settle();
    expect((await told(test)).slice(2)).toEqual([
      ['first', 'retry', 'manual'],
      ['first', 'failed', 'retry'],
      ['mend', 'retry', 'chain'],
      ['mend', 'failed', 'retry'],
    ]);
  });

  it('that can not run say why in their own history', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'off', enabled: false });
    await test.job({ job_id: 'picky', params: { n: { type: 'integer', required: true } } });
    await test.job({
      job_id: 'a',
      on_success: [{ run: 'off' }, { run: 'picky', params: { n: 'x' } }, { run: 'gone' }],
    });
    test.hand.answer = success;
    await runNow(test, 'a');
    await test.time.settle();
    const found = await test.rows();
    expect(
      found.slice(1).map(({ job_id, status, error_message }) => [job_id, status, error_message]),
    ).toEqual([
      ['off', 'skipped', 'The job is disabled'],
      ['picky', 'skipped', expect.stringMatching(/params\.n is "x"; expected a whole number/)],
    ]);
    expect(test.logger.lines.map((line) => line.message).join('\n')).toMatch(
      /followed by "gone", and there is no such job/,
    );
  });

  it('do not follow a cancelled run', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'b' });
    await test.job({ job_id: 'a', on_success: { run: 'b' }, on_failure: { run: 'b' } });
    const { execution_id } = await runNow(test, 'a');
    await test.time.settle();
    await test.core.queue.cancel(execution_id, 'me');
    await test.time.settle();
    expect(await told(test)).toEqual([['a', 'cancelled', 'manual']]);
  });

  it('in a circle are refused when saved, and stopped where they were made later', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'c' });
    await test.job({ job_id: 'b', on_success: { run: 'c' } });
    await test.job({ job_id: 'a', on_success: { run: 'b' } });
    expect((await refusal(test.core.jobs.update('c', { on_success: { run: 'a' } }))).message).toMatch(
      /on_success makes a circle: c -> a -> b -> c/,
    );
    expect((await refusal(test.core.jobs.update('c', { on_failure: { run: 'c' } }))).message).toMatch(
      /runs "c", which is this job itself/,
    );
    // As if it had come into the table by another way.
    const c = test.core.jobs.get('c');
    test.core.registry.put({ ...c, definition: { ...c.definition, on_success: { run: 'a' } } });
    test.hand.answer = success;
    await runNow(test, 'a');
    await test.time.settle();
    expect(await told(test)).toEqual([
      ['a', 'success', 'manual'],
      ['b', 'success', 'chain'],
      ['c', 'success', 'chain'],
      ['a', 'skipped', 'chain'],
    ]);
    expect((await test.rows())[3]?.error_message).toMatch(/a -> b -> c -> a goes round in a circle/);
  });

  it('follow even when the program ends before they could, once, and not after an hour', async () => {
    const store = await openSqliteStore({ file: ':memory:' });
    const start = '2026-03-02T08:00:00Z';
    const first = await createTestCore({ store, start });
    await first.core.start();
    await first.job({ job_id: 'next' });
    await first.job({ job_id: 'a', on_success: { run: 'next' } });
    first.hand.answer = success;
    await runNow(first, 'a');
    await first.time.settle();
    expect((await first.rows())[0]?.metadata.followed_by).toEqual(['next']);
    // As if it had been killed in the moment before.
    const followers = async () => (await first.rows({ job_id: 'next' })).map((row) => row.status);
    const forget = async () => {
      for (const row of await first.rows({ job_id: 'next' }))
        await store.executions.update(row.execution_id, { slot_key: null });
    };
    expect(await followers()).toEqual(['success']);
    await forget();

    const restart = async (at: string) => {
      const again = await createTestCore({ store, start: at });
      again.hand.answer = success;
      await again.core.start();
      await again.time.settle();
    };
    await restart('2026-03-02T08:00:30Z');
    expect(await followers()).toEqual(['success', 'success']);
    await restart('2026-03-02T08:00:40Z');
    expect(await followers()).toEqual(['success', 'success']);
    await forget();
    await store.facts.set('alive_at', String(Date.parse('2026-03-02T08:00:45Z')));
    await restart('2026-03-02T09:30:00Z');
    expect(await followers()).toEqual(['success', 'success', 'skipped']);
  });
});
