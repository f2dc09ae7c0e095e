import type { Clock } from '../ports/clock';
import type { Cluster } from '../ports/cluster';
import type { Logger } from '../ports/logger';
import type { Random } from '../ports/random';
import type { RunQueue } from '../run/run-queue';
import { type Due, dueSlots } from './due-slots';
import { settleDue } from './due-writer';
import type { PlaceBook } from './place-book';
import type { SchedulerDeps } from './scheduler-parts';
import type { Sharing } from './sharing';
import type { EnterJob, Timetable, TimetableEntry } from './timetable';

/** After a store that failed: due slots stay due, and are tried again. */
const storeRetryMs = 5_000;
const clusterRetryMs = 500;

/** What one wake does about the jobs that are due. */
export interface DueHandler {
  /** Starts or accounts for everything that is due at `now`. What can't be written stays due. */
  handle(now: number): Promise<void>;
  /** No due job is to be looked at before this instant; set after the store failed. */
  notBefore: number;
}

export function createDueHandler({
  timetable,
  places,
  sharing,
  queue,
  cluster,
  clock,
  random,
  logger,
  enter,
  tellNext,
  onPassed,
}: {
  readonly timetable: Timetable;
  readonly places: PlaceBook;
  readonly sharing: Sharing;
  readonly queue: RunQueue;
  readonly cluster: Cluster | undefined;
  readonly clock: Clock;
  readonly random: Pick<Random, 'fraction'>;
  readonly logger: Logger;
  readonly enter: EnterJob;
  readonly tellNext: (entry: TimetableEntry) => void;
  readonly onPassed: SchedulerDeps['onPassed'];
}): DueHandler {
  let notBefore = 0;

  /** Intervals without a start count from where the cluster counts from: all machines must name the same slots. */
  const agree = async (unsure: readonly TimetableEntry[]) => {
    const known = unsure.flatMap((entry) => places.get(entry.job.record.job_id) ?? []);
    const agreed = await cluster?.agreeOn(known).catch(() => undefined);
    for (const entry of unsure) {
      const { job_id } = entry.job.record;
      const place = places.get(job_id);
      const anchor = agreed?.get(job_id);
      // A different schedule there: this machine, or that one, is about to learn of it.
      if (agreed) sharing.noteAgreed(entry);
      if (!place || anchor === undefined || anchor === place.anchor) {
        // Without an answer it waits for the next look.
        timetable.plan(entry);
        continue;
      }
      const moved = { ...place, anchor, cursor: entry.cursor };
      places.note(moved);
      const next = enter(entry.job, moved, entry.absence);
      if (next) sharing.noteAgreed(next);
    }
    if (!agreed) notBefore = clock.now() + clusterRetryMs;
  };

  const slotsOf = (entry: TimetableEntry, now: number): Due | undefined => {
    // Held by a maintenance window until now: that is why its slots are late.
    const slot = entry.trigger.next(entry.cursor);
    const hold = slot === undefined ? undefined : timetable.holdAt(entry.job, slot);
    if (hold) entry.absence ??= { kind: 'maintenance', from: hold.from, to: hold.to, hold };
    try {
      return dueSlots(entry, now, random.fraction);
    } catch (error) {
      logger.error(`Job "${entry.job.record.job_id}" can't be planned and is left out`, {
        error: String(error),
      });
      return undefined;
    }
  };

  return {
    get notBefore() {
      return notBefore;
    },
    set notBefore(instant) {
      notBefore = instant;
    },
    async handle(now) {
      const taken = sharing.sort(timetable.takeDue(now), now);
      if (taken.unsure.length > 0) await agree(taken.unsure);
      const due = taken.now.flatMap((entry) => slotsOf(entry, now) ?? []);
      const failed = await settleDue(due, {
        queue,
        cluster,
        logger,
        // Deleted or rescheduled while the rows were written: its new entry has a place of its own.
        isCurrent: (entry) => timetable.get(entry.job.record.job_id) === entry,
        settled(one, isWritten) {
          const { entry } = one;
          if (isWritten) {
            entry.cursor = one.cursor;
            entry.absence = undefined;
          }
          timetable.plan(entry);
          // Told once it is planned again: whoever is told reads when it runs next.
          if (isWritten && one.passed.length > 0) onPassed?.(one.passed.map(({ row }) => row));
          // Nothing new to tell when one more excluded slot has passed.
          if (isWritten && !(one.requests.length === 0 && (entry.open?.count ?? 0) > 1)) tellNext(entry);
        },
      });
      if (failed === 0) return;
      if (cluster) {
        // What others may run too waits until the server is back; what is bound to this machine is soon due again.
        logger.warning(
          `${failed} jobs could not be started because the database did not answer; they wait for it`,
        );
        notBefore = clock.now() + clusterRetryMs;
        return;
      }
      logger.error(`${failed} jobs could not be started because the store failed; tried again in 5 s`);
      notBefore = clock.now() + storeRetryMs;
    },
  };
}
