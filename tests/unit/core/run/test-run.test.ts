import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import { createFakeTime } from '../../../support/fake-time';
import { createTestCore, refusal } from '../../../support/test-core';

const yaml = 'id: a\nname: A\ntype: hand\nmax_retries: 3\nnote: tried\n';

describe('a test run', () => {
  it('runs a text that is saved nowhere, marked, by hand and without retries', async () => {
    const test = await createTestCore();
    await test.core.start();
    const { execution_id, status } = await test.core.testRuns.start(yaml, {}, 'tester');
    expect(status).toBe('running');
    test.hand.runs[0]?.end({ status: 'failed', error_message: 'exit code 3', return_code: 3 });
    await test.time.settle();
    expect(await test.store.executions.get(execution_id)).toMatchObject({
      job_id: 'a',
      status: 'failed',
      trigger: 'manual',
      max_retries: 0,
      metadata: { test_run: true, requested_by: 'tester' },
    });
    expect(test.core.registry.get('a')).toBeUndefined();
    expect(await test.rows()).toHaveLength(1);
  });

  it('neither waits for the saved job that runs nor keeps its slots from running', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'a', schedule: { type: 'cron', cron_params: { minute: '*' } } });
    await test.core.testRuns.start(yaml, {}, 'tester');
    await test.time.advance(60_000);
    await test.core.testRuns.start(yaml, {}, 'tester');
    const rows = await test.rows();
    expect(rows.map(({ trigger, status }) => `${trigger} ${status}`)).toEqual([
      'manual running',
      'schedule running',
      'manual running',
    ]);
  });

  it('can be cancelled, and an overlap with "replace" never ends it', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({
      job_id: 'a',
      overlap: 'replace',
      schedule: { type: 'cron', cron_params: { minute: '*' } },
    });
    const { execution_id } = await test.core.testRuns.start(yaml, {}, 'tester');
    await test.time.advance(120_000);
    expect((await test.store.executions.get(execution_id))?.status).toBe('running');
    await test.core.queue.cancel(execution_id, 'tester');
    await test.time.settle();
    expect((await test.store.executions.get(execution_id))?.status).toBe('cancelled');
  });

  it('is not the last outcome of its job, not even after a restart', async () => {
    const store = await openSqliteStore({ file: ':memory:' });
    const time = createFakeTime('2026-03-02T08:00:00Z');
    const test = await createTestCore({ store, time });
    await test.core.start();
    await test.job({ job_id: 'a' });
    test.hand.answer = { status: 'success' };
    const own = await test.core.queue.runNow({
      job: test.core.jobs.get('a'),
      trigger: 'manual',
      scheduled_time: null,
      retry_count: 0,
      first_execution_id: null,
      requested_by: 'tester',
    });
    await time.settle();
    await test.core.testRuns.start(yaml, {}, 'tester');
    await time.settle();
    expect(test.core.registry.latest('a')?.execution_id).toBe(own.execution_id);
    const again = await createTestCore({ store, time });
    await again.core.start();
    expect(again.core.registry.latest('a')?.execution_id).toBe(own.execution_id);
  });

  it('refuses a text with errors, naming every one with its place, and runs nothing', async () => {
    const test = await createTestCore();
    await test.core.start();
    const refused = await refusal(
      test.core.testRuns.start(
        'id: a\nname: A\ntype: hand\nnoet: x\nschedule: {type: cron, cron_params: {hour: 25}}\n',
        {},
        'tester',
      ),
    );
    expect(refused).toMatchObject({ code: 'validation_failed', issues: [{ line: 5 }, { line: 4 }] });
    expect(await test.rows()).toEqual([]);
  });
});
