import { isSchedulable, type Job } from '../jobs/job';
import type { JobRegistry } from '../jobs/job-registry';
import type { ScheduleStateRecord } from '../ports/store';
import type { Absence } from './miss-reason';
import { createSlotHeap } from './slot-heap';
import { createTrigger, type Trigger } from './trigger';

/** One planned job: its rule, and how far it has been served. */
export interface TimetableEntry {
  readonly job: Job;
  readonly trigger: Trigger;
  /** The last slot handled, or the instant scheduling began. */
  cursor: number;
  /** The next planned slot; undefined when there is none any more. */
  next: number | undefined;
  /** Since when, and why, this job could not be served; names the reason of missed slots. */
  absence: Absence | undefined;
}

/** All planned jobs and which of them is due first. Holds no clock and writes nothing. */
export interface Timetable {
  /** Plans a job from a stored place. Throws what its trigger throws. */
  enter(job: Job, state: ScheduleStateRecord, absence: Absence | undefined): TimetableEntry | undefined;
  /** Computes the entry's next slot after its cursor. */
  plan(entry: TimetableEntry): void;
  get(job_id: string): TimetableEntry | undefined;
  leave(job_id: string): void;
  entries(): Iterable<TimetableEntry>;
  /** The entry that is due first. */
  first(): TimetableEntry | undefined;
  /** Takes out every entry due at `now` or before, earliest first; `plan` puts one back. */
  takeDue(now: number): TimetableEntry[];
  clear(): void;
  readonly size: number;
}

export function createTimetable(): Timetable {
  const entries = new Map<string, TimetableEntry>();
  const heap = createSlotHeap();

  const plan = (entry: TimetableEntry) => {
    entry.next = entry.trigger.next(entry.cursor);
    if (entry.next !== undefined) heap.push({ job_id: entry.job.record.job_id, next: entry.next });
  };

  /** Drops heap items that were replaced; what then stands on top is true. */
  const first = (): TimetableEntry | undefined => {
    for (let top = heap.peek(); top; top = heap.peek()) {
      const entry = entries.get(top.job_id);
      if (entry?.next === top.next) return entry;
      heap.pop();
    }
    return undefined;
  };

  return {
    plan,
    first,
    enter(job, state, absence) {
      if (!job.schedule) return undefined;
      const trigger = createTrigger(job.schedule, {
        defaultTimezone: job.effective.timezone,
        anchor: state.anchor,
      });
      const entry: TimetableEntry = { job, trigger, cursor: state.cursor, next: undefined, absence };
      entries.set(job.record.job_id, entry);
      plan(entry);
      return entry;
    },
    get: (job_id) => entries.get(job_id),
    leave: (job_id) => entries.delete(job_id),
    entries: () => entries.values(),
    takeDue(now) {
      const due: TimetableEntry[] = [];
      for (let entry = first(); entry?.next !== undefined && entry.next <= now; entry = first()) {
        heap.pop();
        entry.next = undefined;
        due.push(entry);
      }
      return due;
    },
    clear() {
      entries.clear();
      heap.clear();
    },
    get size() {
      return entries.size;
    },
  };
}

/** A job's place in its timetable: the stored one, or a new one from now on when its schedule is new. */
export function placeOf(
  job: Job,
  known: ScheduleStateRecord | undefined,
  now: number,
  digest: (text: string) => string,
): { readonly record: ScheduleStateRecord; readonly isNew: boolean } {
  const schedule_digest = digest(JSON.stringify([job.definition.schedule, job.effective.timezone]));
  if (known?.schedule_digest === schedule_digest) return { record: known, isNew: false };
  return { record: { job_id: job.record.job_id, anchor: now, schedule_digest, cursor: now }, isNew: true };
}

export function schedulableJobs(registry: JobRegistry): readonly Job[] {
  return registry.all().filter(isSchedulable);
}
