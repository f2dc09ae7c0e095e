import { civilDate, dayMs, daysInMonth } from '../../schedule/civil-date';
import { resolveLocal, type Zone } from '../../schedule/zone';
import type { FireTimes } from '../converted-job';
import { type AgentSchedule, kindOfDay, ordinalOf, timesOf, weekdaysOf } from './agent-schedule';

/** A hundred years and some: no schedule that fires at all fires less often. */
const mostDays = 40_000;

const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7;
const dayOf = (text: string): number => Date.parse(`${text}T00:00:00Z`) / dayMs;

/** Counts the days of a month that are of a kind, and sees whether this one is the wanted. */
function isRelativeDay({ interval, relative }: AgentSchedule, day: number): boolean {
  const kind = kindOfDay(interval);
  const nth = ordinalOf(relative);
  if (nth === undefined || !kind.includes(weekdayOf(day))) return false;
  const { year, month, day: date } = civilDate(day);
  const [from, to] = nth === 0 ? [date + 1, daysInMonth(year, month)] : [1, date - 1];
  let others = 0;
  for (let other = from; other <= to; other += 1)
    if (kind.includes(weekdayOf(day + other - date))) others += 1;
  return others === (nth === 0 ? 0 : nth - 1);
}

function firesOn(schedule: AgentSchedule, day: number): boolean {
  const { type, interval, factor, startDate, endDate } = schedule;
  const first = dayOf(startDate);
  if (day < first || (endDate !== undefined && day > dayOf(endDate))) return false;
  const { year, month, day: date } = civilDate(day);
  const start = civilDate(first);
  const isMonth = () => ((year - start.year) * 12 + month - start.month) % factor === 0;
  switch (type) {
    case 1:
      return day === first;
    case 4:
      return interval >= 1 && (day - first) % interval === 0;
    case 8: {
      // Weeks begin on Sunday, counted from the one the start date lies in.
      const week = Math.floor((day - (first - weekdayOf(first))) / 7);
      return week % factor === 0 && weekdaysOf(interval).includes(weekdayOf(day));
    }
    case 16:
      return date === interval && isMonth();
    case 32:
      return isMonth() && isRelativeDay(schedule, day);
    default:
      return false;
  }
}

/**
 * When Agent fires, day by day by the columns of sysschedules. At a clock change it goes by the wall clock and its next
 * time: one that is skipped is due as soon as the clock has jumped, and the second pass of an hour that comes twice is
 * sat out (P. Randal, "How does daylight savings time affect disaster recovery?").
 */
export function agentFireTimes(schedules: readonly AgentSchedule[], zone: Zone): FireTimes {
  const toInstant = (local: number) => {
    const place = resolveLocal(zone, local);
    return place.kind === 'once' ? place.instant : place.kind === 'gap' ? place.after : place.first;
  };
  const ofSchedule = (schedule: AgentSchedule): FireTimes => {
    const first = dayOf(schedule.startDate);
    const end = schedule.endDate === undefined ? undefined : toInstant((dayOf(schedule.endDate) + 1) * dayMs);
    const times = timesOf(schedule);
    return (after, through, count) => {
      const found: number[] = [];
      const last = Math.min(through, (end ?? Number.MAX_SAFE_INTEGER) - 1);
      let day = Math.max(first, Math.floor((after + zone.offsetAt(after)) / dayMs) - 2);
      for (let seen = 0; seen < mostDays && found.length < count; seen += 1, day += 1) {
        if (toInstant(day * dayMs) > last) break;
        if (!firesOn(schedule, day)) continue;
        for (const time of times) {
          if (found.length >= count) break;
          const at = toInstant(day * dayMs + time * 1000);
          if (at > after && at <= last && at > (found.at(-1) ?? 0)) found.push(at);
        }
      }
      return found;
    };
  };
  const each = schedules.map(ofSchedule);
  return (after, through, count) =>
    [...new Set(each.flatMap((times) => times(after, through, count)))].sort((a, b) => a - b).slice(0, count);
}
