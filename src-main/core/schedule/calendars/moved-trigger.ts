import { dayMs } from '../civil-date';
import type { Trigger } from '../trigger';
import { resolveLocal } from '../zone';
import type { ExclusionRule } from './exclusion';

/** A slot is moved this many days at most; beyond that it is left where it is, and excluded. */
const furthestDays = 40;
const reachMs = (furthestDays + 1) * dayMs;

/** A trigger whose excluded slots stand in for themselves on another day. */
export interface MovedTrigger extends Trigger {
  /** Where the slot of the written schedule goes; itself when it is not excluded. */
  target(slot: number): number;
  /** The excluded slots that a slot stands in for. */
  movedFrom(slot: number): number[];
}

/**
 * `on_excluded: next_business_day` and `previous_business_day`: an excluded slot runs at the same time of day on
 * the nearest business day that way. Two that meet there are one. Meant for schedules of at most 24 slots a day.
 */
export function moveExcluded(trigger: Trigger, rule: ExclusionRule, direction: 1 | -1): MovedTrigger {
  const target = (slot: number): number => {
    const zone = trigger.zoneOf(slot);
    if (!rule.at(slot, zone)) return slot;
    const local = slot + zone.offsetAt(slot);
    const day = Math.floor(local / dayMs);
    for (let step = 1; step <= furthestDays; step += 1) {
      const other = day + direction * step;
      if (!rule.isBusinessDay(other)) continue;
      const place = resolveLocal(zone, other * dayMs + (local - day * dayMs));
      const moved = place.kind === 'once' ? place.instant : place.kind === 'gap' ? place.after : place.first;
      if (!rule.at(moved, zone)) return moved;
    }
    return slot;
  };

  /** Slots as written that can have a place in (after, through]. */
  const written = (after: number, through: number): number[] =>
    trigger.between(
      direction > 0 ? after - reachMs : after,
      direction > 0 ? through : through + reachMs,
      Number.POSITIVE_INFINITY,
    );

  const places = (after: number, through: number): number[] => {
    const found = new Set<number>();
    for (const slot of written(after, through)) {
      const place = target(slot);
      if (place > after && place <= through) found.add(place);
    }
    return [...found].sort((a, b) => a - b);
  };

  const next = (after: number): number | undefined => {
    // The first written slot behind it bounds the search; what is moved in front of that one comes first.
    let bound = trigger.next(after);
    for (let tries = 0; bound !== undefined && tries < 2000; tries += 1) {
      const [first] = places(after, Math.max(bound, target(bound)));
      if (first !== undefined) return first;
      bound = trigger.next(bound);
    }
    const [late] = places(after, after + reachMs);
    return late;
  };

  const previous = (through: number): number | undefined => {
    for (let to: number | undefined = through; to !== undefined; ) {
      const found = places(to - reachMs, to).at(-1);
      if (found !== undefined) return found;
      // Straight to where there is something again.
      const earlier = trigger.previous(to - reachMs);
      to = earlier === undefined ? undefined : Math.min(to - reachMs, earlier + reachMs);
    }
    return undefined;
  };

  return {
    ...trigger,
    target,
    next,
    previous,
    between(after, through, limit) {
      const slots: number[] = [];
      for (
        let slot = next(after);
        slot !== undefined && slot <= through && slots.length < limit;
        slot = next(slot)
      ) {
        slots.push(slot);
      }
      return slots;
    },
    count: (after, through) => (through <= after ? 0 : places(after, through).length),
    movedFrom: (slot) => written(slot - 1, slot).filter((one) => one !== slot && target(one) === slot),
    note(slot) {
      return trigger.note(slot);
    },
    zoneOf(slot) {
      const [origin] =
        trigger.previous(slot) === slot
          ? [slot]
          : written(slot - 1, slot).filter((one) => target(one) === slot);
      return trigger.zoneOf(origin ?? slot);
    },
  };
}
