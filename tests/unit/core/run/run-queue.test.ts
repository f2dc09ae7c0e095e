import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import type { RunOutcome } from '../../../../src-main/core/job-type';
import { createFakeTime } from '../../../support/fake-time';
import { createTestCore, refusal, type TestCore } from '../../../support/test-core';

const success: RunOutcome = { status: 'success', return_code: 0 };
const failure: RunOutcome = { status: 'failed', error_message: 'exit code 3', return_code: 3 };
const minute = 60_000;
const everyMinute = { type: 'cron', cron_params: { minute: '*' } };

const runNow = ({ core }: TestCore, job_id: string) =>
  core.queue.runNow({
    job: core.jobs.get(job_id),
    trigger: 'manual',
    scheduled_time: null,
    retry_count: 0,
    first_execution_id: null,
    requested_by: 'tester',
  });

describe('the run queue', () => {
  it('writes the row before it tells of it, and the end of it with outcome, code and duration', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'a' });
    const { execution_id, status } = await runNow(test, 'a');
    expect(status).toBe('running');
    await test.time.advance(2500);
    test.hand.runs[0]?.end({ ...success, metadata: { row_count: 7 } });
    await test.time.settle();
    const row = await test.store.executions.get(execution_id);
    expect(row).toMatchObject({
      status: 'success',
      return_code: 0,
      duration_seconds: 2.5,
      trigger: 'manual',
      scheduled_time: null,
      owner: null,
      metadata: { row_count: 7, requested_by: 'tester' },
    });
    const told = test.events.map((event) => event.type).filter((type) => type.startsWith('execution.'));
    expect(told).toEqual(['execution.created', 'execution.started', 'execution.finished']);
  });

  it('gives every run its ids, the planned instant and the attempt as environment', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'a', schedule: everyMinute });
    await test.time.advance(minute);
    expect(test.hand.runs[0]?.context.environment).toEqual({
      JOB_ID: 'a',
      EXECUTION_ID: 'exec_1',
      SCHEDULED_TIME: '2026-03-02T08:01:00.000Z',
      ATTEMPT: '1',
      ARTIFACTS_DIR: '/artifacts',
    });
  });

  it('lets at most thread_pool_size run, and starts the others in order as places come free', async () => {
    const test = await createTestCore({ threadPoolSize: 2 });
    await test.core.start();
    for (const job_id of ['a', 'b', 'c', 'd']) await test.job({ job_id });
    for (const job_id of ['a', 'b', 'c', 'd']) await runNow(test, job_id);
    expect(test.hand.runs.map((run) => run.context.job.job_id)).toEqual(['a', 'b']);
    expect(test.core.queue.status()).toMatchObject({ running: 2, pending: 2 });
    test.hand.runs[0]?.end(success);
    await test.time.settle();
    expect(test.hand.runs.map((run) => run.context.job.job_id)).toEqual(['a', 'b', 'c']);
    test.hand.answer = success;
    test.hand.runs[1]?.end(success);
    test.hand.runs[2]?.end(success);
    await test.time.settle();
    const found = await test.rows();
    expect(found.map((row) => row.status)).toEqual(Array(4).fill('success'));
  });

  it('skips a slot whose job still runs, and the row names the run in the way', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'a', schedule: everyMinute });
    await test.time.advance(2 * minute);
    const found = await test.rows();
    expect(found.map((row) => row.status)).toEqual(['running', 'skipped']);
    expect(found[1]?.error_message).toContain('exec_1');
  });

  it('with overlap: queue holds one slot back until the run before it has ended', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'a', schedule: everyMinute, overlap: 'queue' });
    await test.time.advance(3 * minute);
    expect((await test.rows()).map((row) => row.status)).toEqual(['running', 'pending', 'skipped']);
    test.hand.runs[0]?.end(success);
    await test.time.settle();
    expect((await test.rows()).map((row) => row.status)).toEqual(['success', 'running', 'skipped']);
  });

  it('with overlap: replace ends the running one and starts the new one', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'a', schedule: everyMinute, overlap: 'replace' });
    await test.time.advance(2 * minute);
    const found = await test.rows();
    expect(found.map((row) => row.status)).toEqual(['cancelled', 'running']);
    expect(found[0]?.error_message).toBe('Replaced by exec_2');
  });

  it('lets max_instances runs of one job go at once', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'a', max_instances: 2 });
    await runNow(test, 'a');
    await runNow(test, 'a');
    const refused = await refusal(runNow(test, 'a'));
    expect(refused).toMatchObject({ code: 'conflict' });
    expect(refused.message).toContain('max_instances');
  });

  it('refuses a run by hand of a job that runs, and more than may wait', async () => {
    const test = await createTestCore({ threadPoolSize: 1, maxQueued: 1 });
    await test.core.start();
    for (const job_id of ['a', 'b', 'c']) await test.job({ job_id });
    await runNow(test, 'a');
    expect(await refusal(runNow(test, 'a'))).toMatchObject({ code: 'conflict' });
    expect((await runNow(test, 'b')).status).toBe('pending');
    expect(await refusal(runNow(test, 'c'))).toMatchObject({ code: 'rate_limited' });
  });

  it('ends an attempt at its time limit with the words of the specification', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'a', timeout: 30 });
    await runNow(test, 'a');
    await test.time.advance(30_000);
    const [row] = await test.rows();
    expect(row).toMatchObject({
      status: 'timeout',
      error_message: 'Job execution timed out after 30 seconds',
      duration_seconds: 30,
    });
  });

  it('lets an attempt without limit go on', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'a', timeout: 0 });
    await runNow(test, 'a');
    await test.time.advance(48 * 60 * minute);
    expect((await test.rows())[0]?.status).toBe('running');
  });

  it('tries a failed run again after retry_delay, each attempt with a row of its own', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'a', max_retries: 2, retry_delay: 10, schedule: everyMinute, overlap: 'skip' });
    test.hand.answer = failure;
    await test.time.advance(minute + 9_000);
    expect((await test.rows()).map((row) => [row.status, row.trigger])).toEqual([
      ['retry', 'schedule'],
      ['pending', 'retry'],
    ]);
    await test.time.advance(1000 + 10_000);
    const found = await test.rows();
    expect(found.map((row) => [row.status, row.retry_count])).toEqual([
      ['retry', 0],
      ['retry', 1],
      ['failed', 2],
    ]);
    expect(found[2]?.metadata).toMatchObject({
      first_execution_id: 'exec_1',
      scheduled_time: '2026-03-02T08:01:00.000Z',
    });
  });

  it('uses the definition as it is now for a retry', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'a', max_retries: 1, retry_delay: 10, note: 'wrong' });
    test.hand.answer = failure;
    await runNow(test, 'a');
    await test.time.settle();
    await test.core.jobs.update('a', { note: 'mended' });
    test.hand.answer = success;
    await test.time.advance(10_000);
    expect(test.hand.runs[1]?.context.job.config).toEqual({ note: 'mended' });
    expect((await test.rows()).map((row) => row.status)).toEqual(['retry', 'success']);
  });

  it('gives up a retry whose job was disabled meanwhile', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'a', max_retries: 1, retry_delay: 10 });
    test.hand.answer = failure;
    await runNow(test, 'a');
    await test.time.settle();
    await test.core.jobs.setEnabled('a', false);
    await test.time.advance(10_000);
    expect((await test.rows()).map((row) => row.status)).toEqual(['retry', 'cancelled']);
  });

  it.each(['timeout', 'cancel'])('does not try again after a %s', async (how) => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'a', max_retries: 3, timeout: 5 });
    const { execution_id } = await runNow(test, 'a');
    if (how === 'cancel') await test.core.queue.cancel(execution_id, 'anna');
    else await test.time.advance(5000);
    await test.time.settle();
    expect((await test.rows()).map((row) => row.status)).toEqual([
      how === 'cancel' ? 'cancelled' : 'timeout',
    ]);
  });

  it('cancels a run that waits, one that waits for its retry, and names who did', async () => {
    const test = await createTestCore({ threadPoolSize: 1 });
    await test.core.start();
    await test.job({ job_id: 'a' });
    await test.job({ job_id: 'b', max_retries: 1 });
    await runNow(test, 'a');
    const waiting = await runNow(test, 'b');
    expect(await test.core.queue.cancel(waiting.execution_id, 'anna')).toBe('cancelled');
    test.hand.runs[0]?.end(success);
    await test.time.settle();
    test.hand.answer = failure;
    await runNow(test, 'b');
    await test.time.settle();
    const retry = (await test.rows()).find((row) => row.trigger === 'retry');
    await test.core.queue.cancel(retry?.execution_id ?? 0, 'anna');
    const found = await test.rows();
    expect(found.map((row) => row.status)).toEqual(['success', 'cancelled', 'retry', 'cancelled']);
    expect(found[1]?.error_message).toBe('Cancelled by anna before it began');
    expect(test.core.queue.isBusy('b')).toBe(false);
  });

  it('refuses to cancel what is not under way', async () => {
    const test = await createTestCore();
    await test.core.start();
    expect(await refusal(test.core.queue.cancel(99, 'anna'))).toMatchObject({ code: 'conflict' });
  });

  it('leaves every row in a final state when it stops: running, waiting, held and retrying ones', async () => {
    const test = await createTestCore({ threadPoolSize: 2 });
    await test.core.start();
    await test.job({ job_id: 'running' });
    await test.job({ job_id: 'retrying', max_retries: 1 });
    await test.job({ job_id: 'held', overlap: 'queue', schedule: everyMinute });
    await test.job({ job_id: 'waiting' });
    await runNow(test, 'retrying');
    test.hand.runs[0]?.end(failure);
    await test.time.settle();
    await runNow(test, 'running');
    await test.time.advance(2 * minute);
    await runNow(test, 'waiting');
    await test.core.stop();
    const found = await test.rows();
    expect(found.filter((row) => row.end_time === null)).toEqual([]);
    expect(found.filter((row) => row.status === 'interrupted').length).toBeGreaterThanOrEqual(4);
  });

  it('marks rows of a process that died as interrupted, and leaves finished ones alone', async () => {
    const store = await openSqliteStore({ file: ':memory:' });
    const time = createFakeTime('2026-03-02T08:00:00Z');
    const first = await createTestCore({ store, time });
    await first.core.start();
    await first.job({ job_id: 'a' });
    await first.job({ job_id: 'b' });
    const done = await runNow(first, 'b');
    first.hand.runs[0]?.end(success);
    await time.settle();
    const cut = await runNow(first, 'a');
    await time.advance(minute);
    const second = await createTestCore({ store, time });
    await second.core.start();
    expect(await store.executions.get(cut.execution_id)).toMatchObject({
      status: 'interrupted',
      owner: null,
      error_message: expect.stringContaining('The program ended while this ran'),
    });
    expect((await store.executions.get(done.execution_id))?.status).toBe('success');
  });

  it('keeps a result the store refuses, and writes it when the store answers again', async () => {
    let isBroken = false;
    const test = await createTestCore({
      wrapStore: (store) => ({
        ...store,
        executions: {
          ...store.executions,
          update: (id, patch) =>
            isBroken ? Promise.reject(new Error('disk full')) : store.executions.update(id, patch),
        },
      }),
    });
    await test.core.start();
    await test.job({ job_id: 'a' });
    await runNow(test, 'a');
    isBroken = true;
    test.hand.runs[0]?.end(success);
    await test.time.settle();
    await test.time.advance(1500);
    expect((await test.core.health.check()).checks.database).toBe(false);
    isBroken = false;
    await test.time.advance(5000);
    expect((await test.rows())[0]?.status).toBe('success');
    expect((await test.core.health.check()).checks.database).toBe(true);
  });

  it('fails a run whose job type throws, with its message, and goes on', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'a' });
    Object.assign(test.hand.type, {
      execute: () => {
        throw new Error('boom');
      },
    });
    await runNow(test, 'a');
    await test.time.settle();
    expect((await test.rows())[0]).toMatchObject({ status: 'failed', error_message: 'boom' });
  });

  it('skips nothing and runs nothing twice when 300 slots fall on one instant', async () => {
    const test = await createTestCore({ threadPoolSize: 20 });
    await test.core.start();
    for (let index = 0; index < 300; index += 1)
      await test.job({ job_id: `j${index}`, schedule: everyMinute });
    test.hand.answer = success;
    await test.time.advance(minute);
    await test.time.settle();
    await test.time.settle();
    const found = await test.rows();
    expect(found).toHaveLength(300);
    expect(found.every((row) => row.status === 'success')).toBe(true);
  });

  it('ends a run that writes nothing for stalled_after, and not one that goes on writing', async () => {
    const test = await createTestCore({ defaults: { max_retries: 1 } });
    await test.core.start();
    await test.job({ job_id: 'a', stalled_after: 10, retry_on: ['stalled'], retry_delay: 5 });
    await runNow(test, 'a');
    await test.time.settle();
    for (let second = 0; second < 30; second += 6) {
      await test.time.advance(6000);
      test.hand.runs[0]?.context.log.write('stdout', new TextEncoder().encode('.'));
    }
    expect((await test.rows())[0]?.status).toBe('running');
    await test.time.advance(10_001);
    const [first, second] = await test.rows();
    expect(first).toMatchObject({
      status: 'retry',
      error_message: 'No output for 10 seconds (stalled_after): ended',
      metadata: { error_class: 'stalled' },
    });
    expect(second).toMatchObject({ status: 'pending', retry_count: 1 });
  });

  it('tries a timeout again only when retry_on says so', async () => {
    const test = await createTestCore({ defaults: { max_retries: 2, timeout: 5, retry_delay: 1 } });
    await test.core.start();
    await test.job({ job_id: 'a' });
    await test.job({ job_id: 'b', retry_on: ['timeout'], retry_backoff: 'exponential' });
    await runNow(test, 'a');
    await runNow(test, 'b');
    await test.time.settle();
    for (let step = 0; step < 30; step += 1) await test.time.advance(1000);
    const found = await test.rows();
    expect(found.filter((row) => row.job_id === 'a').map((row) => row.status)).toEqual(['timeout']);
    expect(found.filter((row) => row.job_id === 'b').map((row) => row.status)).toEqual([
      'retry',
      'retry',
      'timeout',
    ]);
    const retries = found.filter((row) => row.job_id === 'b').map((row) => row.metadata.retry_at);
    expect(retries.slice(1)).toEqual(['2026-03-02T08:00:06.000Z', '2026-03-02T08:00:13.000Z']);
  });

  it('keeps the definition that each execution ran, each text once', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'a', note: 'old' });
    test.hand.answer = success;
    await runNow(test, 'a');
    await test.time.settle();
    await runNow(test, 'a');
    await test.time.settle();
    await test.core.jobs.update('a', { note: 'new' });
    await runNow(test, 'a');
    await test.time.settle();
    const digests = (await test.rows()).map((row) => row.definition_digest ?? '');
    expect(new Set(digests).size).toBe(2);
    const kept = await test.store.runDefinitions.get(digests[0] ?? '');
    expect(JSON.parse(kept?.configuration ?? '{}')).toMatchObject({ job_id: 'a', note: 'old' });
  });
});
