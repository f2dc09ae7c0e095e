import { type AgentSchedule, kindOfDay, ordinalOf, weekdaysOf } from './agent-schedule';

/** Days as cron fields. */
export interface DayFields {
  readonly year?: string;
  readonly month?: string;
  readonly day?: string;
  readonly day_of_week?: string;
}

export const weekdayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const ordinals = ['last', '1st', '2nd', '3rd', '4th'];

/**
 * "The second working day": for each weekday a month may begin with it is one date, and date and weekday together say
 * with which of the seven it began. So each date goes with the weekdays it is then.
 */
function nthOfKind(weekdays: readonly number[], nth: number): DayFields[] {
  const found = new Map<number, Set<string>>();
  for (let first = 0; first < 7; first += 1) {
    let left = nth;
    for (let date = 1; left > 0; date += 1) {
      const weekday = (first + date - 1) % 7;
      if (!weekdays.includes(weekday)) continue;
      left -= 1;
      if (left === 0) found.set(date, (found.get(date) ?? new Set()).add(weekdayNames[weekday] ?? ''));
    }
  }
  return [...found].map(([day, names]) => ({ day: String(day), day_of_week: [...names].join(',') }));
}

/** Years without a 29 February in which that date of February is that weekday (0 = Sunday). */
function shortFebruaries(date: number, weekday: number): string {
  const years: number[] = [];
  for (let year = 2000; year < 2100; year += 1)
    if (year % 4 !== 0 && new Date(Date.UTC(year, 1, date)).getUTCDay() === weekday) years.push(year);
  return years.join(',');
}

const longMonths = '1,3,5,7,8,10,12';
const middleMonths = '4,6,9,11';

/**
 * The last day from Monday to Friday: the last day, or the Friday one or two days before. Where a February of 28 days
 * needs a date that is another in one of 29, its years are named (to 2099).
 */
const lastWorkingDay: readonly DayFields[] = [
  { day: 'last', day_of_week: 'mon-fri' },
  { month: longMonths, day: '29,30', day_of_week: 'fri' },
  { month: middleMonths, day: '28,29', day_of_week: 'fri' },
  { month: '2', day: '27', day_of_week: 'fri' },
  { month: '2', day: '26', year: shortFebruaries(26, 5) },
  // Of 29 days, the 28th is the Friday before a Saturday; of 28 days it is the last itself.
  { month: '2', day: '28', day_of_week: 'fri' },
];

/** The last Saturday or Sunday: the last Sunday, unless the last day is a Saturday. */
const lastWeekendDay: readonly DayFields[] = [
  { day: 'last', day_of_week: 'sat' },
  { month: longMonths, day: '26-31', day_of_week: 'sun' },
  { month: middleMonths, day: '25-30', day_of_week: 'sun' },
  { month: '2', day: '24-29', day_of_week: 'sun' },
  { month: '2', day: '23', year: shortFebruaries(23, 0) },
];

/** Rules of all months, for those of a list only. */
function inMonths(rules: readonly DayFields[], months: readonly number[] | undefined): DayFields[] {
  if (!months) return [...rules];
  return rules.flatMap((rule) => {
    const both =
      rule.month === undefined
        ? months
        : rule.month
            .split(',')
            .map(Number)
            .filter((one) => months.includes(one));
    return both.length === 0 ? [] : [{ ...rule, month: both.join(',') }];
  });
}

/** The months of a factor, counted from the month of the start date; undefined: all of them. */
function monthsOf({ factor, startDate }: AgentSchedule): readonly number[] | undefined {
  if (factor === 1) return undefined;
  const first = Number(startDate.slice(5, 7)) - 1;
  return Array.from({ length: 12 / factor }, (_, index) => ((first + index * factor) % 12) + 1).sort(
    (a, b) => a - b,
  );
}

/** The days of a schedule that comes every day, week or month, or why nothing here names them. */
export function dayFields(schedule: AgentSchedule): readonly DayFields[] | string {
  const { type, interval, relative, factor } = schedule;
  if (type === 4) return [{}];
  if (type === 8) {
    const names = weekdaysOf(interval).map((day) => weekdayNames[day] ?? '');
    return names.length === 0 ? 'names no day of the week' : [{ day_of_week: names.join(',') }];
  }
  if (12 % factor !== 0)
    return `comes every ${factor} months, which are other months each year; no schedule here does that`;
  const months = monthsOf(schedule);
  if (type === 16)
    return interval < 1 || interval > 31
      ? `has day ${interval} of the month; expected 1 to 31`
      : inMonths([{ day: String(interval) }], months);
  const nth = ordinalOf(relative);
  if (nth === undefined || interval < 1 || interval > 10)
    return `has freq_relative_interval ${relative} and freq_interval ${interval}; expected 1, 2, 4, 8 or 16, and 1 to 10`;
  if (interval <= 7) return inMonths([{ day: `${ordinals[nth]} ${weekdayNames[interval - 1]}` }], months);
  if (interval === 8) return inMonths([{ day: nth === 0 ? 'last' : String(nth) }], months);
  if (nth === 0) return inMonths(interval === 9 ? lastWorkingDay : lastWeekendDay, months);
  return inMonths(nthOfKind(kindOfDay(interval), nth), months);
}
