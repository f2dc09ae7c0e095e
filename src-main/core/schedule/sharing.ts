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

export function createSharing({
  cluster,
  timetable,
  clock,
}: {
  readonly cluster: Cluster | undefined;
  readonly timetable: Timetable;
  readonly clock: Clock;
}): Sharing {
  /** Held back until the server answers again. */
  const parked = new Map<TimetableEntry, { readonly since: number; readonly why: string }>();
  const agreed = new WeakSet<TimetableEntry>();

  return {
    sort(due, now) {
      if (!cluster) return { now: due, unsure: [] };
      const sorted: { now: TimetableEntry[]; unsure: TimetableEntry[] } = { now: [], unsure: [] };
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
        else sorted.now.push(entry);
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
