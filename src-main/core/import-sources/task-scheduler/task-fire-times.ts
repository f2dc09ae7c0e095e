import { civilDate, dayMs, daysInMonth } from '../../schedule/civil-date';
import { resolveLocal, zoneOf } from '../../schedule/zone';
import type { FireTimes } from '../converted-job';
import type { TaskTrigger } from './trigger';

const mostDays = 40_000;
/** A repetition without a duration goes on until the trigger fires anew. */
const endless = Number.MAX_SAFE_INTEGER;

const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7;

function firesOn({ days, start }: TaskTrigger, day: number): boolean {
  const first = Math.floor(start / dayMs);
  if (day < first) return false;
  switch (days.kind) {
    case 'once':
      return day === first;
    case 'day':
      return (day - first) % days.every === 0;
    case 'week': {
      // Weeks begin on Sunday, counted from the one StartBoundary lies in.
      const week = Math.floor((day - (first - weekdayOf(first))) / 7);
      return week % days.every === 0 && days.weekdays.includes(weekdayOf(day));
    }
    case 'month': {
      const { year, month, day: date } = civilDate(day);
      return (
        days.months.includes(month) &&
        (days.days.includes(date) || (days.days.includes('last') && date === daysInMonth(year, month)))
      );
    }
    case 'weekday_of_month': {
      const { year, month, day: date } = civilDate(day);
      const isLast = date > daysInMonth(year, month) - 7;
      const nth = Math.ceil(date / 7) as 1;
      return (
        days.months.includes(month) &&
        days.weekdays.includes(weekdayOf(day)) &&
        (days.weeks.includes(nth) || (isLast && days.weeks.includes('last')))
      );
    }
  }
}

/**
 * When Task Scheduler fires a trigger: day by day from StartBoundary on, each time repeated every `Interval` until
 * `Duration` is over, its end included ("Repeating a task", Task Scheduler documentation). Repetitions count elapsed
 * time. Windows does not document what a clock change does; assumed is that a time inside a gap fires behind it and one
 * that comes twice fires once.
 */
export function taskFireTimes(triggers: readonly TaskTrigger[], defaultZone: string): FireTimes {
  const ofTrigger = (trigger: TaskTrigger): FireTimes => {
    const zone = zoneOf(trigger.zone ?? defaultZone);
    const toInstant = (local: number) => {
      const place = resolveLocal(zone, local);
      return place.kind === 'once' ? place.instant : place.kind === 'gap' ? place.after : place.first;
    };
    const first = Math.floor(trigger.start / dayMs);
    const timeOfDay = trigger.start - first * dayMs;
    const end = trigger.end === undefined ? endless : toInstant(trigger.end);
    const { repetition } = trigger;
    const lengthMs = repetition ? (repetition.duration ?? Number.POSITIVE_INFINITY) * 1000 : 0;

    return (after, through, count) => {
      const last = Math.min(through, end);
      const found = new Set<number>();
      const listed = () => [...found].sort((a, b) => a - b);
      /** From one firing of the trigger to the next. */
      const repeat = (from: number, until: number) => {
        if (!repetition) {
          if (from > after && from <= last) found.add(from);
          return;
        }
        const step = repetition.interval * 1000;
        const stop = Math.min(last, from + lengthMs, repetition.duration === undefined ? until - 1 : endless);
        const skipped = Math.max(0, Math.floor((after - from) / step));
        let added = 0;
        for (let at = from + skipped * step; at <= stop && added < count; at += step)
          if (at > after) {
            found.add(at);
            added += 1;
          }
      };
      if (trigger.days.kind === 'once') {
        repeat(toInstant(trigger.start), endless);
        return listed().slice(0, count);
      }
      const back = repetition ? (Number.isFinite(lengthMs) ? Math.ceil(lengthMs / dayMs) + 1 : 400) : 1;
      let day = Math.max(first, Math.floor((after + zone.offsetAt(after)) / dayMs) - back);
      let firing: number | undefined;
      for (let seen = 0; seen < mostDays; seen += 1, day += 1) {
        if (!firesOn(trigger, day)) continue;
        const at = toInstant(day * dayMs + timeOfDay);
        if (firing !== undefined) repeat(firing, at);
        firing = at;
        // Later firings can't bring an earlier time; but the times found so far must all lie before them.
        if (at > last || [...found].filter((time) => time < at).length >= count) {
          firing = at > last ? undefined : firing;
          break;
        }
      }
      if (firing !== undefined) repeat(firing, endless);
      return listed().slice(0, count);
    };
  };
  const each = triggers.map(ofTrigger);
  return (after, through, count) =>
    [...new Set(each.flatMap((times) => times(after, through, count)))].sort((a, b) => a - b).slice(0, count);
}
