import { describe, expect, it } from 'vitest';
import { createTrigger } from '../../../src-main/core/schedule/trigger';
import type { Schedule } from '../../../src-shared/model/schedule';
import { parseSchedule } from '../../../src-shared/schedule/parse-schedule';
import { describeSchedule } from '../../../src-shared/schedule/schedule-words';

const words = (schedule: unknown, zone = 'UTC') => describeSchedule(schedule as Schedule, zone);
const cron = (cron_params: Record<string, unknown>, timezone?: string) => ({
  type: 'cron',
  cron_params,
  timezone,
});
const every = (interval_params: Record<string, unknown>) => ({ type: 'interval', interval_params });

describe('a schedule in words', () => {
  it.each<[unknown, string]>([
    [
      cron({ day_of_week: 'mon-fri', hour: 8, minute: 30 }, 'America/New_York'),
      'Every weekday at 08:30 (America/New_York)',
    ],
    [cron({ minute: '*/15' }), 'Every 15 minutes'],
    [cron({ minute: '5/15' }), 'Every 15 minutes from :05'],
    [cron({ minute: 15 }), 'Every hour at :15'],
    [cron({ hour: '*/6', minute: 30 }), 'Every 6 hours from 00:30 (UTC)'],
    [
      cron({ hour: '8-17', minute: '*/15', day_of_week: 'mon-fri' }),
      'Every 15 minutes from 08:00 to 17:45 on weekdays (UTC)',
    ],
    [cron({ hour: '8,20' }), 'Every day at 08:00 and 20:00 (UTC)'],
    [cron({ day: 'last', hour: 22 }), 'On the last day of every month at 22:00 (UTC)'],
    [
      cron({ day: '2nd tue,last fri', hour: 3, minute: 0, second: 5 }),
      'On the 2nd Tuesday and last Friday of every month at 03:00:05 (UTC)',
    ],
    [cron({ day: 31, month: '*' }), 'On the 31st of every month that has one at 00:00 (UTC)'],
    [cron({ day: 13, day_of_week: 'fri' }), 'On the 13th of every month if it is a Friday at 00:00 (UTC)'],
    [cron({ month: 'jan,jul' }), 'On the 1st of January and July at 00:00 (UTC)'],
    [
      cron({ year: '2026-2028', week: 10, day_of_week: 'mon' }),
      'Every Monday in ISO week 10 in 2026-2028 at 00:00 (UTC)',
    ],
    [cron({ minute: '*/7' }), 'At minutes 0-56 in steps of 7 of every hour'],
    [
      cron({ hour: '1-23/2', minute: '3,9', second: '4,7' }),
      'At seconds 4 and 7 of minutes 3 and 9 of hours 1-23 in steps of 2 (UTC)',
    ],
    [{ type: 'cron', expression: '0 8 * * 1-5' }, 'Every weekday at 08:00 (UTC)'],
    [
      { type: 'cron', expression: '0 0 13 1 5' },
      'On the 13th of January and every Friday in January at 00:00 (UTC)',
    ],
    [
      { type: 'cron', expression: '0 9-17 * * *', timezone: 'W. Europe Standard Time' },
      'Every hour from 09:00 to 17:00 (Europe/Berlin)',
    ],
    [every({ hours: 6 }), 'Every 6 hours'],
    [every({ minutes: 90 }), 'Every 90 minutes'],
    [every({ hours: 1, seconds: 1 }), 'Every 1 hour 1 second'],
    [every({ weeks: 1 }), 'Every week'],
    [{ ...every({ seconds: 1.5 }), jitter: 20 }, 'Every 1.5 seconds, started up to 20 seconds later'],
    [{ type: 'date', run_date: '2026-12-24 18:00:00' }, 'Once on 2026-12-24 at 18:00 (UTC)'],
    [
      { ...cron({ hour: 8 }), start_date: '2026-01-01', end_date: '2026-06-30 12:00:00' },
      'Every day at 08:00 (UTC), from 2026-01-01, until 2026-06-30 12:00',
    ],
    [
      [cron({ hour: 8, day_of_week: 'mon-fri' }), cron({ hour: 10, day_of_week: 'sat' })],
      'Every weekday at 08:00; every Saturday at 10:00 (UTC)',
    ],
    [[cron({ hour: 8 }), every({ minutes: 20 })], 'Every day at 08:00 (UTC); every 20 minutes'],
    [null, 'No schedule'],
    [cron({ hour: 25 }), "Can't be read: schedule.cron_params.hour is 25; expected 0-23"],
  ])('%j is "%s"', (schedule, text) => {
    expect(words(schedule)).toBe(text);
  });

  it('says the same of two cron schedules only when they fire at the same times', () => {
    let seed = 7;
    const pick = <T>(list: readonly T[]): T => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return list[Math.floor((seed / 2_147_483_648) * list.length)] as T;
    };
    const forms = {
      second: [undefined, undefined, 0, '*', '*/10', '5,7', '0-59', 30],
      minute: [undefined, 0, '*', '*/15', '5/15', '0,30', '*/7', '1-9', '0,1,2,3,5,9,33', '15,45', 30],
      hour: [undefined, 8, '*', '*/6', '8-17', '8,12', '1-23/2', '0-22', '*/5', '7,9,11', '8/6'],
      day_of_week: [undefined, undefined, 'mon-fri', 'sat,sun', 'tue', 'mon-sun', '0,2,4'],
      day: [undefined, undefined, 'last', 1, '1,15', '*/2', '1st mon', 'last fri,3', '29-31', '1-31'],
      week: [undefined, undefined, undefined, 10, '*/2'],
      month: [undefined, undefined, 2, 'jan-mar', '*/3', '1-12'],
      year: [undefined, undefined, undefined, undefined, '2026/2', 2027],
    };
    const seen = new Map<string, string>();
    const from = Date.parse('2026-01-01T00:00:00Z') - 1;
    for (let round = 0; round < 4000; round += 1) {
      const params = Object.fromEntries(
        Object.entries(forms).flatMap(([key, list]) => {
          const value = pick<string | number | undefined>(list);
          return value === undefined ? [] : [[key, value]];
        }),
      );
      const { parsed } = parseSchedule(cron(params) as Schedule, 'schedule');
      if (!parsed) continue;
      const trigger = createTrigger(parsed, { defaultTimezone: 'UTC', anchor: 0 });
      const slots = trigger.between(from, Number.POSITIVE_INFINITY, 60).join();
      const text = words(cron(params));
      expect(seen.get(text) ?? slots, `${text} is also what ${JSON.stringify(params)} is told as`).toBe(
        slots,
      );
      seen.set(text, slots);
    }
    expect(seen.size).toBeGreaterThan(1500);
  });
});
