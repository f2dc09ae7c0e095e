import type { Job } from '../jobs/job';
import type { Clock } from '../ports/clock';
import type { Cluster } from '../ports/cluster';
import type { Timetable, TimetableEntry } from './timetable';

/** Jobs that are due, by what a machine of a cluster does about them. */
export interface Sorted {
  /** To be looked at now. */
  readonly now: readonly TimetableEntry[];
  /** It must be asked first where their intervals count from. */
  readonly unsure: readonly TimetableEntry[];
}

/** What a cluster changes for the timetable of one machine; nothing at all without one. */
export interface Sharing {
  sort(due: readonly TimetableEntry[], now: number): Sorted;
  /** This entry's interval counts from where all machines count from. */
  noteAgreed(entry: TimetableEntry): void;
  /** Entries that waited for the database, with the reason why they are late. */
  release(now: number): readonly TimetableEntry[];
}

/** An interval without a start counts from its first save, which each machine would set for itself. */
const isAnchored = ({ schedule }: Job): boolean =>
  schedule?.specs.some((spec) => spec.kind === 'interval' && spec.start === undefined) ?? false;

/** A machine without a free place leaves a slot to the others for so long, longer than they leave it to each other. */
const fullHoldMs = 900;
/** Jobs that may start only so little late are left to nobody. */
const leastGraceSeconds = 3;

export function createSharing({
  cluster,
  timetable,
  clock,
  places,
}: {
  readonly cluster: Cluster | undefined;
  readonly timetable: Timetable;
  readonly clock: Clock;
  /** Free places of this machine's pool. */
  readonly places: () => number;
}): Sharing {
  /** Held back until the server answers again. */
  const parked = new Map<TimetableEntry, { readonly since: number; readonly why: string }>();
  const agreed = new WeakSet<TimetableEntry>();
  /** Slots left to the others for a moment. */
  const heldBack = new WeakMap<TimetableEntry, { readonly slot: number; readonly until: number }>();

  /** Until when a due slot is left to the others; undefined when it is this machine's turn, or the others had theirs. */
  const leftUntil = (entry: TimetableEntry, free: number, now: number): number | undefined => {
    const { job } = entry;
    const slot = entry.trigger.next(entry.cursor);
    const { misfire_grace_time } = job.effective;
    if (
      !cluster ||
      slot === undefined ||
      (misfire_grace_time !== null && misfire_grace_time < leastGraceSeconds)
    )
      return undefined;
    const known = heldBack.get(entry);
    if (known?.slot === slot) return known.until > now ? known.until : undefined;
    const turn = cluster.holdBack(job.record.job_id, slot, job.definition.runs_on);
    const wait = free > 0 ? turn : Math.max(turn, fullHoldMs);
    if (wait <= 0) return undefined;
    heldBack.set(entry, { slot, until: now + wait });
    return now + wait;
  };

  return {
    sort(due, now) {
      if (!cluster) return { now: due, unsure: [] };
      const sorted: { now: TimetableEntry[]; unsure: TimetableEntry[] } = { now: [], unsure: [] };
      let free = places();
      for (const entry of due) {
        const placement = cluster.placementOf(entry.job.definition.runs_on);
        if (placement === 'elsewhere') {
          // Its machine accounts for it, also for what it misses while it is off.
          entry.cursor = now;
          timetable.plan(entry);
        } else if (placement === 'shared' && cluster.away) {
          parked.set(entry, { since: cluster.away.since, why: cluster.away.reason });
          timetable.park(entry);
        } else if (placement === 'shared' && isAnchored(entry.job) && !agreed.has(entry))
          sorted.unsure.push(entry);
        else {
          const until = placement === 'shared' ? leftUntil(entry, free, now) : undefined;
          if (until !== undefined) timetable.delay(entry, until);
          else {
            free -= 1;
            sorted.now.push(entry);
          }
        }
      }
      return sorted;
    },
    noteAgreed: (entry) => agreed.add(entry),
    release(now) {
      const released = [...parked.keys()];
      for (const [entry, { since, why }] of parked)
        entry.absence ??= { kind: 'server_away', from: Math.min(since, now), to: clock.now(), why };
      parked.clear();
      return released;
    },
  };
}
