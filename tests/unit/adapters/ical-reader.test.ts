import { describe, expect, it } from 'vitest';
import { icalReader } from '../../../src-main/adapters/calendars/ical-reader';

const range = { from: Date.parse('2026-01-01T00:00:00Z'), until: Date.parse('2028-01-01T00:00:00Z') };
const read = (...lines: string[]) =>
  icalReader.readIcal(
    [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:test',
      'X-WR-CALNAME:Holidays',
      ...lines,
      'END:VCALENDAR',
    ].join('\r\n'),
    range,
  );
const event = (...lines: string[]) => ['BEGIN:VEVENT', 'UID:1', ...lines, 'END:VEVENT'];

describe('an iCalendar file', () => {
  it('gives whole days as dates, the last of several included', () => {
    const { name, content } = read(
      ...event('DTSTART;VALUE=DATE:20261225', 'DTEND;VALUE=DATE:20261226', 'SUMMARY:Christmas Day'),
      ...event('DTSTART;VALUE=DATE:20260803', 'DTEND;VALUE=DATE:20260815', 'SUMMARY:Plant shut'),
    );
    expect(name).toBe('Holidays');
    expect(content.dates).toEqual([
      { date: '2026-12-25', name: 'Christmas Day' },
      { date: '2026-08-03', until: '2026-08-14', name: 'Plant shut' },
    ]);
  });

  it('keeps a day that comes every year as such, and writes other rules out', () => {
    const { content, warnings } = read(
      ...event('DTSTART;VALUE=DATE:20200101', 'RRULE:FREQ=YEARLY', 'SUMMARY:New Year'),
      ...event('DTSTART;VALUE=DATE:20200501', 'RRULE:FREQ=MONTHLY;UNTIL=20260301', 'SUMMARY:First'),
      ...event('DTSTART;VALUE=DATE:20260105', 'RRULE:FREQ=WEEKLY', 'SUMMARY:Mondays'),
    );
    expect(content.yearly).toEqual([{ day: '01-01', name: 'New Year' }]);
    expect(content.dates.filter(({ name }) => name === 'First').map(({ date }) => date)).toEqual([
      '2026-01-01',
      '2026-02-01',
      '2026-03-01',
    ]);
    expect(warnings).toEqual([
      expect.stringContaining('"Mondays" goes on without end: read up to 2028-01-01'),
    ]);
  });

  it('gives events with times as spans of instants, by their zone', () => {
    const { content } = read(
      ...event('DTSTART:20260302T220000Z', 'DTEND:20260303T020000Z', 'SUMMARY:Night works'),
    );
    expect(content.spans).toEqual([
      { from: '2026-03-02T22:00:00.000Z', to: '2026-03-03T02:00:00.000Z', name: 'Night works' },
    ]);
  });

  it.each(['', 'hello', 'BEGIN:VCALENDAR', '{"a":1}', 'BEGIN:VEVENT\r\nEND:VEVENT'])(
    'is refused when it is %j',
    (text) => {
      expect(() => icalReader.readIcal(text, range)).toThrow(/not an iCalendar text/);
    },
  );
});
