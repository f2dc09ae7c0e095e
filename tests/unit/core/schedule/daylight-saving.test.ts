import { describe, expect, it } from 'vitest';
import { createTrigger } from '../../../../src-main/core/schedule/trigger';
import { Schedule } from '../../../../src-shared/model/schedule';
import { parseSchedule } from '../../../../src-shared/schedule/parse-schedule';
import { type OracleCron, oracleSlots, wallClocks } from '../../../support/slot-oracle';

const dayMs = 86_400_000;

/** Two stretches per zone, each around a change of its clock. */
const stretches: readonly (readonly [zone: string, ...around: string[]])[] = [
  ['America/New_York', '2025-03-09', '2025-11-02'],
  ['Europe/London', '2025-03-30', '2025-10-26'],
  ['Europe/Berlin', '2025-03-30', '2025-10-26'],
  ['Australia/Lord_Howe', '2025-04-06', '2025-10-05'],
  ['Australia/Sydney', '2025-04-06', '2025-10-05'],
  ['America/Santiago', '2025-04-06', '2025-09-07'],
  ['Africa/Cairo', '2025-04-25', '2025-10-31'],
  ['Africa/Casablanca', '2025-02-23', '2025-04-06'],
  ['America/Sao_Paulo', '2018-11-04', '2019-02-17'],
  ['Asia/Kolkata', '2025-03-30', '2025-10-26'],
  ['Pacific/Apia', '2011-09-24', '2011-12-30'],
  ['Antarctica/Troll', '2025-03-30', '2025-10-26'],
];

interface Rule {
  readonly name: string;
  readonly params: Record<string, string | number>;
  readonly oracle: Omit<OracleCron, 'fold' | 'gap'>;
  readonly wildcardHour: boolean;
}

const every = (step: number, until: number) =>
  Array.from({ length: Math.ceil(until / step) }, (_, index) => index * step);

const rules: readonly Rule[] = [
  ...[0, 1, 2, 3, 23].map((hour) => ({
    name: `daily at ${hour}:30`,
    params: { hour, minute: 30 },
    oracle: { hour: [hour], minute: [30] },
    wildcardHour: false,
  })),
  { name: 'midnight', params: { hour: 0 }, oracle: { hour: [0], minute: [0] }, wildcardHour: false },
  { name: 'hourly at :15', params: { minute: 15 }, oracle: { hour: '*', minute: [15] }, wildcardHour: true },
  {
    name: 'every 20 minutes',
    params: { minute: '*/20' },
    oracle: { hour: '*', minute: every(20, 60) },
    wildcardHour: true,
  },
  {
    name: 'every two hours',
    params: { hour: '*/2', minute: 0 },
    oracle: { hour: every(2, 24), minute: [0] },
    wildcardHour: true,
  },
  {
    name: 'at night on Sundays and Fridays',
    params: { day_of_week: 'fri,sun', hour: '0-3', minute: '0,30' },
    oracle: { hour: [0, 1, 2, 3], minute: [0, 30], weekday: [4, 6] },
    wildcardHour: false,
  },
];

const overrides = [
  undefined,
  { gap: 'skip' },
  { fold: 'once' },
  { fold: 'twice' },
  { gap: 'skip', fold: 'twice' },
];

function triggerOf(schedule: unknown) {
  const { parsed } = parseSchedule(Schedule.parse(schedule), 'schedule');
  if (!parsed) throw new Error('the schedule was refused');
  return createTrigger(parsed, { defaultTimezone: 'UTC', anchor: 0 });
}

describe.each(stretches)('%s', (zone, ...around) => {
  it.each(around)('has the slots that a walk over every minute finds around %s', (middle) => {
    const from = Date.parse(`${middle}T00:00:00Z`) - 3 * dayMs;
    const to = from + 6 * dayMs;
    const walls = wallClocks(zone, from, to);
    for (const rule of rules) {
      for (const dst of overrides) {
        const title = `${rule.name} ${JSON.stringify(dst ?? {})}`;
        const trigger = triggerOf({ type: 'cron', cron_params: rule.params, timezone: zone, dst });
        // The walk can't see what led up to its first minutes.
        const start = from + dayMs;
        const expected = oracleSlots(walls, from, {
          ...rule.oracle,
          gap: dst?.gap === 'skip' ? 'skip' : 'run_after',
          fold: (dst?.fold ?? (rule.wildcardHour ? 'twice' : 'once')) as 'once' | 'twice',
        }).filter((slot) => slot > start);
        const found = trigger.between(start, to - 1, 10_000);
        expect(
          found.map((slot) => new Date(slot).toISOString()),
          title,
        ).toEqual(expected.map((slot) => new Date(slot).toISOString()));
        expect(trigger.count(start, to - 1), `count of ${title}`).toBe(expected.length);
        const backward: number[] = [];
        for (
          let slot = trigger.previous(to - 1);
          slot !== undefined && slot > start;
          slot = trigger.previous(slot - 1)
        )
          backward.push(slot);
        expect(backward.reverse(), `backward, ${title}`).toEqual(expected);
      }
    }
  });

  it('gives an interval the same length through every change of the clock', () => {
    const [first = ''] = around;
    const from = Date.parse(`${first}T00:00:00Z`) - dayMs;
    const trigger = triggerOf({
      type: 'interval',
      interval_params: { minutes: 50, start_date: '2011-01-01 00:00:00' },
      timezone: zone,
    });
    const found = trigger.between(from, from + 3 * dayMs, 1000);
    const lengths = new Set(found.slice(1).map((slot, index) => slot - (found[index] ?? 0)));
    expect([...lengths]).toEqual([50 * 60_000]);
  });

  it('keeps 150 steps strictly increasing, and a fixed time on each local day once', () => {
    const [first = ''] = around;
    const from = Date.parse(`${first}T00:00:00Z`) - 75 * dayMs;
    const trigger = triggerOf({ type: 'cron', cron_params: { hour: 2, minute: 30 }, timezone: zone });
    const found = trigger.between(from, Number.POSITIVE_INFINITY, 150);
    const gaps = found.slice(1).map((slot, index) => slot - (found[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(20 * 3_600_000);
    expect(Math.max(...gaps)).toBeLessThan(28 * 3_600_000);
  });
});

describe('what the preview says of a day on which the clock changes', () => {
  const note = (params: Record<string, unknown>, from: string, count = 3, timezone = 'America/New_York') => {
    const trigger = triggerOf({ type: 'cron', cron_params: params, timezone });
    return trigger
      .between(Date.parse(from), Number.POSITIVE_INFINITY, count)
      .map((slot) => trigger.note(slot));
  };

  it('names a time that does not exist, and when it runs instead', () => {
    expect(note({ hour: 2, minute: 30 }, '2025-03-08T12:00:00Z', 2)).toEqual([
      expect.stringMatching(/does not exist on 2025-03-09 in America\/New_York: runs at 03:00/),
      undefined,
    ]);
  });

  it('names a whole day that does not exist', () => {
    expect(note({ hour: 8, minute: 30 }, '2011-12-29T12:00:00Z', 2, 'Pacific/Apia')).toEqual([
      undefined,
      '2011-12-30 00:00 to 2011-12-31 00:00 does not exist in Pacific/Apia: runs at 2011-12-31 00:00',
    ]);
  });

  it('tells a slot of its own at the end of the gap from one that was moved there', () => {
    const [moved, own] = note({ second: 30 }, '2025-03-09T06:59:59Z', 2);
    expect(moved).toContain('02:00-03:00 does not exist on 2025-03-09');
    expect(own).toBeUndefined();
    expect(note({ minute: '*/30' }, '2025-03-09T06:59:59Z', 1)).toEqual([undefined]);
  });

  it('names a time that comes twice, and whether it runs once or both times', () => {
    expect(note({ hour: 1, minute: 30 }, '2025-11-01T12:00:00Z', 1)[0]).toContain('runs once, at the first');
    const hourly = note({ minute: 30 }, '2025-11-02T05:00:00Z', 2);
    expect(hourly[0]).toContain('this is the first');
    expect(hourly[1]).toContain('this is the second');
  });
});
