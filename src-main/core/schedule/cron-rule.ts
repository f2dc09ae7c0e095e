import type { ParsedCron } from '../../../src-shared/schedule/parsed-schedule';
import { dayMs } from './civil-date';
import { createCronDays } from './cron-days';
import { createCronTimes } from './cron-times';
import type { Rule } from './rule';
import { resolveLocal, type Zone } from './zone';

/** A change of offset further than this from a local day can't touch it. */
const reachMs = 16 * 3_600_000;

/** A matching local day: most have one offset throughout, the others are written out. */
type Day =
  | { readonly kind: 'plain'; readonly midnight: number }
  | { readonly kind: 'listed'; readonly instants: readonly number[] };

/** How many of ascending instants are at or before one; by halving, for days with 86,400 of them. */
function countThrough(instants: readonly number[], through: number): number {
  let low = 0;
  let high = instants.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instants[middle] as number) <= through) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * A cron rule in a zone, in two steps (docs/schedules.md): list matching local times, then map each to instants.
 * Inside a gap all map to the first instant behind it; in a fold a fixed hour runs once, a wildcard hour twice.
 */
export function createCronRule(cron: ParsedCron, zone: Zone): Rule {
  const days = createCronDays(cron);
  const times = createCronTimes(cron);
  const runsTwice = cron.fold === undefined ? cron.fields.hour.isWildcard : cron.fold === 'twice';
  let kept: { readonly day: number; readonly value: Day } | undefined;
  /** Around a clock change a day and its neighbour are asked for in turn, and each costs a look at all its times. */
  const listed = new Map<number, Day>();

  const list = (day: number): readonly number[] => {
    const midnight = day * dayMs;
    const changes = zone.transitions(midnight - reachMs, midnight + dayMs + reachMs);
    const instants = new Set<number>();
    for (const time of times.all()) {
      const place = resolveLocal(zone, midnight + time, changes);
      if (place.kind === 'once') instants.add(place.instant);
      else if (place.kind === 'gap') {
        if (cron.gap === 'run_after') instants.add(place.after);
      } else {
        instants.add(place.first);
        if (runsTwice) instants.add(place.second);
      }
    }
    return [...instants].sort((a, b) => a - b);
  };

  const dayOf = (day: number): Day => {
    if (kept?.day === day) return kept.value;
    const midnight = day * dayMs;
    const isPlain = zone.transitions(midnight - reachMs, midnight + dayMs + reachMs).length === 0;
    const value: Day = isPlain
      ? { kind: 'plain', midnight: midnight - zone.offsetAt(midnight) }
      : (listed.get(day) ?? { kind: 'listed', instants: list(day) });
    if (value.kind === 'listed') {
      if (listed.size > 4) listed.clear();
      listed.set(day, value);
    }
    kept = { day, value };
    return value;
  };

  const firstAfter = (day: Day, after: number): number | undefined => {
    if (day.kind === 'listed') return day.instants[countThrough(day.instants, after)];
    const time = times.nextFrom(Math.max(0, after + 1 - day.midnight));
    return time === undefined ? undefined : day.midnight + time;
  };

  const lastThrough = (day: Day, through: number): number | undefined => {
    if (day.kind === 'listed') return day.instants[countThrough(day.instants, through) - 1];
    const time = times.previousFrom(Math.min(dayMs - 1, through - day.midnight));
    return time === undefined ? undefined : day.midnight + time;
  };

  const localDay = (instant: number): number => Math.floor((instant + zone.offsetAt(instant)) / dayMs);

  const next = (after: number): number | undefined => {
    // Mostly the same ordinary day as the last time: its neighbours, as ordinary as it, can't reach into it.
    const same = kept?.value;
    if (same?.kind === 'plain' && after >= same.midnight && after < same.midnight + dayMs) {
      const found = firstAfter(same, after);
      if (found !== undefined) return found;
    }
    let day = days.nextFrom(localDay(after) - 1);
    while (day !== undefined) {
      const value = dayOf(day);
      const found = firstAfter(value, after);
      if (found !== undefined) {
        if (value.kind === 'plain') return found;
        // A fold over midnight lets the next day begin before this one has ended.
        const tomorrow = days.matches(day + 1) ? firstAfter(dayOf(day + 1), after) : undefined;
        return tomorrow === undefined ? found : Math.min(found, tomorrow);
      }
      day = days.nextFrom(day + 1);
    }
    return undefined;
  };

  const previous = (through: number): number | undefined => {
    let day = days.previousFrom(localDay(through) + 1);
    while (day !== undefined) {
      const value = dayOf(day);
      const found = lastThrough(value, through);
      if (found !== undefined) {
        if (value.kind === 'plain') return found;
        const yesterday = days.matches(day - 1) ? lastThrough(dayOf(day - 1), through) : undefined;
        return yesterday === undefined ? found : Math.max(found, yesterday);
      }
      day = days.previousFrom(day - 1);
    }
    return undefined;
  };

  const countIn = (day: Day, after: number, through: number): number => {
    if (day.kind === 'listed')
      return Math.max(0, countThrough(day.instants, through) - countThrough(day.instants, after));
    return times.countThrough(through - day.midnight) - times.countThrough(after - day.midnight);
  };

  return {
    next,
    previous,
    count(after, through) {
      if (through <= after) return 0;
      let total = 0;
      let lastListed = Number.NEGATIVE_INFINITY;
      const lastDay = localDay(through) + 1;
      for (
        let day = days.nextFrom(localDay(after) - 1);
        day !== undefined && day <= lastDay;
        day = days.nextFrom(day + 1)
      ) {
        const value = dayOf(day);
        // Behind a gap over midnight two days can name the same instant; it is one slot.
        if (value.kind === 'listed') {
          total += countIn(value, Math.max(after, lastListed), through);
          lastListed = Math.max(lastListed, value.instants.at(-1) ?? lastListed);
        } else total += countIn(value, after, through);
      }
      return total;
    },
  };
}
