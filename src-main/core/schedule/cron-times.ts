import type { ParsedCron } from '../../../src-shared/schedule/parsed-schedule';

/** The times of day a cron rule matches, as ms since local midnight. */
export interface CronTimes {
  /** How many there are in a day. */
  readonly perDay: number;
  /** The first at or after `time`; undefined when none is left that day. */
  nextFrom(time: number): number | undefined;
  /** The last at or before `time`. */
  previousFrom(time: number): number | undefined;
  /** How many lie at or before `time`. */
  countThrough(time: number): number;
  all(): Iterable<number>;
}

const every = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Index of the first value >= wanted. */
function lowerBound(values: readonly number[], wanted: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function createCronTimes(cron: ParsedCron): CronTimes {
  const hours = cron.fields.hour.values ?? every(24);
  const minutes = cron.fields.minute.values ?? every(60);
  const seconds = cron.fields.second.values ?? every(60);
  const last = (values: readonly number[]) => values[values.length - 1] as number;
  const first = (values: readonly number[]) => values[0] as number;
  const at = (hour: number, minute: number, second: number) => ((hour * 60 + minute) * 60 + second) * 1000;
  const perMinute = seconds.length;
  const perHour = minutes.length * perMinute;

  return {
    perDay: hours.length * perHour,
    nextFrom(time) {
      const total = Math.ceil(time / 1000);
      if (total >= 86_400) return undefined;
      const hour = Math.floor(total / 3600);
      const minute = Math.floor(total / 60) % 60;
      const second = total % 60;
      const h = lowerBound(hours, hour);
      if (h === hours.length) return undefined;
      if (hours[h] !== hour) return at(hours[h] as number, first(minutes), first(seconds));
      const m = lowerBound(minutes, minute);
      if (minutes[m] === minute) {
        const s = lowerBound(seconds, second);
        if (s < seconds.length) return at(hour, minute, seconds[s] as number);
        if (m + 1 < minutes.length) return at(hour, minutes[m + 1] as number, first(seconds));
      } else if (m < minutes.length) return at(hour, minutes[m] as number, first(seconds));
      return h + 1 < hours.length ? at(hours[h + 1] as number, first(minutes), first(seconds)) : undefined;
    },
    previousFrom(time) {
      if (time < 0) return undefined;
      const total = Math.min(86_399, Math.floor(time / 1000));
      const hour = Math.floor(total / 3600);
      const minute = Math.floor(total / 60) % 60;
      const second = total % 60;
      const h = lowerBound(hours, hour + 1) - 1;
      if (h < 0) return undefined;
      if (hours[h] !== hour) return at(hours[h] as number, last(minutes), last(seconds));
      const m = lowerBound(minutes, minute + 1) - 1;
      if (m >= 0 && minutes[m] === minute) {
        const s = lowerBound(seconds, second + 1) - 1;
        if (s >= 0) return at(hour, minute, seconds[s] as number);
        if (m > 0) return at(hour, minutes[m - 1] as number, last(seconds));
      } else if (m >= 0) return at(hour, minutes[m] as number, last(seconds));
      return h > 0 ? at(hours[h - 1] as number, last(minutes), last(seconds)) : undefined;
    },
    countThrough(time) {
      if (time < 0) return 0;
      const total = Math.min(86_399, Math.floor(time / 1000));
      const hour = Math.floor(total / 3600);
      const minute = Math.floor(total / 60) % 60;
      const second = total % 60;
      const h = lowerBound(hours, hour);
      let count = h * perHour;
      if (hours[h] !== hour) return count;
      const m = lowerBound(minutes, minute);
      count += m * perMinute;
      if (minutes[m] !== minute) return count;
      return count + lowerBound(seconds, second + 1);
    },
    *all() {
      for (const hour of hours)
        for (const minute of minutes) for (const second of seconds) yield at(hour, minute, second);
    },
  };
}
