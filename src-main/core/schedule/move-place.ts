import { isSchedulable, type Job } from '../jobs/job';
import type { ScheduleStateRecord } from '../ports/schedule-store';
import type { NewExecution } from '../ports/store';
import { closeOut } from './close-out';
import type { Absence } from './miss-reason';
import { placeOf } from './timetable';

/** Before a reason that is no person's name. */
const unusableMark = 'unusable: ';

/** Who or what holds a job back, as stored; undefined while it is planned. */
export function holderOf(place: ScheduleStateRecord | undefined): string | undefined {
  return place?.held_by?.replace(unusableMark, '');
}

/** Why a job that is planned again was not until now. */
function heldAbsence(place: ScheduleStateRecord, now: number): Absence | undefined {
  if (place.held_since === null || place.held_since === undefined) return undefined;
  const stretch = { from: place.held_since, to: now };
  return place.held_by?.startsWith(unusableMark)
    ? { kind: 'unusable', ...stretch, why: place.held_by.slice(unusableMark.length) }
    : { kind: 'disabled', ...stretch, by: place.held_by ?? 'somebody' };
}

export interface MovedPlace {
  /** Undefined for a job that is not planned and never was. */
  readonly place: ScheduleStateRecord | undefined;
  /** Why slots since the place's cursor were not served. */
  readonly absence: Absence | undefined;
  /** The row for the slots a changed schedule still owed. */
  readonly row: NewExecution | undefined;
  readonly isChanged: boolean;
}

/**
 * What a job's stored place becomes when the scheduler starts or the job was changed, enabled or disabled by
 * somebody. A schedule that is the same keeps cursor and anchor. `now` in epoch ms.
 */
export function movePlace({
  job,
  known,
  now,
  by,
  absence,
  digest,
}: {
  readonly job: Job;
  readonly known: ScheduleStateRecord | undefined;
  readonly now: number;
  readonly by: string;
  readonly absence: Absence | undefined;
  readonly digest: (text: string) => string;
}): MovedPlace {
  const isPlanned = isSchedulable(job);
  const held = known && heldAbsence(known, now);
  if (!isPlanned && !known) {
    return { place: undefined, absence: undefined, row: undefined, isChanged: false };
  }
  const { record, isNew } = placeOf(job, known, now, digest);
  const owed = known && isNew ? (held ?? absence) : undefined;
  const row = known && owed ? closeOut(job, known, owed, now) : undefined;
  // A cursor in the future was written before the clock was set back.
  const cursor = Math.min(record.cursor, now);
  const isUnusable = job.record.enabled && job.disabledReason !== undefined;
  const holder = isUnusable ? `${unusableMark}${job.disabledReason}` : by;
  const holding = isPlanned
    ? { held_since: null, held_by: null }
    : {
        held_since: known?.held_since ?? now,
        held_by: known?.held_since ? known.held_by : holder,
      };
  const place = { ...record, cursor, ...holding };
  const isChanged =
    isNew ||
    cursor !== record.cursor ||
    (known?.held_since ?? null) !== place.held_since ||
    known?.schedule !== place.schedule;
  return { place, absence: isNew ? undefined : (held ?? absence), row, isChanged };
}
