import { describe, expect, it } from 'vitest';
import { recordedOutcomes } from '../../../../src-main/core/simulate/recorded-outcomes';
import { createTestCore } from '../../../support/test-core';

describe('outcomes of a simulation', () => {
  it('are those of the runs there were, in their order, over and over; assumed where there were none', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({
      job_id: 'a',
      max_retries: 1,
      retry_delay: 60,
      schedule: { type: 'cron', cron_params: { minute: '*/5' } },
    });
    await test.job({ job_id: 'never_ran', schedule: { type: 'cron', cron_params: { minute: 59 } } });
    const end = async (status: 'success' | 'failed', seconds: number) => {
      await test.time.advance(seconds * 1000);
      test.hand.runs.at(-1)?.end(status === 'success' ? { status } : { status, error_message: 'no' });
      await test.time.advance(0);
    };
    await test.time.advance(5 * 60_000);
    await end('failed', 7);
    await test.time.advance(60_000);
    await end('success', 3);
    const assumed = { status: 'success', duration_seconds: 60 } as const;
    const play = await recordedOutcomes(test.store.executions, ['a', 'never_ran'], assumed);
    const of = (job_id: string) => play({ job_id, scheduled_time: 0, attempt: 1 });
    expect([of('a'), of('a'), of('a'), of('never_ran')]).toEqual([
      { status: 'failed', duration_seconds: 7 },
      { status: 'success', duration_seconds: 3 },
      { status: 'failed', duration_seconds: 7 },
      assumed,
    ]);
    expect(
      (await recordedOutcomes(undefined, ['a'], assumed))({ job_id: 'a', scheduled_time: 0, attempt: 1 }),
    ).toBe(assumed);
  });
});
