import { expect, it } from 'vitest';
import { formatWeekday } from '../../../src-renderer/lib/time-text';

it('a day of the week is told by its name and its number, by the calendar of the zone', () => {
  const instant = Date.parse('2026-11-18T23:30:00Z');
  expect(formatWeekday(instant, 'UTC')).toBe('Wed 18');
  expect(formatWeekday(instant, 'Asia/Kolkata')).toBe('Thu 19');
});
