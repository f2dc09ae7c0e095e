import type { SchedulerState } from '../../../src-shared/model/scheduler';
import type { EventBus } from '../events/event-bus';
import { isSchedulable, type Job } from '../jobs/job';
import type { Clock } from '../ports/clock';
import type { ScheduleStateRecord } from '../ports/schedule-store';
import type { Store } from '../ports/store';
import type { KeepGap } from './gap-keeper';
import type { Absence } from './miss-reason';
import { movePlace } from './move-place';
import type { PlaceBook } from './place-book';
import type { EnterJob, Timetable, TimetableEntry } from './timetable';

/** What the scheduler stands at while a job is moved. */
export interface Standing {
  readonly state: SchedulerState;
  readonly since: number;
  readonly changedBy: string | null;
}

/** A job that was created, changed, enabled or disabled finds its new place in the timetable. */
export interface JobMoves {
  /** Changed here, by somebody. */
  reschedule(job: Job, by: string): Promise<void>;
  /** Changed by another machine, which has stored its place already. */
  adopt(job: Job): Promise<void>;
}

export function createJobMoves({
  store,
  timetable,
  places,
  clock,
  events,
  digest,
  keepGap,
  standing,
  enter,
  planned,
}: {
  readonly store: Pick<Store, 'scheduleState'>;
  readonly timetable: Timetable;
  readonly places: PlaceBook;
  readonly clock: Clock;
  readonly events: EventBus;
  readonly digest: (text: string) => string;
  readonly keepGap: KeepGap;
  readonly standing: () => Standing;
  readonly enter: EnterJob;
  /** A job has a new entry: it is told, and the alarm may have to be earlier. */
  readonly planned: (entry: TimetableEntry | undefined) => void;
}): JobMoves {
  const tellUnplanned = (job_id: string) => events.publish('job.scheduled', { job_id, next_run_time: null });

  /** Back in the timetable, if anything is planned at all and the job is not held. */
  const settle = (
    job: Job,
    place: ScheduleStateRecord,
    absence: Absence | undefined,
    state: SchedulerState,
  ) => {
    if (state === 'stopped' || place.held_since != null || !isSchedulable(job))
      tellUnplanned(job.record.job_id);
    else planned(enter(job, place, absence));
  };

  return {
    async reschedule(job, by) {
      const { job_id } = job.record;
      const { state, since, changedBy } = standing();
      const previous = timetable.get(job_id);
      timetable.leave(job_id);
      const now = clock.now();
      const stored =
        places.get(job_id) ?? (state === 'stopped' ? await store.scheduleState.get(job_id) : undefined);
      const known = stored && previous ? { ...stored, cursor: previous.cursor } : stored;
      const waiting: Absence | undefined =
        state === 'paused'
          ? { kind: 'paused', from: since, to: now, by: changedBy ?? 'somebody' }
          : previous?.absence;
      const moved = movePlace({ job, known, now, by, absence: waiting, digest });
      if (!moved.place) return tellUnplanned(job_id);
      await places.put([moved.place], await places.claimed(moved.row ? [moved.row] : []));
      if (known?.held_since != null && moved.place.held_since === null)
        await keepGap({
          kind: 'disabled',
          job_id,
          from: known.held_since,
          to: now,
          actor: known.held_by ?? null,
        });
      settle(job, moved.place, moved.absence, standing().state);
    },
    async adopt(job) {
      const { job_id } = job.record;
      const previous = timetable.get(job_id);
      const stored = await store.scheduleState.get(job_id);
      timetable.leave(job_id);
      const now = clock.now();
      // A new schedule counts from when it was saved, on whichever machine.
      const saved = Math.min(now, job.record.modified_date);
      // How far this machine itself has come: beyond that, a slot it has claimed may still be waiting to be begun.
      const known = stored && { ...stored, cursor: previous?.cursor ?? stored.cursor };
      const { place, isChanged } = movePlace({
        job,
        known,
        now: saved,
        by: 'another machine',
        absence: undefined,
        digest,
      });
      if (!place) return;
      const isNew = known?.schedule_digest !== place.schedule_digest;
      const adopted = { ...place, cursor: isNew ? now : Math.min(now, known?.cursor ?? now) };
      if (isChanged && isNew && !known) await places.put([adopted]);
      places.note(adopted);
      settle(job, adopted, previous?.absence, standing().state);
    },
  };
}
