import type { Calendar } from '../../../src-shared/model/calendar';

export interface CalendarDays {
  readonly dates: { date: string; until?: string; name?: string }[];
  readonly yearly: { day: string; name?: string }[];
}

/** The days of a holiday set as lines a person edits: `2026-12-24..2026-12-26 Christmas`, `01-01 New Year`. */
export function daysText({ dates, yearly }: Pick<Calendar, 'dates' | 'yearly'>): string {
  const named = (day: string, name: string | undefined) => (name ? `${day} ${name}` : day);
  return [
    ...yearly.map(({ day, name }) => named(day, name)),
    ...dates.map(({ date, until, name }) => named(until ? `${date}..${until}` : date, name)),
  ].join('\n');
}

const form = /^(?:(\d{4}-\d{2}-\d{2})(?:\s*\.\.\s*(\d{4}-\d{2}-\d{2}))?|(\d{2}-\d{2}))(?:\s+(.+))?$/;

/** Such lines as days; or, of the first line that is none, what is wrong. Empty lines mean nothing. */
export function readDays(text: string): CalendarDays | string {
  const dates: CalendarDays['dates'] = [];
  const yearly: CalendarDays['yearly'] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const trimmed = line.trim();
    if (trimmed === '') continue;
    const match = form.exec(trimmed);
    if (!match)
      return `Line ${index + 1} is “${trimmed.slice(0, 60)}”; expected a date such as 2026-12-24, 2026-12-24..2026-12-26 or 12-25, and a name`;
    const [, date, until, day, name] = match;
    const named = name ? { name } : {};
    if (day) yearly.push({ day, ...named });
    else if (date) dates.push({ date, ...(until ? { until } : {}), ...named });
  }
  return { dates, yearly };
}

/** "12 dates, 3 yearly days, every Sat and Sun". */
export function contentText({ dates, yearly, weekly, spans }: Calendar): string {
  const count = (number: number, one: string, many: string) =>
    number === 0 ? '' : `${number} ${number === 1 ? one : many}`;
  const parts = [
    count(dates.length, 'date', 'dates'),
    count(yearly.length, 'yearly day', 'yearly days'),
    weekly.length > 0 ? `every week on ${[...new Set(weekly.flatMap(({ days }) => days))].join(', ')}` : '',
    count(spans.length, 'stretch of time', 'stretches of time'),
  ].filter(Boolean);
  return parts.length === 0 ? 'empty' : parts.join(', ');
}
