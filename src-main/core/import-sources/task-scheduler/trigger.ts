import type { XmlElement } from '../../ports/xml-reader';
import { durationSeconds } from './duration';

/** Which days a calendar trigger fires on. */
export type TaskDays =
  | { readonly kind: 'once' }
  | { readonly kind: 'day'; readonly every: number }
  /** Weekdays count from 0 = Sunday. */
  | { readonly kind: 'week'; readonly every: number; readonly weekdays: readonly number[] }
  | {
      readonly kind: 'month';
      readonly days: readonly (number | 'last')[];
      readonly months: readonly number[];
    }
  | {
      readonly kind: 'weekday_of_month';
      readonly weeks: readonly (1 | 2 | 3 | 4 | 'last')[];
      readonly weekdays: readonly number[];
      readonly months: readonly number[];
    };

/** A trigger that names times. */
export interface TaskTrigger {
  /** `CalendarTrigger (line 12)`. */
  readonly label: string;
  /** The wall clock of StartBoundary as if it were UTC, epoch ms. */
  readonly start: number;
  readonly end: number | undefined;
  /** The zone the trigger's times are in: that of its offset, or undefined for the machine's. */
  readonly zone: string | undefined;
  readonly days: TaskDays;
  readonly repetition:
    | { readonly interval: number; readonly duration: number | undefined; readonly stops: boolean }
    | undefined;
  readonly randomDelay: number;
}

/** Why a trigger has no times, as a sentence. */
export interface NoTimes {
  readonly label: string;
  readonly reason: string;
  /** It is one that fires there: without it the job does less here. */
  readonly isLoss: boolean;
}

export const child = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((one) => one.name === name);
export const textOf = (element: XmlElement | undefined, name: string): string | undefined => {
  const found = child(element, name)?.text;
  return found === '' ? undefined : found;
};
export const isTrue = (text: string | undefined, otherwise: boolean): boolean =>
  text === undefined ? otherwise : text.toLowerCase() === 'true' || text === '1';

const monthNames =
  'January February March April May June July August September October November December'.split(' ');
const dayNames = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const allMonths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

const eventTriggers: Readonly<Record<string, string>> = {
  BootTrigger: 'fires when the machine starts',
  LogonTrigger: 'fires when somebody logs on',
  IdleTrigger: 'fires when the machine is idle',
  EventTrigger: 'fires on an entry of the event log',
  RegistrationTrigger: 'fires when the task is registered',
  SessionStateChangeTrigger: 'fires when a session is locked, unlocked, connected or disconnected',
  WnfStateChangeTrigger: 'fires on a state of Windows that is not documented',
};

function named(element: XmlElement | undefined, names: readonly string[], base: number): number[] {
  const found = (element?.children ?? []).map(({ name }) => names.indexOf(name) + base);
  return found.filter((value) => value >= base).sort((a, b) => a - b);
}

/** `2026-01-05T08:00:00`, perhaps with Z or an offset. */
export function readBoundary(
  text: string | undefined,
): { readonly local: number; readonly zone: string | undefined } | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?(Z|[+-]\d{2}:\d{2})?$/.exec(
    text?.trim() ?? '',
  );
  if (!match) return undefined;
  const local = Date.parse(`${match[1]}T${match[2]}Z`);
  if (Number.isNaN(local)) return undefined;
  const offset = match[3];
  if (offset === undefined) return { local, zone: undefined };
  const minutes =
    offset === 'Z'
      ? 0
      : (offset.startsWith('-') ? -1 : 1) * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4)));
  if (minutes === 0) return { local, zone: 'UTC' };
  // The names of Etc count westward.
  if (minutes % 60 === 0 && minutes >= -720 && minutes <= 840)
    return { local, zone: `Etc/GMT${minutes < 0 ? '+' : '-'}${Math.abs(minutes / 60)}` };
  return { local: local - minutes * 60_000, zone: 'UTC' };
}

function readDays(element: XmlElement): TaskDays | string {
  const byDay = child(element, 'ScheduleByDay');
  if (byDay) return { kind: 'day', every: Number(textOf(byDay, 'DaysInterval') ?? 1) };
  const byWeek = child(element, 'ScheduleByWeek');
  if (byWeek) {
    const weekdays = named(child(byWeek, 'DaysOfWeek'), dayNames, 0);
    return weekdays.length === 0
      ? 'names no day of the week'
      : { kind: 'week', every: Number(textOf(byWeek, 'WeeksInterval') ?? 1), weekdays };
  }
  const monthsOf = (schedule: XmlElement) => {
    const months = named(child(schedule, 'Months'), monthNames, 1);
    return months.length === 0 ? allMonths : months;
  };
  const byMonth = child(element, 'ScheduleByMonth');
  if (byMonth) {
    const days = (child(byMonth, 'DaysOfMonth')?.children ?? []).map(({ text }) =>
      text.toLowerCase() === 'last' ? ('last' as const) : Number(text),
    );
    return days.length === 0
      ? 'names no day of the month'
      : { kind: 'month', days, months: monthsOf(byMonth) };
  }
  const byWeekday = child(element, 'ScheduleByMonthDayOfWeek');
  if (byWeekday) {
    const weeks = (child(byWeekday, 'Weeks')?.children ?? []).map(({ text }) =>
      text.toLowerCase() === 'last' ? ('last' as const) : (Number(text) as 1 | 2 | 3 | 4),
    );
    const weekdays = named(child(byWeekday, 'DaysOfWeek'), dayNames, 0);
    if (weeks.length === 0 || weekdays.length === 0) return 'names no week or no day of the week';
    return { kind: 'weekday_of_month', weeks, weekdays, months: monthsOf(byWeekday) };
  }
  return 'has no schedule';
}

/** One element of Triggers: the times it names, or why it names none. */
export function readTrigger(element: XmlElement): TaskTrigger | NoTimes {
  const label = `${element.name} (line ${element.line})`;
  const none = (reason: string, isLoss = true): NoTimes => ({ label, reason, isLoss });
  if (!isTrue(textOf(element, 'Enabled'), true)) return none('is disabled there; left out', false);
  const event = eventTriggers[element.name];
  if (event !== undefined) return none(`${event}: that is no time, and nothing here waits for it`);
  if (element.name !== 'TimeTrigger' && element.name !== 'CalendarTrigger')
    return none('is of a kind that the schema (1.2 to 1.4) does not have');
  const start = readBoundary(textOf(element, 'StartBoundary'));
  if (!start)
    return none(
      `has the StartBoundary "${textOf(element, 'StartBoundary') ?? ''}"; expected YYYY-MM-DDTHH:MM:SS`,
    );
  const end = readBoundary(textOf(element, 'EndBoundary'));
  const days = element.name === 'TimeTrigger' ? ({ kind: 'once' } as const) : readDays(element);
  if (typeof days === 'string') return none(days);
  if ((days.kind === 'day' || days.kind === 'week') && !(Number.isInteger(days.every) && days.every >= 1))
    return none(`has an interval of ${days.every}; expected a whole number of days or weeks, at least 1`);
  const repeated = child(element, 'Repetition');
  const interval = durationSeconds(textOf(repeated, 'Interval'));
  return {
    label,
    start: start.local,
    end: end?.local,
    zone: start.zone,
    days,
    repetition:
      interval === undefined || interval < 60
        ? undefined
        : {
            interval,
            duration: durationSeconds(textOf(repeated, 'Duration')),
            stops: isTrue(textOf(repeated, 'StopAtDurationEnd'), false),
          },
    randomDelay: durationSeconds(textOf(element, 'RandomDelay')) ?? 0,
  };
}
