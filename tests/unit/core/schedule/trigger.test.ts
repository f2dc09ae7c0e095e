import { describe, expect, it } from 'vitest';
import { decideMisfire } from '../../../../src-main/core/schedule/misfire';
import { previewSchedule } from '../../../../src-main/core/schedule/preview';
import { createTrigger } from '../../../../src-main/core/schedule/trigger';
import { Schedule } from '../../../../src-shared/model/schedule';
import { parseSchedule } from '../../../../src-shared/schedule/parse-schedule';

const parsed = (schedule: unknown) => {
  const reading = parseSchedule(Schedule.parse(schedule), 'schedule');
  if (!reading.parsed) throw new Error(reading.issues[0]?.message);
  return reading.parsed;
};
const triggerOf = (schedule: unknown, anchor = '2026-01-01T00:00:00Z') =>
  createTrigger(parsed(schedule), { defaultTimezone: 'UTC', anchor: Date.parse(anchor) });
const iso = (slots: readonly number[]) =>
  slots.map((slot) => new Date(slot).toISOString().replace(':00.000Z', ''));
const from = (text: string) => Date.parse(text);
const far = Number.POSITIVE_INFINITY;

describe('several schedules of one job', () => {
  it('take the earliest next slot, and the same instant once', () => {
    const trigger = triggerOf([
      { type: 'cron', cron_params: { hour: 8, minute: 0 } },
      { type: 'cron', cron_params: { hour: '8,12', minute: 0 } },
      { type: 'date', run_date: '2026-03-02 09:30:00' },
    ]);
    const start = from('2026-03-02T00:00:00Z');
    expect(iso(trigger.between(start, far, 4))).toEqual([
      '2026-03-02T08:00',
      '2026-03-02T09:30',
      '2026-03-02T12:00',
      '2026-03-03T08:00',
    ]);
    expect(trigger.count(start, start + 86_400_000)).toBe(3);
    expect(trigger.previous(from('2026-03-02T09:00:00Z'))).toBe(from('2026-03-02T08:00:00Z'));
  });

  it('may lie in different zones', () => {
    const trigger = triggerOf([
      { type: 'cron', cron_params: { hour: 9 }, timezone: 'Asia/Tokyo' },
      { type: 'cron', cron_params: { hour: 9 }, timezone: 'Eastern Standard Time' },
    ]);
    expect(iso(trigger.between(from('2026-03-02T00:00:00Z') - 1, far, 2))).toEqual([
      '2026-03-02T00:00',
      '2026-03-02T14:00',
    ]);
  });
});

describe('a crontab string', () => {
  it('runs when either day or weekday matches, and counts Sunday as 0 and 7', () => {
    const trigger = triggerOf({ type: 'cron', expression: '0 8 13 * 7' });
    expect(iso(trigger.between(from('2026-03-07T12:00:00Z'), far, 4))).toEqual([
      '2026-03-08T08:00',
      '2026-03-13T08:00',
      '2026-03-15T08:00',
      '2026-03-22T08:00',
    ]);
  });

  it('matches both fields when only one of them is restricted', () => {
    const trigger = triggerOf({ type: 'cron', expression: '30 6 * * 1-5' });
    expect(iso(trigger.between(from('2026-03-06T12:00:00Z'), far, 2))).toEqual([
      '2026-03-09T06:30',
      '2026-03-10T06:30',
    ]);
  });
});

describe('bounds of a schedule', () => {
  it('are both inclusive', () => {
    const trigger = triggerOf({
      type: 'cron',
      cron_params: { hour: 8, start_date: '2026-03-02 08:00:00', end_date: '2026-03-03 08:00:00' },
    });
    expect(iso(trigger.between(0, far, 10))).toEqual(['2026-03-02T08:00', '2026-03-03T08:00']);
    expect(trigger.next(from('2026-03-03T08:00:00Z'))).toBeUndefined();
  });

  it('begin an interval at its start_date, that instant included', () => {
    const trigger = triggerOf({
      type: 'interval',
      interval_params: { hours: 6, start_date: '2026-03-02' },
      timezone: 'Europe/Berlin',
    });
    expect(iso(trigger.between(0, far, 2))).toEqual(['2026-03-01T23:00', '2026-03-02T05:00']);
  });
});

describe('extreme schedules', () => {
  it.each([
    [{ type: 'cron', cron_params: { month: 2, day: 29, day_of_week: 'mon' } }, '2044-02-29T00:00'],
    [
      { type: 'cron', cron_params: { year: 2099, month: 12, day: 31, hour: 23, minute: 59 } },
      '2099-12-31T23:59',
    ],
    [{ type: 'cron', cron_params: { day: 'last fri', hour: 3 } }, '2026-03-27T03:00'],
    [{ type: 'cron', cron_params: { week: 53, day_of_week: 'thu' } }, '2026-12-31T00:00'],
  ])('%j has its next slot at %s', (schedule, expected) => {
    expect(iso([triggerOf(schedule).next(from('2026-03-02T00:00:00Z')) ?? 0])).toEqual([expected]);
  });

  it.each([
    { type: 'cron', cron_params: { month: 2, day: 30 } },
    { type: 'cron', cron_params: { year: 2001 } },
    { type: 'date', run_date: '2001-01-01' },
  ])('%j never comes', (schedule) => {
    expect(triggerOf(schedule).next(from('2026-03-02T00:00:00Z'))).toBeUndefined();
  });

  it('counts a year of every second without walking through it', () => {
    const trigger = triggerOf({ type: 'cron', cron_params: { second: '*' }, timezone: 'America/New_York' });
    const start = from('2026-01-01T00:00:00Z');
    expect(trigger.count(start, start + 365 * 86_400_000)).toBe(365 * 86_400);
  });
});

describe('late slots', () => {
  const everyMinute = triggerOf({ type: 'cron', cron_params: { minute: '*' } });
  const cursor = from('2026-03-02T08:00:00Z');
  const ask = (now: string, graceSeconds: number | null, coalesce: boolean) =>
    decideMisfire({ trigger: everyMinute, cursor, now: from(now), graceSeconds, coalesce });

  it('run as planned when the wake is a moment late', () => {
    expect(ask('2026-03-02T08:01:00.040Z', 300, true)).toEqual({
      run: [from('2026-03-02T08:01:00Z')],
      passed: [],
      cursor: from('2026-03-02T08:01:00.040Z'),
    });
  });

  it('come to one run, of the latest, when they coalesce', () => {
    const decision = ask('2026-03-02T10:00:00Z', 300, true);
    expect(decision.run).toEqual([from('2026-03-02T10:00:00Z')]);
    expect(decision.passed).toEqual([
      {
        first: from('2026-03-02T08:01:00Z'),
        last: from('2026-03-02T09:59:00Z'),
        count: 119,
        cause: { kind: 'coalesced' },
      },
    ]);
  });

  it('run one by one within the grace time when they do not', () => {
    const decision = ask('2026-03-02T10:00:30Z', 150, false);
    expect(iso(decision.run)).toEqual(['2026-03-02T09:58', '2026-03-02T09:59', '2026-03-02T10:00']);
    expect(decision.passed[0]).toMatchObject({ count: 117, cause: { kind: 'grace' } });
  });

  it('of ten years come to at most 100 runs and one stretch', () => {
    const decision = ask('2036-03-02T08:00:00Z', null, false);
    expect(decision.run).toHaveLength(100);
    expect((decision.passed[0]?.count ?? 0) + 100).toBe((from('2036-03-02T08:00:00Z') - cursor) / 60_000);
  });

  it('are none before the first is due', () => {
    expect(ask('2026-03-02T08:00:59Z', 300, true)).toEqual({ run: [], passed: [], cursor });
  });
});

describe('the preview', () => {
  it('includes the instant it begins at, and shows local time with its offset', () => {
    const timezone = 'America/New_York';
    const slots = previewSchedule(parsed({ type: 'cron', cron_params: { hour: 8 }, timezone }), {
      from: from('2026-03-07T13:00:00Z'),
      count: 2,
      defaultTimezone: 'UTC',
    });
    expect(slots).toEqual([
      { scheduled_time: '2026-03-07T13:00:00Z', local_time: '2026-03-07T08:00:00-05:00', timezone },
      { scheduled_time: '2026-03-08T12:00:00Z', local_time: '2026-03-08T08:00:00-04:00', timezone },
    ]);
  });

  it('begins an interval without start_date one length after it was asked for', () => {
    const slots = previewSchedule(parsed({ type: 'interval', interval_params: { minutes: 15 } }), {
      from: from('2026-03-07T13:00:00Z'),
      count: 1,
      defaultTimezone: 'UTC',
    });
    expect(slots[0]?.scheduled_time).toBe('2026-03-07T13:15:00Z');
  });
});
