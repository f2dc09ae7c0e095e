import { expect, it } from 'vitest';
import { hasRunAhead } from '../../../../src-main/core/schedule/run-ahead';
import type { Schedule } from '../../../../src-shared/model/schedule';

const now = Date.parse('2026-06-15T12:00:00Z');

it.each<[string, Schedule, boolean]>([
  ['a date that has passed', { type: 'date', run_date: '2026-06-15 11:59:00' }, false],
  ['a date to come', { type: 'date', run_date: '2026-06-15 12:01:00' }, true],
  [
    'a date to come in its zone',
    { type: 'date', run_date: '2026-06-15 13:30:00', timezone: 'Europe/Berlin' },
    false,
  ],
  ['an end that has passed', { type: 'cron', cron_params: { hour: 1 }, end_date: '2026-06-01' }, false],
  ['a year that has passed', { type: 'cron', cron_params: { year: 2025, hour: 1 } }, false],
  ['a year to come', { type: 'cron', cron_params: { year: 2027, hour: 1 } }, true],
  ['an interval without an end', { type: 'interval', interval_params: { hours: 1 } }, true],
  [
    'a list of which one is to come',
    [
      { type: 'date', run_date: '2020-01-01' },
      { type: 'date', run_date: '2030-01-01' },
    ],
    true,
  ],
  ['what can not be read', { type: 'date', run_date: 'soon' }, true],
])('%s', (_, schedule, expected) => {
  expect(hasRunAhead(schedule, now, 'UTC')).toBe(expected);
});
