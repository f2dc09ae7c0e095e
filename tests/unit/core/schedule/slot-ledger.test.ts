import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import { catchUp } from '../../../../src-main/core/schedule/catch-up';
import { explainSlot } from '../../../../src-main/core/schedule/why';
import { CalendarContent } from '../../../../src-shared/model/calendar';
import { createFakeTime } from '../../../support/fake-time';
import { quick } from '../../../support/quick-time';
import { createTestCore, refusal, type TestCore } from '../../../support/test-core';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const success = { status: 'success' } as const;
const daily = (at: number, more = {}) => ({ type: 'cron', cron_params: { hour: at }, ...more });
const everyMinute = { type: 'cron', cron_params: { minute: '*' } };
const holidays = (content: unknown) => CalendarContent.parse(content);

const jobOf = ({ core }: TestCore, job_id: string) => core.jobs.get(job_id);
const why = async (test: TestCore, job_id: string, at: string) =>
  explainSlot(jobOf(test, job_id), at, { ...test.core, now: test.time.clock.now() });
const slots = async (test: TestCore, job_id: string, from: string, to: string, limit = 100) =>
  test.core.ledger.slots(jobOf(test, job_id), { from: Date.parse(from), to: Date.parse(to), limit });
const told = (list: readonly { scheduled_time: string; fate: string; count?: number }[]) =>
  list.map(
    (slot) => `${slot.scheduled_time.slice(0, 16)} ${slot.fate}${slot.count ? ` x${slot.count}` : ''}`,
  );

describe('the slot ledger', () => {
  it('shows past and future as one list, with how late each run was', async () => {
    const test = await createTestCore({ random: () => 0.5 });
    await test.core.start();
    await test.job({ job_id: 'a', schedule: { ...everyMinute, jitter: 10 } });
    test.hand.answer = success;
    await test.time.advance(2 * minute + 30_000);
    const { slots: found } = await slots(test, 'a', '2026-03-02T08:00:00Z', '2026-03-02T08:04:00Z');
    expect(told(found)).toEqual([
      '2026-03-02T08:01 ran',
      '2026-03-02T08:02 ran',
      '2026-03-02T08:03 planned',
      '2026-03-02T08:04 planned',
    ]);
    expect(found[0]).toMatchObject({ status: 'success', lateness_seconds: 5, execution_id: 'exec_1' });
  });

  it('keeps the order of slots that lie within one second', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({
      job_id: 'a',
      max_instances: 9,
      schedule: [
        { type: 'cron', cron_params: { second: '*' } },
        { type: 'interval', interval_params: { seconds: 1, start_date: '2026-03-02T08:00:00.250Z' } },
      ],
    });
    test.hand.answer = success;
    await test.time.advance(1500);
    const { slots: found } = await slots(test, 'a', '2026-03-02T08:00:00.100Z', '2026-03-02T08:00:02Z');
    expect(found.map(({ scheduled_time, fate }) => `${scheduled_time.slice(17)} ${fate}`)).toEqual([
      '00.250Z ran',
      '01.000Z ran',
      '01.250Z ran',
      '02.000Z planned',
    ]);
  });

  it('records when a job in shadow would have run, and runs it only by hand', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'a', shadow: true, schedule: everyMinute });
    await test.job({
      job_id: 'b',
      on_success: { run: 'a' },
      schedule: { ...daily(8), cron_params: { minute: 2 } },
    });
    test.hand.answer = success;
    await test.time.advance(2 * minute + 30_000);
    expect(test.hand.runs.map((run) => run.context.job.job_id)).toEqual(['b']);
    const { slots: found } = await slots(test, 'a', '2026-03-02T08:00:00Z', '2026-03-02T08:03:00Z');
    expect(told(found)).toEqual([
      '2026-03-02T08:01 shadow',
      '2026-03-02T08:02 shadow',
      '2026-03-02T08:03 shadow',
    ]);
    expect(found[0]).toMatchObject({
      reason: 'In shadow: it would have run at this time; nothing was started',
    });
    expect((await why(test, 'a', '2026-03-02T08:01:00Z')).answer).toContain('is one of a job in shadow');
    await test.core.queue.runNow({
      job: test.core.jobs.get('a'),
      trigger: 'manual',
      scheduled_time: null,
      retry_count: 0,
      first_execution_id: null,
      requested_by: 'tester',
    });
    await test.time.settle();
    expect(test.hand.runs.map((run) => run.context.job.job_id)).toEqual(['b', 'a']);
    // Out of the shadow it runs from then on.
    await test.core.jobs.update('a', { shadow: false }, undefined, { by: 'ann', via: 'api', origin: '::1' });
    await test.time.advance(minute);
    expect(test.hand.runs.at(-1)?.context.scheduled_time).toBe(Date.parse('2026-03-02T08:03:00Z'));
  });

  it('tells slots lost while a job was disabled, before and after it is enabled again', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'a', schedule: everyMinute, misfire_grace_time: 30 });
    test.hand.answer = success;
    await test.time.advance(minute);
    await test.core.jobs.setEnabled('a', false, 'anna');
    await test.time.advance(10 * minute + 45_000);
    const during = await slots(test, 'a', '2026-03-02T08:00:00Z', '2026-03-02T08:11:00Z');
    expect(told(during.slots)).toEqual(['2026-03-02T08:01 ran', '2026-03-02T08:02 withheld x10']);
    expect((await why(test, 'a', '2026-03-02 08:05')).answer).toMatch(
      /will not happen as things stand.*disabled.*since 2026-03-02 08:01:00 UTC \(anna\)/,
    );
    await test.core.jobs.setEnabled('a', true, 'berta');
    await test.time.advance(0);
    const after = await slots(test, 'a', '2026-03-02T08:00:00Z', '2026-03-02T08:12:00Z');
    expect(told(after.slots)).toEqual([
      '2026-03-02T08:01 ran',
      '2026-03-02T08:02 skipped x10',
      '2026-03-02T08:12 planned',
    ]);
    expect((await why(test, 'a', '2026-03-02T08:05:00Z')).answer).toContain(
      'The job was disabled by anna from 2026-03-02 08:01:00 UTC to 2026-03-02 08:11:45 UTC',
    );
  });

  it('meets enabling with the same rule as a restart: the latest slot within its grace time runs', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'a', schedule: everyMinute });
    test.hand.answer = success;
    await test.core.jobs.setEnabled('a', false, 'anna');
    await test.time.advance(5 * minute + 30_000);
    await test.core.jobs.setEnabled('a', true, 'anna');
    await test.time.advance(0);
    expect(test.hand.runs).toHaveLength(1);
    expect(told((await slots(test, 'a', '2026-03-02T08:00:00Z', '2026-03-02T08:05:00Z')).slots)).toEqual([
      '2026-03-02T08:01 skipped x4',
      '2026-03-02T08:05 ran',
    ]);
  });

  it('keeps the slots that a changed schedule still owed', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'a', schedule: everyMinute });
    await test.core.scheduler.pause('anna');
    await test.time.advance(3 * minute);
    await test.core.jobs.update('a', { schedule: daily(9) });
    const [row] = await test.rows();
    expect(row).toMatchObject({ status: 'skipped', metadata: { count: 3 } });
    expect(row?.error_message).toMatch(/paused by anna.*the schedule was changed/);
  });

  it('says of a withheld future why, and collapses it', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'a', schedule: everyMinute });
    await test.core.scheduler.pause('anna');
    const { slots: found } = await slots(test, 'a', '2026-03-02T08:00:00Z', '2026-03-02T09:00:00Z');
    expect(told(found)).toEqual(['2026-03-02T08:01 withheld x60']);
    expect(found[0]?.reason).toContain('paused by anna');
  });

  it('shows those nearest to now when there are too many', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'a', schedule: everyMinute });
    test.hand.answer = success;
    await test.time.advance(30 * minute);
    const { slots: found, truncated } = await slots(
      test,
      'a',
      '2026-03-02T08:00:00Z',
      '2026-03-02T12:00:00Z',
      10,
    );
    expect(truncated).toBe(true);
    expect(told(found)).toHaveLength(10);
    expect(told(found)[4]).toBe('2026-03-02T08:30 ran');
    expect(told(found)[5]).toBe('2026-03-02T08:31 planned');
  });
});

describe('why', () => {
  it('answers for instants at which nothing was planned', async () => {
    const test = await createTestCore({ start: '2026-03-07T08:00:00Z' });
    await test.core.start();
    await test.job({ job_id: 'hand' });
    await test.job({ job_id: 'a', schedule: daily(8, { timezone: 'America/New_York' }) });
    expect((await why(test, 'hand', '2026-03-07 09:00')).answer).toContain('has no schedule');
    expect((await why(test, 'a', '2026-03-07T06:00:00Z')).answer).toContain('did not exist');
    const none = await why(test, 'a', '2026-03-08 09:30');
    expect(none.slot).toBeNull();
    expect(none.answer).toMatch(
      /Nothing is planned for 2026-03-08 09:30 \(America\/New_York\): .*every day at 08:00/,
    );
    expect(none.next?.local_time).toBe('2026-03-09T08:00:00-04:00');
    expect((await why(test, 'a', '2026-03-08 02:30')).answer).toContain('does not exist in America/New_York');
    expect((await why(test, 'a', '2026-03-08 08:00')).answer).toContain('A run is planned');
    expect((await refusal(why(test, 'a', 'noon'))).message).toMatch(/at is "noon"; expected an instant/);
  });

  it('names the clock that was set back, and the run that is not repeated', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'a', schedule: everyMinute });
    test.hand.answer = success;
    await test.time.advance(10 * minute + 1000);
    test.time.setWall(test.time.clock.now() - 5 * minute);
    await test.time.advance(2 * minute);
    expect((await why(test, 'a', '2026-03-02 08:07')).answer).toMatch(/started on time and ended as success/);
    const gaps = await test.store.gaps.list({ from: 0, to: Date.parse('2027-01-01'), limit: 5 });
    expect(gaps[0]?.kind).toBe('backward');
  });

  it('frees missed slots that lie ahead again after the clock was set wrong and put right', async () => {
    const test = await createTestCore(quick());
    await test.core.start();
    await test.job({ job_id: 'a', schedule: daily(9), misfire_grace_time: 60 });
    test.hand.answer = success;
    const right = test.time.clock.now();
    test.time.setWall(right + 10 * day);
    await test.time.advance(minute);
    expect((await test.rows()).map((row) => row.metadata.count)).toEqual([10]);
    test.time.setWall(right + 2 * minute);
    await test.time.advance(2 * day);
    const ran = (await test.rows()).filter((row) => row.status === 'success');
    expect(ran.map((row) => new Date(row.scheduled_time ?? 0).toISOString().slice(0, 13))).toEqual([
      '2026-03-02T09',
      '2026-03-03T09',
    ]);
    const counted = (await test.rows()).filter((row) => row.status === 'missed');
    expect(counted.map((row) => row.metadata.count)).toEqual([0]);
  });
});

describe('holiday sets', () => {
  const content = holidays({
    dates: ['2026-03-04', { date: '2026-03-05', name: 'Founding day' }],
    yearly: ['12-25'],
    weekly: [{ days: ['sat', 'sun'] }],
  });

  it('leave slots out, each with its row and reason', async () => {
    const test = await createTestCore(quick());
    await test.core.start();
    await test.core.calendars.create('closed', content, 'anna');
    await test.job({ job_id: 'a', schedule: daily(9), exclude: ['closed'] });
    test.hand.answer = success;
    await test.time.advance(2 * day);
    expect(test.core.scheduler.nextRun('a')).toBe(Date.parse('2026-03-06T09:00:00Z'));
    await test.time.advance(5 * day);
    const { slots: found } = await slots(test, 'a', '2026-03-02T00:00:00Z', '2026-03-15T23:00:00Z');
    expect(told(found)).toEqual(
      [
        '2026-03-02T09 ran',
        '2026-03-03T09 ran',
        '2026-03-04T09 skipped',
        '2026-03-05T09 skipped',
        '2026-03-06T09 ran',
        '2026-03-07T09 skipped x2',
        '2026-03-09T09 planned',
        '2026-03-10T09 planned',
        '2026-03-11T09 planned',
        '2026-03-12T09 planned',
        '2026-03-13T09 planned',
        '2026-03-14T09 withheld x2',
      ].map((text) => text.replace(/T09/, 'T09:00')),
    );
    expect((await why(test, 'a', '2026-03-05 09:00')).answer).toContain(
      'Excluded by the holiday set "closed" (Founding day)',
    );
    expect((await why(test, 'a', '2026-03-14 09:00')).answer).toContain('will not happen as things stand');
  });

  it.each([
    { on_excluded: 'next_business_day', runs: ['02', '03', '06', '09', '10'] },
    { on_excluded: 'previous_business_day', runs: ['02', '03', '06', '09', '10'] },
  ])('move slots to the $on_excluded, and two that meet are one run', async ({ on_excluded, runs }) => {
    const test = await createTestCore(quick());
    await test.core.start();
    await test.core.calendars.create('closed', content, 'anna');
    await test.job({ job_id: 'a', schedule: daily(9), exclude: ['closed'], on_excluded });
    test.hand.answer = success;
    await test.time.advance(8 * day + 2 * hour);
    const ran = (await test.rows()).map((row) =>
      new Date(row.scheduled_time ?? 0).toISOString().slice(8, 10),
    );
    expect(ran).toEqual(runs);
  });

  it('move a monthly run off a holiday, and say where it went', async () => {
    const test = await createTestCore(quick());
    await test.core.start();
    await test.core.calendars.create('closed', content, 'anna');
    const monthly = { type: 'cron', cron_params: { day: 4, hour: 9 } };
    await test.job({ job_id: 'n', schedule: monthly, exclude: ['closed'], on_excluded: 'next_business_day' });
    await test.job({
      job_id: 'p',
      schedule: monthly,
      exclude: ['closed'],
      on_excluded: 'previous_business_day',
    });
    test.hand.answer = success;
    expect(test.core.scheduler.nextRun('n')).toBe(Date.parse('2026-03-06T09:00:00Z'));
    expect(test.core.scheduler.nextRun('p')).toBe(Date.parse('2026-03-03T09:00:00Z'));
    expect((await why(test, 'n', '2026-03-04 09:00')).answer).toMatch(/is moved to 2026-03-06 09:00/);
    await test.time.advance(5 * day);
    const rows = await test.rows();
    expect(
      rows.map((row) => `${row.job_id} ${new Date(row.scheduled_time ?? 0).toISOString().slice(0, 10)}`),
    ).toEqual(['p 2026-03-03', 'n 2026-03-06']);
    expect(rows[1]?.metadata.moved_from).toEqual(['2026-03-04T09:00:00.000Z']);
    const { slots: found } = await slots(test, 'n', '2026-03-01T00:00:00Z', '2026-03-31T00:00:00Z');
    expect(found[0]).toMatchObject({ fate: 'ran', moved_from: '2026-03-04T09:00:00.000Z' });
  });

  it('tell a minutely job’s closed hours in one row that grows', async () => {
    const test = await createTestCore(quick());
    await test.core.start();
    const closed = holidays({ weekly: [{ days: ['mon'], from: '08:05', to: '08:15', name: 'Backup' }] });
    await test.core.calendars.create('backup', closed, 'anna');
    await test.job({ job_id: 'a', schedule: everyMinute, exclude: ['backup'] });
    test.hand.answer = success;
    await test.time.advance(20 * minute);
    const skipped = (await test.rows()).filter((row) => row.status === 'skipped');
    expect(skipped).toHaveLength(1);
    expect(skipped[0]?.metadata.count).toBe(10);
    expect((await test.rows()).filter((row) => row.status === 'success')).toHaveLength(10);
    expect((await why(test, 'a', '2026-03-02 08:14')).answer).toContain('(Backup)');
    expect((await why(test, 'a', '2026-03-02 08:15')).answer).toContain('ended as success');
  });

  it('hold a job whose set does not exist, until it does', async () => {
    const test = await createTestCore(quick());
    await test.core.start();
    test.hand.answer = success;
    await test.core.calendars.create('closed', content, 'anna');
    const { warnings } = await test.core.jobs.create(
      { job_id: 'a', name: 'A', job_type: 'hand', schedule: everyMinute, exclude: ['cloesd', 'later'] },
      'tester',
    );
    expect(warnings[0]?.message).toMatch(
      /exclude\[0\] is "cloesd"; there is no such holiday set.*mean "closed"\?/,
    );
    await test.core.jobs.update('a', { exclude: ['later'] });
    await test.time.advance(2 * minute);
    expect(await test.rows()).toEqual([]);
    expect(jobOf(test, 'a').disabledReason).toContain('"later", which does not exist');
    await test.core.calendars.create('later', holidays({}), 'anna');
    await test.time.advance(minute);
    expect((await test.rows()).map((row) => row.status)).toEqual(['success']);
  });

  it('move only what runs at most 24 times a day, and say so at its line', async () => {
    const test = await createTestCore(quick());
    await test.core.start();
    const text = 'id: a\ntype: hand\nschedule: {type: cron, cron_params: {minute: 0,15,30}}\n'.replace(
      '0,15,30',
      '"*/15"',
    );
    const error = await refusal(
      test.core.jobs.create({ yaml: `${text}exclude: closed\non_excluded: next_business_day\n` }, 'tester'),
    );
    expect(error.message).toMatch(/on_excluded is next_business_day with up to 96 runs a day.*line 5/);
  });

  it('are not deleted while a job names them', async () => {
    const test = await createTestCore(quick());
    await test.core.start();
    await test.core.calendars.create('closed', content, 'anna');
    await test.job({ job_id: 'a', schedule: daily(9), exclude: ['closed'] });
    expect((await refusal(test.core.calendars.remove('closed'))).message).toContain('"a"');
  });
});

describe('maintenance windows', () => {
  it('hold the jobs of a tag, and let the rules for late runs decide at their end', async () => {
    const test = await createTestCore();
    await test.core.start();
    test.hand.answer = success;
    await test.core.maintenance.create(
      { reason: 'Patching', tag: 'db', starts_at: '2026-03-02T08:04:30Z', ends_at: '2026-03-02T08:10:30Z' },
      'anna',
    );
    await test.job({ job_id: 'held', schedule: everyMinute, tags: ['db'], misfire_grace_time: 40 });
    await test.job({ job_id: 'late', schedule: everyMinute, tags: ['db'], misfire_grace_time: 10 });
    await test.job({ job_id: 'free', schedule: everyMinute });
    await test.time.advance(7 * minute);
    expect(told((await slots(test, 'late', '2026-03-02T08:04:00Z', '2026-03-02T08:11:00Z')).slots)).toEqual([
      '2026-03-02T08:04 ran',
      '2026-03-02T08:05 withheld x6',
      '2026-03-02T08:11 planned',
    ]);
    await test.time.advance(4 * minute);
    const of = async (job_id: string) =>
      (await test.rows({ job_id })).map((row) => `${row.status}${row.metadata.count ?? ''}`).join(' ');
    expect(await of('held')).toBe('success success success success success skipped5 success');
    expect(await of('late')).toBe('success success success success skipped6 success');
    expect(await of('free')).toBe(Array(11).fill('success').join(' '));
    expect((await why(test, 'late', '2026-03-02 08:07')).answer).toMatch(
      /maintenance window \(Patching; by anna\) held jobs with the tag "db" from 2026-03-02 08:04 UTC/,
    );
  });

  it('open again and again, and closing one early lets its jobs go on', async () => {
    const test = await createTestCore();
    await test.core.start();
    test.hand.answer = success;
    const window = await test.core.maintenance.create(
      {
        reason: 'Nightly',
        schedule: { type: 'cron', cron_params: { hour: '*', minute: 10 } },
        duration_minutes: 5,
      },
      'anna',
    );
    expect(window.text).toBe('Every hour at :10, for 5 minutes');
    await test.job({ job_id: 'a', schedule: everyMinute, misfire_grace_time: 0 });
    await test.time.advance(2 * hour);
    const ran = (await test.rows()).filter((row) => row.status === 'success');
    expect(ran).toHaveLength(110);
    await test.time.advance(12 * minute);
    await test.core.maintenance.remove(window.window_id);
    await test.time.advance(minute);
    const last = (await test.rows()).at(-1);
    expect(last).toMatchObject({ status: 'success', scheduled_time: Date.parse('2026-03-02T10:13:00Z') });
  });
});

describe('bounds for late runs', () => {
  const down = async (keys: Record<string, unknown>, forMs: number, start = '2026-03-02T08:00:30Z') => {
    const store = await openSqliteStore({ file: ':memory:' });
    const time = createFakeTime(start);
    const first = await createTestCore({ store, time });
    await first.core.start();
    await first.job({ job_id: 'a', misfire_grace_time: null, ...keys });
    await first.core.stop();
    await time.advance(forMs);
    const second = await createTestCore({ store, time });
    second.hand.answer = success;
    await second.core.start();
    await time.advance(0);
    return second;
  };
  const outcome = async (test: TestCore) =>
    (await test.rows())
      .sort((a, b) => (a.scheduled_time ?? 0) - (b.scheduled_time ?? 0))
      .map((row) => `${row.status}${row.metadata.count ? ` ${row.metadata.count}` : ''}`);

  it('catch up no further back than catch_up_window', async () => {
    const test = await down({ schedule: everyMinute, coalesce: false, catch_up_window: 300 }, hour);
    expect(await outcome(test)).toEqual(['missed 55', ...Array(5).fill('success')]);
    expect((await test.rows({ status: ['missed'] }))[0]?.error_message).toContain(
      'outside the catch-up window of 300 s',
    );
  });

  it('run at most max_catch_up of them, one after the other', async () => {
    const test = await down({ schedule: everyMinute, coalesce: false, max_catch_up: 3 }, hour);
    expect(await outcome(test)).toEqual(['missed 57', 'success', 'success', 'success']);
  });

  it('do not start a nightly job in the morning', async () => {
    const nightly = { type: 'cron', cron_params: { hour: 22 }, timezone: 'Europe/Berlin' };
    const morning = await down({ schedule: nightly, not_after: '06:00' }, 13 * hour, '2026-03-02T20:00:00Z');
    expect(await outcome(morning)).toEqual(['missed 1']);
    expect((await morning.rows())[0]?.error_message).toContain('too late to start: not_after is 06:00');
    const night = await down({ schedule: nightly, not_after: '06:00' }, 8 * hour, '2026-03-02T20:00:00Z');
    expect(await outcome(night)).toEqual(['success']);
  });

  it('hold for a run that waited in the queue, too', async () => {
    const test = await createTestCore({ threadPoolSize: 1, ...quick('2026-03-02T21:00:00Z') });
    await test.core.start();
    await test.job({ job_id: 'long', schedule: daily(22), timeout: 0 });
    await test.job({ job_id: 'nightly', schedule: daily(22, {}), not_after: '06:00' });
    await test.time.advance(2 * hour);
    expect(test.hand.runs.map((run) => run.context.job.job_id)).toEqual(['long']);
    await test.time.advance(10 * hour);
    test.hand.runs[0]?.end(success);
    await test.time.advance(0);
    const [row] = await test.rows({ job_id: 'nightly' });
    expect(row).toMatchObject({ status: 'missed' });
    expect(row?.error_message).toContain('too late to start');
  });
});

describe('a catch-up by hand', () => {
  const wish = (more = {}) => ({
    from: Date.parse('2026-03-02T08:00:30Z'),
    to: Date.parse('2026-03-02T08:05:00Z'),
    mode: 'each' as const,
    include_ran: false,
    include_excluded: false,
    dry_run: false,
    ...more,
  });

  it('shows what it would do, then runs what did not run, in order and one at a time', async () => {
    const test = await createTestCore();
    await test.core.start();
    await test.job({ job_id: 'a', schedule: everyMinute, misfire_grace_time: 0 });
    test.hand.answer = success;
    await test.time.advance(minute);
    await test.core.scheduler.pause('anna');
    await test.time.advance(4 * minute + 30_000);
    await test.core.scheduler.resume('anna');
    await test.time.advance(0);
    expect(test.hand.runs).toHaveLength(1);
    const ask = (more = {}) =>
      catchUp(jobOf(test, 'a'), wish(more), 'berta', { ...test.core, now: test.time.clock.now() });
    const dry = await ask({ dry_run: true });
    expect(dry.map((slot) => slot.action)).toEqual(['leave', 'run', 'run', 'run', 'run']);
    expect(await test.rows({ trigger: ['catch_up'] })).toEqual([]);
    test.hand.answer = undefined;
    await ask();
    await test.time.advance(0);
    expect(test.hand.runs).toHaveLength(2);
    test.hand.answer = success;
    test.hand.runs[1]?.end(success);
    await test.time.advance(0);
    const rows = await test.rows({ trigger: ['catch_up'] });
    expect(rows.map((row) => row.status)).toEqual(Array(4).fill('success'));
    expect(rows[0]?.metadata.requested_by).toBe('berta');
    expect((await ask()).every((slot) => slot.action === 'leave')).toBe(true);
    expect(
      (await ask({ include_ran: true, mode: 'latest', dry_run: true })).map((slot) => slot.action),
    ).toEqual(['leave', 'leave', 'leave', 'leave', 'run']);
    expect((await why(test, 'a', '2026-03-02 08:03')).answer).toMatch(/08:03 .*ended as success/);
  });

  it('begins at the first moment of the job: before it nothing was planned', async () => {
    const test = await createTestCore({ start: '2026-03-02T08:00:10Z' });
    await test.core.start();
    await test.job({ job_id: 'a', schedule: everyMinute });
    await test.core.scheduler.pause('anna');
    await test.time.advance(3 * minute);
    const ask = (to: string) =>
      catchUp(
        jobOf(test, 'a'),
        wish({ from: Date.parse('2026-03-01T00:00:00Z'), to: Date.parse(to), dry_run: true }),
        'b',
        { ...test.core, now: test.time.clock.now() },
      );
    expect((await ask('2026-03-02T08:02:30Z')).map((slot) => slot.scheduled_time)).toEqual([
      Date.parse('2026-03-02T08:01:00Z'),
      Date.parse('2026-03-02T08:02:00Z'),
    ]);
    expect((await refusal(ask('2026-03-02T08:00:00Z'))).message).toMatch(
      /first saved at 2026-03-02T08:00:10/,
    );
  });

  it('refuses more than a hundred runs', async () => {
    const test = await createTestCore({ start: '2026-03-02T08:00:00Z' });
    await test.core.start();
    await test.job({ job_id: 'a', schedule: everyMinute });
    await test.core.scheduler.pause('anna');
    await test.time.advance(3 * hour);
    const error = await refusal(
      catchUp(jobOf(test, 'a'), wish({ to: test.time.clock.now() }), 'b', {
        ...test.core,
        now: test.time.clock.now(),
      }),
    );
    expect(error.message).toMatch(/180 runs would be started; expected at most 100/);
  });
});
