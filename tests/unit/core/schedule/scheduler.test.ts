import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import type { Store } from '../../../../src-main/core/ports/store';
import { createFakeTime } from '../../../support/fake-time';
import { createTestCore } from '../../../support/test-core';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const everyMinute = { type: 'cron', cron_params: { minute: '*' } };
const success = { status: 'success' } as const;

describe('the scheduler', () => {
  it('starts a run for each slot, at its instant, and no sooner', async () => {
    const { core, time, hand, job, rows } = await createTestCore();
    await core.start();
    await job({ job_id: 'a', schedule: everyMinute });
    hand.answer = success;
    await time.advance(minute - 1);
    expect(await rows()).toHaveLength(0);
    await time.advance(1 + 4 * minute);
    const found = await rows();
    expect(found.map((row) => row.status)).toEqual(Array(5).fill('success'));
    expect(found.map((row) => row.start_time)).toEqual(found.map((row) => row.scheduled_time));
    expect(found.map((row) => new Date(row.scheduled_time ?? 0).toISOString().slice(11, 16))).toEqual([
      '08:01',
      '08:02',
      '08:03',
      '08:04',
      '08:05',
    ]);
  });

  it('keeps the phase of an interval over a restart', async () => {
    const store = await openSqliteStore({ file: ':memory:' });
    const time = createFakeTime('2026-03-02T08:00:20Z');
    const first = await createTestCore({ store, time });
    await first.core.start();
    await first.job({ job_id: 'a', schedule: { type: 'interval', interval_params: { minutes: 10 } } });
    await time.advance(3 * minute);
    await first.core.stop();
    await time.advance(2 * minute);
    const second = await createTestCore({ store, time });
    second.hand.answer = success;
    await second.core.start();
    await time.advance(20 * minute);
    const starts = (await second.rows()).map((row) => new Date(row.start_time).toISOString());
    expect(starts).toEqual(['2026-03-02T08:10:20.000Z', '2026-03-02T08:20:20.000Z']);
  });

  it('runs the latest slot once after 26 hours down and accounts for the others in one row', async () => {
    const store = await openSqliteStore({ file: ':memory:' });
    const time = createFakeTime('2026-03-02T08:00:30Z');
    const first = await createTestCore({ store, time });
    await first.core.start();
    await first.job({ job_id: 'a', schedule: everyMinute });
    await first.core.stop();
    await time.advance(26 * hour);
    const second = await createTestCore({ store, time });
    second.hand.answer = success;
    await second.core.start();
    await time.advance(0);
    const found = await second.rows();
    expect(found.map((row) => row.status).sort()).toEqual(['missed', 'success']);
    const missed = found.find((row) => row.status === 'missed');
    expect(missed?.metadata.count).toBe(26 * 60 - 1);
    expect(missed?.error_message).toContain('The program was not running from 2026-03-02 08:00:30');
    expect(second.hand.runs).toHaveLength(1);
  });

  it.each([
    { name: 'skips all when the grace time is over', keys: { misfire_grace_time: 30 }, runs: 0, missed: 120 },
    {
      name: 'runs each within the grace time when coalesce is off, at most 100',
      keys: { misfire_grace_time: null, coalesce: false, max_instances: 100 },
      runs: 100,
      missed: 20,
    },
    {
      name: 'runs one when nothing is ever too late',
      keys: { misfire_grace_time: null },
      runs: 1,
      missed: 119,
    },
  ])('after two hours down $name', async ({ keys, runs, missed }) => {
    const store = await openSqliteStore({ file: ':memory:' });
    const time = createFakeTime('2026-03-02T08:00:30Z');
    const first = await createTestCore({ store, time });
    await first.core.start();
    await first.job({ job_id: 'a', schedule: everyMinute, ...keys });
    await first.core.stop();
    await time.advance(2 * hour + 15_000);
    const second = await createTestCore({ store, time, threadPoolSize: 200 });
    second.hand.answer = success;
    await second.core.start();
    await time.advance(0);
    const found = await second.rows();
    expect(found.filter((row) => row.status === 'success')).toHaveLength(runs);
    expect(found.find((row) => row.status === 'missed')?.metadata.count).toBe(missed);
  });

  it('makes one coalesced run of a day the clock jumped over, and goes on minute by minute', async () => {
    const { core, time, hand, job, rows } = await createTestCore();
    await core.start();
    await job({ job_id: 'a', schedule: everyMinute });
    hand.answer = success;
    await time.advance(2 * minute);
    time.freeze(day, 'wall');
    await time.advance(30_000);
    const jumped = await rows();
    expect(jumped.filter((row) => row.status === 'success').length).toBeLessThanOrEqual(4);
    const missed = jumped.find((row) => row.status === 'missed');
    expect(missed?.error_message).toMatch(/asleep, or its clock was set forward/);
    const before = hand.runs.length;
    await time.advance(5 * minute);
    expect(hand.runs.length - before).toBe(5);
  });

  it.each([10 * minute, 24 * hour])(
    'runs no slot twice when the clock is set back by %d ms, and does not stand still',
    async (back) => {
      const { core, time, hand, job, rows } = await createTestCore();
      await core.start();
      await job({ job_id: 'a', schedule: everyMinute });
      hand.answer = success;
      await time.advance(30 * minute);
      time.setWall(time.clock.now() - back);
      await time.advance(35 * minute);
      const slots = (await rows()).map((row) => row.scheduled_time);
      expect(new Set(slots).size).toBe(slots.length);
      const expected = 30 + (back > 30 * minute ? 35 : 25);
      expect(slots.length).toBeGreaterThanOrEqual(expected - 1);
      expect(slots.length).toBeLessThanOrEqual(expected + 1);
    },
  );

  it.each([
    { name: 'back', by: -2 * hour },
    { name: 'forward', by: 2 * hour },
  ])('sees a clock that is set $name while due runs are written', async ({ by }) => {
    const store = await openSqliteStore({ file: ':memory:' });
    const time = createFakeTime('2026-03-02T08:00:00Z');
    let isSet = false;
    const slow: Store = {
      ...store,
      transaction: async (work, ...rest) => {
        const done = await store.transaction(work, ...rest);
        if (time.clock.now() >= Date.parse('2026-03-02T08:10:00Z') && !isSet) {
          isSet = true;
          time.setWall(time.clock.now() + by);
        }
        return done;
      },
    };
    const { core, hand, job, rows } = await createTestCore({ store: slow, time });
    await core.start();
    await job({ job_id: 'a', schedule: everyMinute });
    hand.answer = success;
    await time.advance(10 * minute);
    expect(isSet).toBe(true);
    const before = hand.runs.length;
    await time.advance(5 * minute);
    expect(hand.runs.length - before).toBeGreaterThanOrEqual(5);
    const found = await rows();
    expect(new Set(found.map((row) => row.scheduled_time)).size).toBe(found.length);
    const missed = found.find((row) => row.status === 'missed');
    if (by > 0) expect(missed?.error_message).toMatch(/asleep, or its clock was set forward/);
    else expect(missed).toBeUndefined();
  });

  it('makes at most one run per job of ten minutes in which the process stood still', async () => {
    const { core, time, hand, job, logger } = await createTestCore();
    await core.start();
    await job({ job_id: 'a', schedule: everyMinute });
    hand.answer = success;
    await time.advance(2 * minute + 1000);
    const before = hand.runs.length;
    time.freeze(10 * minute, 'both');
    await time.advance(0);
    expect(hand.runs.length - before).toBe(1);
    expect(logger.lines.some((line) => line.message.startsWith('clock: frozen'))).toBe(true);
  });

  it('holds all schedules while paused, over a restart too, and tells who paused', async () => {
    const store = await openSqliteStore({ file: ':memory:' });
    const time = createFakeTime('2026-03-02T08:00:00Z');
    const first = await createTestCore({ store, time });
    await first.core.start();
    await first.job({ job_id: 'a', schedule: everyMinute });
    await first.core.scheduler.pause('anna');
    await time.advance(5 * minute);
    expect(first.hand.runs).toHaveLength(0);
    await first.core.stop();
    const second = await createTestCore({ store, time });
    second.hand.answer = success;
    await second.core.start();
    expect(second.core.scheduler.state).toBe('paused');
    await time.advance(5 * minute);
    expect(second.hand.runs).toHaveLength(0);
    await second.core.scheduler.resume('berta');
    await time.advance(0);
    const found = await second.rows();
    const skipped = found.find((row) => row.status === 'skipped');
    expect(skipped?.error_message).toContain('paused by anna from 2026-03-02 08:00:00 UTC');
    expect(second.hand.runs).toHaveLength(1);
  });

  it('plans nothing for a disabled job, and starts it anew from when it is enabled', async () => {
    const { core, time, hand, job, rows } = await createTestCore();
    await core.start();
    await job({ job_id: 'a', schedule: everyMinute, enabled: false });
    hand.answer = success;
    await time.advance(5 * minute);
    expect(core.scheduler.nextRun('a')).toBeUndefined();
    await core.jobs.setEnabled('a', true);
    await time.advance(minute);
    const found = await rows();
    expect(found.map((row) => row.status)).toEqual(['success']);
  });

  it('loses no slot to an edit that leaves the schedule alone', async () => {
    const { core, time, hand, job, rows } = await createTestCore();
    await core.start();
    await job({ job_id: 'a', schedule: { type: 'interval', interval_params: { seconds: 90 } } });
    hand.answer = success;
    await time.advance(60_000);
    await core.jobs.update('a', { description: 'another' });
    await time.advance(30_000);
    expect(await rows()).toHaveLength(1);
  });

  it('forgets the slots of a deleted job', async () => {
    const { core, time, hand, job, rows } = await createTestCore();
    await core.start();
    await job({ job_id: 'a', schedule: everyMinute });
    hand.answer = success;
    await time.advance(minute);
    await core.jobs.remove('a');
    await time.advance(3 * minute);
    expect(await rows()).toHaveLength(1);
  });

  it('starts jobs again when the store answers again, and starts others meanwhile', async () => {
    let isBroken = false;
    const wrapStore = (store: Store): Store => ({
      ...store,
      transaction: (work) =>
        isBroken ? Promise.reject(new Error('disk I/O error')) : store.transaction(work),
    });
    const { core, time, hand, job, rows, logger } = await createTestCore({ wrapStore });
    await core.start();
    await job({ job_id: 'a', schedule: everyMinute });
    hand.answer = success;
    isBroken = true;
    await time.advance(minute + 1000);
    expect(await rows()).toHaveLength(0);
    expect(logger.lines.some((line) => /store failed/.test(line.message))).toBe(true);
    isBroken = false;
    await time.advance(10_000);
    const found = await rows();
    expect(found.map((row) => row.status)).toEqual(['success']);
    expect(new Date(found[0]?.scheduled_time ?? 0).toISOString()).toBe('2026-03-02T08:01:00.000Z');
  });

  it('delays the start by the jitter while the slot keeps its time', async () => {
    const { core, time, hand, job, rows } = await createTestCore({ random: () => 0.5 });
    await core.start();
    await job({ job_id: 'a', schedule: { ...everyMinute, jitter: 20 } });
    hand.answer = success;
    await time.advance(minute + 9000);
    expect(hand.runs).toHaveLength(0);
    await time.advance(2000);
    const [row] = await rows();
    expect(row?.status).toBe('success');
    expect((row?.start_time ?? 0) - (row?.scheduled_time ?? 0)).toBe(10_000);
  });

  it('accounts for every slot of 100 jobs over three days with pauses, freezes and a restart', async () => {
    const store = await openSqliteStore({ file: ':memory:' });
    const time = createFakeTime('2026-03-27T00:00:10Z');
    const begin = time.clock.now();
    const first = await createTestCore({ store, time, threadPoolSize: 200 });
    first.hand.answer = success;
    await first.core.start();
    for (let index = 0; index < 100; index += 1) {
      const schedule =
        index % 2 === 0
          ? { type: 'interval', interval_params: { minutes: 45 + index } }
          : {
              type: 'cron',
              cron_params: { hour: `*/${1 + (index % 5)}`, minute: index % 60 },
              timezone: 'Europe/Berlin',
            };
      await first.job({ job_id: `job_${index}`, schedule });
    }
    await time.advance(20 * hour);
    await first.core.scheduler.pause('anna');
    await time.advance(3 * hour);
    await first.core.scheduler.resume('anna');
    await time.advance(10 * hour);
    time.freeze(7 * hour, 'both');
    await time.advance(2 * hour);
    await first.core.stop();
    await time.advance(9 * hour);
    const second = await createTestCore({ store, time, threadPoolSize: 200 });
    second.hand.answer = success;
    await second.core.start();
    await time.advance(21 * hour);
    const end = time.clock.now();

    const wrong: string[] = [];
    for (const { job_id } of await store.jobs.list()) {
      const found = await second.rows({ job_id });
      const accounted = found.reduce(
        (sum, row) => sum + (row.status === 'success' ? 1 : Number(row.metadata.count ?? 1)),
        0,
      );
      const entry = second.core.registry.get(job_id);
      if (!entry?.schedule) throw new Error('no schedule');
      const { createTrigger } = await import('../../../../src-main/core/schedule/trigger');
      const planned = createTrigger(entry.schedule, { defaultTimezone: 'UTC', anchor: begin }).count(
        begin,
        end,
      );
      if (accounted !== planned) wrong.push(`${job_id}: ${accounted} of ${planned}`);
    }
    expect(wrong).toEqual([]);
  });
});
