import { Schedule } from '../../../src-shared/model/schedule';
import { parseSchedule } from '../../../src-shared/schedule/parse-schedule';
import type { Job } from '../jobs/job';
import type { ScheduleStateRecord } from '../ports/schedule-store';
import type { NewExecution } from '../ports/store';
import { passedRow, reasonDetails } from './due-slots';
import type { Absence } from './miss-reason';
import { createTrigger, type Trigger } from './trigger';

/** The trigger of a stored place, whatever the job's schedule has become since; undefined for rows that hold none. */
export function storedTrigger(place: ScheduleStateRecord): Trigger | undefined {
  if (!place.schedule) return undefined;
  try {
    const [written, timezone] = JSON.parse(place.schedule) as [unknown, unknown];
    const { parsed } = parseSchedule(Schedule.parse(written), 'schedule');
    return parsed && createTrigger(parsed, { defaultTimezone: String(timezone), anchor: place.anchor });
  } catch {
    // A row nobody can read names no slots.
    return undefined;
  }
}

/**
 * A schedule ends: the slots it still owed, up to now, in one row with the reason. Undefined when it owed none.
 */
export function closeOut(
  job: Job,
  place: ScheduleStateRecord,
  absence: Absence,
  now: number,
): NewExecution | undefined {
  const trigger = storedTrigger(place);
  const first = trigger?.next(place.cursor);
  if (!trigger || first === undefined || first > now) return undefined;
  const last = trigger.previous(now) ?? first;
  const count = trigger.count(place.cursor, now);
  const passed = { first, last, count, cause: { kind: 'grace' as const } };
  const row = passedRow({ job }, passed, absence, reasonDetails({ job }, undefined), now);
  const text = (row.error_message ?? '').replace(
    /; later than the grace time of [^.]*\./,
    '; the schedule was changed before they could be caught up.',
  );
  return { ...row, error_message: text, metadata: { ...row.metadata, cause: 'schedule_changed' } };
}
