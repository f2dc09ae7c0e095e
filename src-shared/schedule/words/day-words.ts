import type { CronField, DayRule } from '../cron-field';
import type { ParsedCron } from '../parsed-schedule';
import { equalSteps, listed, ordinal, runs } from './lists';

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** The days of a cron schedule, for both ways a sentence can be built. */
export interface DayWords {
  /** Before "at 08:30": `Every weekday`, `On the 1st of every month`. */
  readonly leading: string;
  /** Behind "Every 15 minutes": ` on weekdays`; empty for every day. */
  readonly trailing: string;
}

const isAll = (field: CronField, count: number): boolean =>
  field.values === null || field.values.length === count;
const name = (names: readonly string[]) => (index: number) => names[index] ?? String(index);

function ruleWords(rule: DayRule): string {
  if (rule.kind === 'last') return 'last day';
  const day = name(weekdays)(rule.weekday);
  return rule.kind === 'nth' ? `${ordinal(rule.nth)} ${day}` : `last ${day}`;
}

/** `1st and last day`, `every 2nd day from the 1st to the 31st`. */
function monthDays(field: CronField): string {
  const values = field.values ?? [];
  const rules = field.dayRules.map(ruleWords);
  const steps = values.length > 4 ? equalSteps(values) : undefined;
  if (steps && steps.step > 1 && rules.length === 0) {
    return `every ${ordinal(steps.step)} day from the ${ordinal(steps.first)} to the ${ordinal(steps.last)}`;
  }
  const days = values.length > 0 ? [runs(values, ordinal, ' to ')] : [];
  return `the ${listed([...days, ...rules])}`;
}

function weekdaySet(values: readonly number[], many: boolean, joint: 'and' | 'or' = 'and'): string {
  const isWorkWeek = values.length === 5 && values.every((value, index) => value === index);
  const s = many ? 's' : '';
  if (isWorkWeek) return `weekday${s}`;
  return listed(
    values.map((value) => `${name(weekdays)(value)}${s}`),
    joint,
  );
}

/** Years, weeks and months that narrow the days down; each with its blank in front. */
function frame({ fields }: ParsedCron, withMonth: boolean): string {
  const { year, month, week } = fields;
  const inMonth =
    withMonth && !isAll(month, 12)
      ? ` in ${listed((month.values ?? []).map((value) => name(months)(value - 1)))}`
      : '';
  const weekValues = week.values ?? [];
  const inWeek = isAll(week, 53)
    ? ''
    : ` in ISO week${weekValues.length > 1 ? 's' : ''} ${runs(weekValues, String)}`;
  const inYear = year.values === null ? '' : ` in ${runs(year.values, String)}`;
  return `${inMonth}${inWeek}${inYear}`;
}

/** The days of a cron schedule in words. */
export function dayWords(cron: ParsedCron): DayWords {
  const { day, day_of_week, month } = cron.fields;
  const isEveryDay = day.values === null || (day.values.length === 31 && day.dayRules.length === 0);
  const isEveryWeekday = isAll(day_of_week, 7);
  const weekdayValues = day_of_week.values ?? [];
  if (cron.eitherDay ? isEveryDay || isEveryWeekday : isEveryDay && isEveryWeekday) {
    const rest = frame(cron, true);
    return { leading: `Every day${rest}`, trailing: rest };
  }
  if (isEveryDay) {
    const rest = frame(cron, true);
    return {
      leading: `Every ${weekdaySet(weekdayValues, false)}${rest}`,
      trailing: ` on ${weekdaySet(weekdayValues, true)}${rest}`,
    };
  }
  const isRare = isAll(month, 12) && day.dayRules.length === 0 && (day.values ?? []).every((one) => one > 28);
  const ofMonth = isAll(month, 12)
    ? `every month${isRare ? ' that has one' : ''}`
    : listed((month.values ?? []).map((value) => name(months)(value - 1)));
  const ofDay = `${monthDays(day)} of ${ofMonth}`;
  const inMonth = isAll(month, 12)
    ? ''
    : frame({ ...cron, fields: { ...cron.fields, week: all, year: all } }, true);
  const text = isEveryWeekday
    ? ofDay
    : cron.eitherDay
      ? `${ofDay} and every ${weekdaySet(weekdayValues, false)}${inMonth}`
      : `${ofDay} if it is a ${weekdaySet(weekdayValues, false, 'or')}`;
  const rest = frame(cron, false);
  return { leading: `On ${text}${rest}`, trailing: ` on ${text}${rest}` };
}

const all: CronField = { values: null, dayRules: [], isWildcard: true, text: '*' };
