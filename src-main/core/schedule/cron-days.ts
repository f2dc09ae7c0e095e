import type { CronField } from '../../../src-shared/schedule/cron-field';
import type { ParsedCron } from '../../../src-shared/schedule/parsed-schedule';
import { civilDate, dayNumber, daysInMonth, isoWeek, weekday } from './civil-date';

/** Which days a cron rule matches, as day numbers. */
export interface CronDays {
  matches(day: number): boolean;
  /** The first matching day at or after `day`; undefined when there is none. */
  nextFrom(day: number): number | undefined;
  /** The last matching day at or before `day`. */
  previousFrom(day: number): number | undefined;
}

/** The calendar repeats after 400 years; a rule that matches nothing in that time never will. */
const cycleYears = 400;
const lastYear = 9999;
const firstYear = 1970;

const contains = (field: CronField, value: number): boolean =>
  field.values === null || field.values.includes(value);

/** The days of a month that the `day` field names, as a set over 1-31. */
function monthDays(field: CronField, year: number, month: number): ReadonlySet<number> | null {
  if (field.values === null) return null;
  const days = new Set(field.values);
  const length = daysInMonth(year, month);
  const first = weekday(dayNumber(year, month, 1));
  for (const rule of field.dayRules) {
    if (rule.kind === 'last') days.add(length);
    else if (rule.kind === 'nth') {
      const day = 1 + ((rule.weekday - first + 7) % 7) + (rule.nth - 1) * 7;
      if (day <= length) days.add(day);
    } else {
      const lastWeekday = weekday(dayNumber(year, month, length));
      days.add(length - ((lastWeekday - rule.weekday + 7) % 7));
    }
  }
  return days;
}

export function createCronDays(cron: ParsedCron): CronDays {
  const { year: years, month: months, day: dayField, week, day_of_week: weekdays } = cron.fields;
  const everyMonth = dayField.dayRules.length === 0 ? dayField.values && new Set(dayField.values) : undefined;
  let keptMonth = -1;
  let keptDays: ReadonlySet<number> | null = null;

  const daysOf = (year: number, month: number): ReadonlySet<number> | null => {
    if (everyMonth !== undefined) return everyMonth;
    const key = year * 12 + month;
    if (key !== keptMonth) {
      keptDays = monthDays(dayField, year, month);
      keptMonth = key;
    }
    return keptDays;
  };

  const matchesInMonth = (days: number, year: number, month: number, day: number): boolean => {
    const set = daysOf(year, month);
    const byDay = set === null || set.has(day);
    const byWeekday = contains(weekdays, weekday(days));
    if (cron.eitherDay ? !(byDay || byWeekday) : !(byDay && byWeekday)) return false;
    return week.values === null || week.values.includes(isoWeek(days));
  };

  const search = (start: number, step: 1 | -1): number | undefined => {
    let days = start;
    const begin = civilDate(days).year;
    for (;;) {
      const { year, month, day } = civilDate(days);
      if (
        step > 0
          ? year > lastYear || year - begin > cycleYears
          : year < firstYear || begin - year > cycleYears
      ) {
        return undefined;
      }
      if (!contains(years, year)) {
        const wanted = nearestYear(year, step);
        if (wanted === undefined) return undefined;
        days = step > 0 ? dayNumber(wanted, 1, 1) : dayNumber(wanted, 12, 31);
        // A year far ahead starts the 400-year count anew only when the rule names years at all.
        if (Math.abs(wanted - begin) > cycleYears) return search(days, step);
        continue;
      }
      if (!contains(months, month)) {
        days = step > 0 ? days - day + 1 + daysInMonth(year, month) : days - day;
        continue;
      }
      const end = step > 0 ? days - day + daysInMonth(year, month) : days - day + 1;
      for (let dayInMonth = day; ; days += step, dayInMonth += step) {
        if (matchesInMonth(days, year, month, dayInMonth)) return days;
        if (days === end) break;
      }
      days += step;
    }
  };

  const nearestYear = (year: number, step: 1 | -1): number | undefined => {
    const values = years.values ?? [];
    return step > 0
      ? values.find((value) => value > year)
      : [...values].reverse().find((value) => value < year);
  };

  return {
    matches(day) {
      const date = civilDate(day);
      return (
        contains(years, date.year) &&
        contains(months, date.month) &&
        matchesInMonth(day, date.year, date.month, date.day)
      );
    },
    nextFrom: (day) => search(day, 1),
    previousFrom: (day) => search(day, -1),
  };
}
