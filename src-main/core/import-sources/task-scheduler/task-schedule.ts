import type { ScheduleSpec } from '../../../../src-shared/model/schedule';
import { dayMs } from '../../schedule/civil-date';
import { clockFields } from '../clock-times';
import type { TaskTrigger } from './trigger';

const daySeconds = 86_400;
/** A job has so many rules at most. */
export const mostRules = 20;

const weekdayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const ordinals = { 1: '1st', 2: '2nd', 3: '3rd', 4: '4th', last: 'last' } as const;
const textOf = (local: number): string => new Date(local).toISOString().slice(0, 19);
const list = (values: readonly (string | number)[]): string => values.join(',');

interface DayFields {
  readonly month?: string;
  readonly day?: string;
  readonly day_of_week?: string;
}

/** The days as cron fields, or undefined when they count from StartBoundary and only an interval can. */
function dayFields({ days }: TaskTrigger): DayFields | undefined {
  switch (days.kind) {
    case 'once':
      return undefined;
    case 'day':
      return days.every === 1 ? {} : undefined;
    case 'week':
      return days.every === 1
        ? { day_of_week: list(days.weekdays.map((day) => weekdayNames[day] ?? '')) }
        : undefined;
    case 'month':
      return { ...(days.months.length === 12 ? {} : { month: list(days.months) }), day: list(days.days) };
    case 'weekday_of_month':
      return {
        ...(days.months.length === 12 ? {} : { month: list(days.months) }),
        day: list(
          days.weeks.flatMap((week) => days.weekdays.map((day) => `${ordinals[week]} ${weekdayNames[day]}`)),
        ),
      };
  }
}

/** What a trigger comes to here, and what is to be said of it; or why nothing here is the same. */
export function taskSchedule(
  trigger: TaskTrigger,
  timezone: string | undefined,
): { readonly specs: readonly ScheduleSpec[]; readonly remarks: readonly string[] } | string {
  const { start, end, days, repetition, randomDelay } = trigger;
  const zone = trigger.zone ?? timezone;
  const beside = {
    ...(zone === undefined ? {} : { timezone: zone }),
    ...(randomDelay > 0 ? { jitter: randomDelay } : {}),
  };
  const until = end === undefined ? {} : { end_date: textOf(end) };
  const remarks: string[] = [];
  const first = Math.floor(start / dayMs) * dayMs;
  const timeOfDay = (start - first) / 1000;

  if (days.kind === 'once') {
    if (!repetition) return { specs: [{ type: 'date', run_date: textOf(start), ...beside }], remarks };
    const last =
      repetition.duration === undefined
        ? end
        : Math.min(end ?? Number.MAX_SAFE_INTEGER, start + repetition.duration * 1000);
    return {
      specs: [
        {
          type: 'interval',
          interval_params: { seconds: repetition.interval },
          start_date: textOf(start),
          ...(last === undefined ? {} : { end_date: textOf(last) }),
          ...beside,
        },
      ],
      remarks,
    };
  }

  const fields = dayFields(trigger);
  if (!fields) {
    if (repetition)
      return `fires every ${(days as { every: number }).every} ${days.kind}s and is repeated within the day; there is no schedule here that does both`;
    remarks.push(
      `Every ${(days as { every: number }).every} ${days.kind}s: an interval of elapsed time; behind a clock change it is an hour off in zones that have one`,
    );
    const starts =
      days.kind === 'week'
        ? days.weekdays.map((weekday) => {
            const sunday = first - new Date(first).getUTCDay() * dayMs;
            const at = sunday + weekday * dayMs + timeOfDay * 1000;
            return at < start - timeOfDay * 1000 ? at + days.every * 7 * dayMs : at;
          })
        : [start];
    const unit = days.kind === 'week' ? { weeks: days.every } : { days: (days as { every: number }).every };
    return {
      specs: starts.map((at) => ({
        type: 'interval',
        interval_params: unit,
        start_date: textOf(at),
        ...until,
        ...beside,
      })),
      remarks,
    };
  }

  /** Offsets from the trigger's own time, by how many midnights lie between. */
  let offsets = [0];
  if (repetition) {
    const { interval } = repetition;
    const isDaily = days.kind === 'day';
    const isEndless = repetition.duration === undefined;
    if (isEndless && !isDaily)
      return 'is repeated without end from its first time on; no schedule here does that beside days of the week or month';
    const length = isEndless ? daySeconds - 1 : (repetition.duration ?? 0);
    if (length > daySeconds * 7) return `is repeated for more than a week (${length} s) each time`;
    offsets = [];
    for (let at = 0; at <= length; at += interval) offsets.push(at);
  }
  const byDay = new Map<number, Set<number>>();
  for (const offset of offsets) {
    const time = timeOfDay + offset;
    const shift = Math.floor(time / daySeconds);
    const key = days.kind === 'day' ? 0 : shift;
    byDay.set(key, (byDay.get(key) ?? new Set()).add(time % daySeconds));
  }
  const specs: ScheduleSpec[] = [];
  for (const [shift, times] of byDay) {
    if (shift > 0 && days.kind !== 'week')
      return 'is repeated over midnight on days of the month; no schedule here names the day after such a day';
    const moved =
      days.kind === 'week'
        ? { day_of_week: list(days.weekdays.map((day) => weekdayNames[(day + shift) % 7] ?? '')) }
        : fields;
    for (const clock of clockFields([...times]))
      specs.push({
        type: 'cron',
        cron_params: { ...moved, ...clock },
        start_date: textOf(start),
        ...until,
        ...beside,
      });
  }
  if (specs.length > mostRules) return `comes to ${specs.length} rules here; a job has at most ${mostRules}`;
  return { specs, remarks };
}
