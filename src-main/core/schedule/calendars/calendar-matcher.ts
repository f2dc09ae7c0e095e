import type { CalendarContent } from '../../../../src-shared/model/calendar';
import { weekdayNames } from '../../../../src-shared/schedule/cron-field';
import { parseScheduleDate } from '../../../../src-shared/schedule/schedule-date';
import { civilDate, dayMs, weekday } from '../civil-date';

/** Says whether a holiday set covers an instant, and by which of its entries. */
export interface CalendarMatcher {
  /** `local`: the wall clock of the job's zone at `instant`, as if it were UTC. */
  match(instant: number, local: number): string | undefined;
  /** The whole local day (day number) is covered. */
  coversDay(day: number): boolean;
}

interface Stretch {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly label: string;
}

const minuteMs = 60_000;

function dayOf(text: string): number {
  const read = parseScheduleDate(text);
  return typeof read === 'string' || read.kind !== 'local' ? Number.NaN : Math.floor(read.local / dayMs);
}

function minutesOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
}

/** Minutes of the week (Monday 00:00 = 0), split where a window runs over midnight. */
function weeklyStretches(content: CalendarContent): Stretch[] {
  const week = 7 * 1440;
  return content.weekly.flatMap((window) => {
    const from = window.from === undefined ? 0 : minutesOf(window.from);
    const to = window.to === undefined ? 1440 : minutesOf(window.to);
    const length = to > from ? to - from : to + 1440 - from;
    const label =
      window.name ??
      `${window.days.join(', ')}${window.from || window.to ? ` ${window.from ?? '00:00'}-${window.to ?? '24:00'}` : ''}`;
    return window.days.flatMap((day) => {
      const start = weekdayNames.indexOf(day) * 1440 + from;
      const end = start + length;
      if (end <= week) return [{ from: start, to: end, label }];
      return [
        { from: start, to: week, label },
        { from: 0, to: end - week, label },
      ];
    });
  });
}

/** Prepares a holiday set for many questions: each costs a look-up, however many entries it has. */
export function createCalendarMatcher(content: CalendarContent): CalendarMatcher {
  const days = new Map<number, string>();
  const ranges: Stretch[] = [];
  for (const { date, until, name } of content.dates) {
    const from = dayOf(date);
    const to = until === undefined ? from : dayOf(until);
    const label = name ?? (until === undefined ? date : `${date} to ${until}`);
    if (to - from > 400) ranges.push({ from, to: to + 1, label });
    else for (let day = from; day <= to; day += 1) if (!days.has(day)) days.set(day, label);
  }
  const yearly = new Map<number, string>();
  for (const { day, name } of content.yearly) {
    yearly.set(Number(day.slice(0, 2)) * 100 + Number(day.slice(3, 5)), name ?? day);
  }
  const weekly = weeklyStretches(content);
  const spans = content.spans.map(({ from, to, name }) => ({
    from: Date.parse(from),
    to: Date.parse(to),
    label: name ?? `${from} to ${to}`,
  }));
  const within = (list: readonly Stretch[], value: number) =>
    list.find((one) => value >= one.from && value < one.to)?.label;

  const wholeDay = (day: number): string | undefined => {
    const dated = days.get(day) ?? within(ranges, day);
    if (dated !== undefined) return dated;
    if (yearly.size === 0) return undefined;
    const { month, day: dayOfMonth } = civilDate(day);
    return yearly.get(month * 100 + dayOfMonth);
  };

  return {
    match(instant, local) {
      const day = Math.floor(local / dayMs);
      const dated = wholeDay(day);
      if (dated !== undefined) return dated;
      if (weekly.length > 0) {
        const minute = weekday(day) * 1440 + Math.floor((local - day * dayMs) / minuteMs);
        const found = within(weekly, minute);
        if (found !== undefined) return found;
      }
      return within(spans, instant);
    },
    coversDay(day) {
      if (wholeDay(day) !== undefined) return true;
      const start = weekday(day) * 1440;
      return weekly.some((one) => one.from <= start && one.to >= start + 1440);
    },
  };
}
