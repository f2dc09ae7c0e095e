import type { EventBus } from '../events/event-bus';
import type { Cluster } from '../ports/cluster';
import type { Logger } from '../ports/logger';
import type { ScheduleStateRecord } from '../ports/schedule-store';
import type { Store } from '../ports/store';
import type { ClockGap } from './clock-watch';
import type { KeepGap } from './gap-keeper';
import type { PlaceBook } from './place-book';
import { releaseAhead } from './release-ahead';
import type { Timetable } from './timetable';

/** What a jump of the clock, or a freeze, changes in the timetable. */
export interface ClockGaps {
  note(gap: ClockGap): void;
  /** Rows being put right after the clock was set back: nothing is decided before. */
  readonly settled: Promise<void>;
}

export function createClockGaps({
  store,
  cluster,
  timetable,
  places,
  keepGap,
  events,
  logger,
}: {
  readonly store: Store;
  readonly cluster: Cluster | undefined;
  readonly timetable: Timetable;
  readonly places: PlaceBook;
  readonly keepGap: KeepGap;
  readonly events: EventBus;
  readonly logger: Logger;
}): ClockGaps {
  let settled: Promise<void> = Promise.resolve();

  /**
   * The clock was set back: planning goes on from the new time. Slots that ran already have their row, which
   * refuses a second one; without this, a job would stand still until the old time comes round again.
   */
  const rewind = (now: number) => {
    const moved: ScheduleStateRecord[] = [];
    for (const entry of timetable.entries()) {
      if (entry.cursor <= now) continue;
      entry.cursor = now;
      entry.open = undefined;
      timetable.plan(entry);
      const known = places.get(entry.job.record.job_id);
      if (known) moved.push({ ...known, cursor: now });
    }
    settled = places
      .put(moved)
      // Rows of other machines are theirs: their clocks did not go back.
      .then(() =>
        cluster
          ? undefined
          : releaseAhead({ store, now, triggerOf: (job_id) => timetable.get(job_id)?.trigger }),
      )
      .catch((error) => logger.warning('cursors could not be set back', { error: String(error) }));
  };

  return {
    get settled() {
      return settled;
    },
    note(gap) {
      logger.warning(`clock: ${gap.kind} by ${Math.round(gap.milliseconds / 1000)} s`, {
        from: new Date(gap.from).toISOString(),
        to: new Date(gap.to).toISOString(),
      });
      events.publish('clock.gap', { kind: gap.kind, milliseconds: gap.milliseconds });
      const [from, to] = gap.kind === 'backward' ? [gap.to, gap.from] : [gap.from, gap.to];
      void keepGap({ kind: gap.kind, job_id: null, from, to, actor: null });
      if (gap.kind === 'backward') {
        rewind(gap.to);
        return;
      }
      for (const entry of timetable.entries())
        entry.absence ??= { kind: 'clock', from: gap.from, to: gap.to, gap };
    },
  };
}
