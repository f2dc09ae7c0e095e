import { describe, expect, it } from 'vitest';
import { createTestCore } from '../../../support/test-core';

const minute = 60_000;
const hour = 60 * minute;
const hourly = { type: 'cron', cron_params: { minute: 0 } };

/** A night from 08:30 to 13:10 in which nothing could act: five slots of two jobs are late. */
async function afterSleep() {
  const test = await createTestCore({ start: '2026-03-02T07:00:00Z' });
  test.hand.answer = { status: 'success' };
  await test.job({ job_id: 'a', name: 'Alpha', schedule: hourly, misfire_grace_time: 60 });
  await test.job({
    job_id: 'b',
    name: 'Beta',
    schedule: { ...hourly, cron_params: { minute: 30 } },
    misfire_grace_time: 60,
  });
  await test.job({ job_id: 'c', name: 'Gamma', schedule: hourly, misfire_grace_time: null });
  await test.core.start();
  await test.time.advance(hour + 45 * minute);
  test.time.freeze(4 * hour + 25 * minute, 'both');
  await test.time.advance(minute);
  return test;
}

describe('after a gap', () => {
  it('is told how long it was and what was missed in it, once for all jobs', async () => {
    const { core } = await afterSleep();
    const review = await core.gapReview.review();
    expect(review?.jobs).toEqual([
      {
        job_id: 'a',
        name: 'Alpha',
        slots: 5,
        first: Date.parse('2026-03-02T09:00:00Z'),
        last: Date.parse('2026-03-02T13:00:00Z'),
      },
      {
        job_id: 'b',
        name: 'Beta',
        slots: 4,
        first: Date.parse('2026-03-02T09:30:00Z'),
        last: Date.parse('2026-03-02T12:30:00Z'),
      },
    ]);
    expect(review).toMatchObject({ slots: 9, gaps: [{ kind: 'frozen' }] });
  });

  it.each([
    [
      'latest',
      [
        ['a', '13:00'],
        ['b', '12:30'],
      ],
    ],
    [
      'all',
      [
        ['a', '09:00'],
        ['a', '10:00'],
        ['a', '11:00'],
        ['a', '12:00'],
        ['a', '13:00'],
        ['b', '09:30'],
        ['b', '10:30'],
        ['b', '11:30'],
        ['b', '12:30'],
      ],
    ],
    ['leave', []],
  ] as const)('%s runs what it says, and is not asked again', async (answer, expected) => {
    const { core, rows, time } = await afterSleep();
    const review = await core.gapReview.review();
    await core.gapReview.answer(answer, review?.to ?? 0, 'anna');
    await time.advance(minute);
    const caught = (await rows({ trigger: ['catch_up'] })).map(({ job_id, scheduled_time, status }) => [
      job_id,
      new Date(scheduled_time ?? 0).toISOString().slice(11, 16),
      status,
    ]);
    expect(caught.sort()).toEqual(expected.map(([job_id, at]) => [job_id, at, 'success']));
    expect(await core.gapReview.review()).toBeUndefined();
  });

  it('does not ask about what was caught up otherwise, nor about a gap in which nothing was missed', async () => {
    const { core, time } = await afterSleep();
    await core.jobs.setEnabled('b', false, 'anna');
    await core.queue.submit([
      {
        job: core.jobs.get('a'),
        trigger: 'catch_up',
        scheduled_time: Date.parse('2026-03-02T13:00:00Z'),
        retry_count: 0,
        first_execution_id: null,
        requested_by: 'anna',
      },
    ]);
    expect(await core.gapReview.review()).toBeUndefined();
    time.freeze(5 * minute, 'both');
    await time.advance(minute);
    expect(await core.gapReview.review()).toBeUndefined();
  });
});
