import type { Trigger } from '../schedule/trigger';
import { zoneOf } from '../schedule/zone';
import type { FireTimes } from './converted-job';

export interface ProofSlot {
  readonly at: number;
  readonly isTheirs: boolean;
  readonly isOurs: boolean;
}

/** The source's fire times beside ours. */
export interface Proof {
  readonly slots: readonly ProofSlot[];
  /** Slots around the clock changes that follow, where the two differ. */
  readonly clockChanges: readonly ProofSlot[];
  readonly differing: number;
}

const dayMs = 86_400_000;
const yearMs = 366 * dayMs;
/** Of a job that runs every second, the night of a clock change is looked at this far. */
const mostPerNight = 5000;
const nightsLookedAt = 2;

function merge(theirs: readonly number[], ours: readonly number[]): ProofSlot[] {
  const [their, our] = [new Set(theirs), new Set(ours)];
  return [...new Set([...theirs, ...ours])]
    .sort((a, b) => a - b)
    .map((at) => ({ at, isTheirs: their.has(at), isOurs: our.has(at) }));
}

const differs = ({ isTheirs, isOurs }: ProofSlot): boolean => isTheirs !== isOurs;

/**
 * The next `count` fire times by the source's rules and by ours, from `from` on, itself included; and what differs in
 * the nights of the next clock changes, where rules part most often. Neither is worked out by the other's code.
 */
export function proveFireTimes(
  theirs: FireTimes | undefined,
  ours: Pick<Trigger, 'between'> | undefined,
  { from, count, timezone }: { readonly from: number; readonly count: number; readonly timezone: string },
): Proof {
  const listTheirs = (after: number, through: number, most: number) => theirs?.(after, through, most) ?? [];
  const listOurs = (after: number, through: number, most: number) =>
    ours?.between(after, through, most) ?? [];
  const a = listTheirs(from - 1, Number.MAX_SAFE_INTEGER, count);
  const b = listOurs(from - 1, Number.MAX_SAFE_INTEGER, count);
  // A list that is full says nothing of what lies behind its end.
  const end = Math.min(
    a.length < count ? Number.MAX_SAFE_INTEGER : (a.at(-1) ?? 0),
    b.length < count ? Number.MAX_SAFE_INTEGER : (b.at(-1) ?? 0),
  );
  const slots = merge(
    a.filter((at) => at <= end),
    b.filter((at) => at <= end),
  );
  const clockChanges = zoneOf(timezone)
    .transitions(from, from + 2 * yearMs)
    .slice(0, nightsLookedAt)
    .flatMap(({ at }) => {
      const [after, through] = [Math.max(from, at - dayMs) - 1, at + dayMs];
      const night = merge(listTheirs(after, through, mostPerNight), listOurs(after, through, mostPerNight));
      return night.filter((slot) => differs(slot) && slot.at > end);
    });
  return { slots, clockChanges, differing: slots.filter(differs).length + clockChanges.length };
}
