import { civilDate, dayMs } from '../../schedule/civil-date';
import type { Zone } from '../../schedule/zone';
import type { FireTimes } from '../converted-job';
import type { CronLine } from './cron-line';

const minuteMs = 60_000;
/** 29 February on a given weekday comes round within this many days. */
const mostDays = 150_000;

function matchesDay(line: CronLine, day: number): boolean {
  const { month, day: dayOfMonth } = civilDate(day);
  if (!line.months.has(month)) return false;
  const byDay = line.days.has(dayOfMonth);
  const byWeekday = line.weekdays.has(new Date(day * dayMs).getUTCDay());
  // crontab(5): when both are restricted (neither begins with *), either is enough.
  return line.hasStarDay || line.hasStarWeekday ? byDay && byWeekday : byDay || byWeekday;
}

/**
 * What cron itself would do, minute by minute, as crontab(5) and cron(8) describe it. A line with a star in minute or
 * hour follows the clock. Any other runs once, as soon as the clock has jumped over its time, and is not run again when
 * the clock comes round to it a second time. Deliberately not built on the triggers of the schedules here.
 */
export function cronFireTimes(line: CronLine, zone: Zone): FireTimes {
  const localOf = (instant: number): number => instant + zone.offsetAt(instant);
  const matchesTime = (local: number): boolean =>
    line.minutes.has(Math.floor(local / minuteMs) % 60) &&
    line.hours.has(Math.floor(local / (60 * minuteMs)) % 24);

  const onDay = (day: number): number[] => {
    const found: number[] = [];
    const midnight = day * dayMs;
    const begin = midnight - zone.offsetAt(midnight) - 4 * 60 * minuteMs;
    const isOnDay = (local: number) => Math.floor(local / dayMs) === day;
    // The latest local minute the clock has shown.
    let highest = localOf(begin - minuteMs);
    for (let instant = begin; instant < begin + 32 * 60 * minuteMs; instant += minuteMs) {
      const local = localOf(instant);
      if (line.followsClock) {
        if (isOnDay(local) && matchesTime(local)) found.push(instant);
        continue;
      }
      for (let passed = highest + minuteMs; passed <= local; passed += minuteMs) {
        if (!isOnDay(passed) || !matchesTime(passed)) continue;
        found.push(instant);
        break;
      }
      highest = Math.max(highest, local);
    }
    return found;
  };

  return (after, through, count) => {
    const times: number[] = [];
    let day = Math.floor(localOf(after) / dayMs) - 1;
    for (let seen = 0; seen < mostDays && times.length < count; seen += 1, day += 1) {
      if (day * dayMs - dayMs > through) break;
      if (!matchesDay(line, day)) continue;
      for (const instant of onDay(day))
        if (instant > Math.max(after, times.at(-1) ?? after) && instant <= through && times.length < count)
          times.push(instant);
    }
    return times;
  };
}
