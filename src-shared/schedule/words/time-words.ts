import type { CronField } from '../cron-field';
import type { ParsedCron } from '../parsed-schedule';
import { equalSteps, listed, roundStep, runs } from './lists';

/** The times of a day, as the part of a sentence they become. */
export type TimeWords =
  /** `08:30 and 17:30`: goes behind "at". */
  | { readonly kind: 'at'; readonly text: string }
  /** `Every 15 minutes from 08:00 to 17:45`: stands first. */
  | { readonly kind: 'every'; readonly text: string; readonly isAllDay: boolean };

/** A list of times longer than this is told as a pattern instead. */
const longestList = 6;

const every = (count: number) => Array.from({ length: count }, (_, index) => index);
const valuesOf = (field: CronField, count: number): readonly number[] => field.values ?? every(count);
const two = (value: number) => String(value).padStart(2, '0');
const plural = (count: number, unit: string) => (count === 1 ? `Every ${unit}` : `Every ${count} ${unit}s`);

/** `08:30`, with seconds only when there are any. */
const clock = (hour: number, minute: number, second: number) =>
  `${two(hour)}:${two(minute)}${second === 0 ? '' : `:${two(second)}`}`;
/** `:15` past each hour. */
const past = (minute: number, second: number) => `:${two(minute)}${second === 0 ? '' : `:${two(second)}`}`;

function hourly(hours: readonly number[], minute: number, second: number, isStep: boolean): TimeWords {
  if (hours.length === 24) {
    const text = minute === 0 && second === 0 ? 'Every hour' : `Every hour at ${past(minute, second)}`;
    return { kind: 'every', text, isAllDay: true };
  }
  const at = (hour: number) => clock(hour, minute, second);
  const around = roundStep(hours, 24);
  if (around !== undefined && isStep) {
    const text = `${plural(around, 'hour')} from ${at(hours[0] as number)}`;
    return { kind: 'every', text, isAllDay: false };
  }
  const steps = equalSteps(hours);
  if (steps && (hours.length > longestList || (isStep && hours.length > 2))) {
    const text = `${plural(steps.step, 'hour')} from ${at(steps.first)} to ${at(steps.last)}`;
    return { kind: 'every', text, isAllDay: false };
  }
  return { kind: 'at', text: listed(hours.map(at)) };
}

/** "Every 15 minutes" over some hours of the day or all of them. */
function minutely(
  step: number,
  minutes: readonly number[],
  hours: readonly number[],
  second: number,
): TimeWords {
  const first = minutes[0] as number;
  const start = first === 0 && second === 0 ? '' : ` from ${past(first, second)}`;
  const text = plural(step, 'minute');
  if (hours.length === 24) return { kind: 'every', text: `${text}${start}`, isAllDay: true };
  const from = hours[0] as number;
  const to = hours.at(-1) as number;
  if (to - from + 1 === hours.length) {
    const window = `from ${clock(from, first, second)} to ${clock(to, minutes.at(-1) as number, second)}`;
    return { kind: 'every', text: `${text} ${window}`, isAllDay: false };
  }
  return { kind: 'every', text: `${text}${start} of the hours ${runs(hours, two)}`, isAllDay: false };
}

/** Any combination there is, field by field: never pretty, always right. */
function plain(hours: readonly number[], minutes: readonly number[], seconds: readonly number[]): TimeWords {
  const field = (values: readonly number[], count: number, unit: string) => {
    if (values.length === count) return `every ${unit}`;
    return `${unit}${values.length > 1 ? 's' : ''} ${runs(values, String)}`;
  };
  const parts = [
    ...(seconds.length === 1 && seconds[0] === 0 ? [] : [field(seconds, 60, 'second')]),
    field(minutes, 60, 'minute'),
    field(hours, 24, 'hour'),
  ];
  return { kind: 'every', text: `At ${parts.join(' of ')}`, isAllDay: hours.length === 24 };
}

/** The times of day of a cron schedule in words. */
export function timeWords({ fields }: ParsedCron): TimeWords {
  const hours = valuesOf(fields.hour, 24);
  const minutes = valuesOf(fields.minute, 60);
  const seconds = valuesOf(fields.second, 60);
  const [second = 0] = seconds;
  if (seconds.length === 1) {
    const [minute = 0] = minutes;
    if (minutes.length === 1 && (hours.length <= 12 || equalSteps(hours))) {
      return hourly(hours, minute, second, fields.hour.isWildcard || fields.hour.text.includes('/'));
    }
    const around = roundStep(minutes, 60);
    const isFew = hours.length * minutes.length <= longestList;
    if (around !== undefined && !(isFew && !fields.minute.isWildcard)) {
      return minutely(around, minutes, hours, second);
    }
    if (isFew) {
      const times = hours.flatMap((hour) => minutes.map((one) => clock(hour, one, second)));
      return { kind: 'at', text: listed(times) };
    }
    if (hours.length === 24 && minutes.length <= longestList) {
      const text = `Every hour at ${listed(minutes.map((one) => past(one, second)))}`;
      return { kind: 'every', text, isAllDay: true };
    }
    return plain(hours, minutes, seconds);
  }
  const around = roundStep(seconds, 60);
  if (around !== undefined && minutes.length === 60 && hours.length === 24) {
    const start = second === 0 ? '' : ` from second ${second}`;
    return { kind: 'every', text: `${plural(around, 'second')}${start}`, isAllDay: true };
  }
  return plain(hours, minutes, seconds);
}
