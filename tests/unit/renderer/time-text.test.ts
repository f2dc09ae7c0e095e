import { expect, it } from 'vitest';
import { formatAbsolute, formatWeekday, withLocalTimes } from '../../../src-renderer/lib/time-text';

it('a day of the week is told by its name and its number, by the calendar of the zone', () => {
  const instant = Date.parse('2026-11-18T23:30:00Z');
  expect(formatWeekday(instant, 'UTC')).toBe('Wed 18');
  expect(formatWeekday(instant, 'Asia/Kolkata')).toBe('Thu 19');
});

it('instants in a sentence of the program are told by the viewer’s clock, and nothing else is touched', () => {
  const now = Date.parse('2026-11-24T12:00:00Z');
  const shown = (instant: string) => formatAbsolute(Date.parse(instant), now);
  expect(
    withLocalTimes(
      'It slept from 2026-11-24 02:10:00 UTC to 2026-11-24T06:40:30Z (3 runs, 2026-11-24).',
      now,
    ),
  ).toBe(
    `It slept from ${shown('2026-11-24T02:10:00Z')} to ${shown('2026-11-24T06:40:30Z')} (3 runs, 2026-11-24).`,
  );
});
