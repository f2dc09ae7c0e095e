import { describe, expect, it } from 'vitest';
import { Schedule } from '../../../src-shared/model/schedule';
import { parseSchedule } from '../../../src-shared/schedule/parse-schedule';

function read(schedule: unknown) {
  const shape = Schedule.safeParse(schedule);
  if (!shape.success) throw new Error(`not even the shape of a schedule: ${shape.error.message}`);
  return parseSchedule(shape.data, 'schedule');
}
const cron = (params: Record<string, unknown>) => read({ type: 'cron', cron_params: params });

describe('a bad cron field is refused with its path, its value and what was meant', () => {
  it.each([
    ['hour', 25, /schedule\.cron_params\.hour is 25; expected 0-23/],
    ['hour', '22-2', /backwards; write "22-23,0-2"/],
    ['minute', '*/0', /step must be at least 1/],
    ['minute', '*/61', /step 61 is larger/],
    ['minute', 60, /expected 0-59/],
    ['minute', -1, /-1/],
    ['second', 1.5, /whole number/],
    ['day', 0, /expected 1-31/],
    ['day', 32, /expected 1-31/],
    ['day', 'L', /write "last"/],
    ['day', '6th mon', /6th/],
    ['day', '2nd monday', /short weekday name: "2nd mon"/],
    ['day', '?', /leave the field out/],
    ['month', 13, /expected 1-12/],
    ['month', 'january', /write the short month name "jan"/],
    ['day_of_week', 7, /expected 0-6.*[Ss]unday/],
    ['day_of_week', 'fri-mon', /backwards/],
    ['day_of_week', 'mon#2', /write day: "2nd mon"/],
    ['day_of_week', 'monday', /write the short weekday name "mon"/],
    ['week', 54, /expected 1-53/],
    ['year', 1969, /expected 1970-9999/],
    ['hour', '1,,2', /empty part/],
    ['hour', '', /empty/],
    ['hour', '8;9', /use a comma/],
    ['hour', '8 ; drop', /8 ; drop/],
    ['hour', '@daily', /nickname/],
    ['minute', '15W', /15W/],
    ['minute', '٣', /not understood/],
    ['minute', `${'1,'.repeat(5000)}1`, /characters long/],
  ])('%s: %s', (field, value, message) => {
    const { issues, parsed } = cron({ [field]: value });
    expect(parsed).toBeUndefined();
    expect(issues[0]?.path).toBe(`schedule.cron_params.${field}`);
    expect(issues[0]?.message).toMatch(message);
  });
});

describe('a good cron field is read', () => {
  it.each([
    ['hour', '8-18/2,22'],
    ['minute', '*/15'],
    ['minute', '5/20'],
    ['day', 'LAST'],
    ['day', '1st Mon,last fri,15'],
    ['month', 'Jan-Mar,dec'],
    ['day_of_week', 'MON-fri'],
    ['hour', ' 8 , 9 '],
    ['hour', '08'],
  ])('%s: %s', (field, value) => {
    expect(cron({ [field]: value }).issues).toEqual([]);
  });
});

describe('other parts of a schedule', () => {
  it.each([
    [{ type: 'cron', cron_params: {} }, /every second/],
    [{ type: 'cron' }, /every second/],
    [{ type: 'cron', expression: '0 8 * *' }, /has 4 fields; expected 5/],
    [{ type: 'cron', expression: '0 0 8 * * 1' }, /seconds go into cron_params/],
    [{ type: 'cron', expression: '@daily' }, /nicknames/],
    [{ type: 'cron', expression: '99 * * * *' }, /minute/],
    [{ type: 'cron', expression: '0 8 * * 1', cron_params: { hour: 8 } }, /give one of the two/],
    [{ type: 'interval', interval_params: {} }, /at least 1 second/],
    [{ type: 'interval', interval_params: { seconds: 0.5 } }, /at least 1 second/],
    [{ type: 'interval', interval_params: { weeks: 1e9 } }, /100 years/],
    [{ type: 'date', run_date: '2026-02-30' }, /does not exist/],
    [{ type: 'date', run_date: 'tomorrow' }, /expected YYYY-MM-DD/],
    [{ type: 'cron', cron_params: { hour: 8 }, timezone: 'Mars/Phobos' }, /expected an IANA zone/],
    [
      { type: 'cron', cron_params: { hour: 8, start_date: '2026-03-02', end_date: '2026-03-01' } },
      /before start_date/,
    ],
    [{ type: 'cron', cron_params: { hour: 8, timezone: 'UTC' }, timezone: 'Asia/Tokyo' }, /give it once/],
  ])('%j is refused', (schedule, message) => {
    const { issues, parsed } = read(schedule);
    expect(parsed).toBeUndefined();
    expect(issues.map((issue) => issue.message).join('\n')).toMatch(message);
  });

  it('warns of a date that never comes, and still takes it', () => {
    const { issues, parsed } = read({ type: 'cron', expression: '0 0 31 2 *' });
    expect(parsed).toBeDefined();
    expect(issues).toMatchObject([{ severity: 'warning' }]);
    expect(issues[0]?.message).toContain('never fires');
  });

  it.each(['Eastern Standard Time', 'america/new_york', 'US/Eastern'])('knows the zone %s', (timezone) => {
    expect(read({ type: 'cron', cron_params: { hour: 8 }, timezone }).issues).toEqual([]);
  });

  it('names the place in a list of schedules', () => {
    const { issues } = read([
      { type: 'cron', cron_params: { hour: 8 } },
      { type: 'cron', cron_params: { hour: 25 } },
    ]);
    expect(issues[0]?.path).toBe('schedule[1].cron_params.hour');
  });
});
