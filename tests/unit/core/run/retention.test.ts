import { expect, it } from 'vitest';
import { createRetention, type RetentionRules } from '../../../../src-main/core/run/retention';
import { createTestCore } from '../../../support/test-core';

const day = 86_400_000;

async function kept(rules: Partial<RetentionRules>) {
  const { core, store, time, logger } = await createTestCore();
  const now = time.clock.now();
  const add = async (job_id: string, status: 'success' | 'failed' | 'running', days: number) => {
    const id = await store.executions.insert({
      job_id,
      job_name: job_id,
      status,
      trigger: 'schedule',
      scheduled_time: null,
      start_time: now - days * day,
      retry_count: 0,
      max_retries: 0,
      metadata: {},
      owner: null,
      slot_key: null,
    });
    return `${job_id}:${status}:${days}:${id}`;
  };
  const rows = [
    await add('a', 'success', 40),
    await add('a', 'failed', 40),
    await add('a', 'running', 40),
    await add('a', 'success', 20),
    await add('a', 'failed', 20),
    await add('a', 'success', 1),
    await add('b', 'success', 20),
  ];
  const gone: number[] = [];
  const removed = await createRetention({
    executions: store.executions,
    outputs: { remove: async (ids) => void gone.push(...ids) },
    artifacts: { remove: async () => undefined },
    jobIds: () => ['a', 'b'],
    rules: { keep_days: null, keep_failed_days: null, keep_runs_per_job: null, ...rules },
    clock: core.clock,
    timer: time.timer,
    logger,
  }).sweep();
  expect(removed).toBe(gone.length);
  const left = await store.executions.list(
    {},
    { limit: 100, offset: 0, sort: 'execution_id', descending: false },
  );
  const ids = new Set(left.map((row) => row.execution_id));
  return rows
    .filter((row) => ids.has(Number(row.split(':').at(-1))))
    .map((row) => row.split(':').slice(0, 3).join(' '));
}

it('keeps everything when nothing is said', async () => {
  expect(await kept({})).toHaveLength(7);
});

it('removes what is older than the days, never what still runs', async () => {
  expect(await kept({ keep_days: 30 })).toEqual([
    'a running 40',
    'a success 20',
    'a failed 20',
    'a success 1',
    'b success 20',
  ]);
});

it('keeps failures longer', async () => {
  expect(await kept({ keep_days: 10, keep_failed_days: 30 })).toEqual([
    'a running 40',
    'a failed 20',
    'a success 1',
  ]);
});

it('keeps the newest of each job, and failures by their own rule', async () => {
  expect(await kept({ keep_runs_per_job: 1 })).toEqual(['a running 40', 'a success 1', 'b success 20']);
  expect(await kept({ keep_runs_per_job: 1, keep_failed_days: 30 })).toEqual([
    'a running 40',
    'a failed 20',
    'a success 1',
    'b success 20',
  ]);
});
