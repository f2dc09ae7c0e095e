import { isSchedulable, type Job } from '../jobs/job';
import type { JobRegistry } from '../jobs/job-registry';
import type { ScheduleStateRecord } from '../ports/schedule-store';
import { type Exclusion, type ExclusionRule, exclusionOf, type Matchers } from './calendars/exclusion';
import { moveExcluded } from './calendars/moved-trigger';
import { type Hold, holdAt, type PreparedWindow } from './maintenance-window';
import type { Absence } from './miss-reason';
import { createSlotHeap } from './slot-heap';
import { createTrigger, type Trigger } from './trigger';

/** A job's slots, with its holiday sets applied. */
export interface Plan {
  readonly trigger: Trigger;
  /** Why a slot is left out; absent when the job excludes nothing. */
  readonly exclusion: ((slot: number) => Exclusion | undefined) | undefined;
  /** The excluded slots a slot stands in for (`on_excluded` other than skip). */
  readonly movedFrom: ((slot: number) => number[]) | undefined;
  /** Where an excluded slot goes. */
  readonly target: ((slot: number) => number) | undefined;
  /** The schedule as written, before anything is moved. */
  readonly written: Trigger;
  readonly rule: ExclusionRule | undefined;
}

/** One planned job: its rule, and how far it has been served. */
export interface TimetableEntry extends Plan {
  readonly job: Job;
  /** The last slot handled, or the instant scheduling began. */
  cursor: number;
  /** The next planned slot; undefined when there is none any more. */
  next: number | undefined;
  /** When to look at it: at its next slot, or at the end of the maintenance window that holds it. */
  due: number | undefined;
  /** The maintenance window that holds its next slot. */
  hold: Hold | undefined;
  /** Since when, and why, this job could not be served; names the reason of missed slots. */
  absence: Absence | undefined;
  /** The row of the slots just passed, which the next one for the same cause goes on with. */
  open:
    | { readonly execution_id: number; readonly key: string; readonly first: number; count: number }
    | undefined;
  /** Kept answer of `runsAt`. */
  runsAt: { readonly slot: number | undefined } | undefined;
}

/** What decides which slots run, besides the schedules. */
export interface Surroundings {
  readonly matchers: Matchers;
  readonly windows: readonly PreparedWindow[];
}

/** Plans a job from a stored place; undefined when its schedule can't be computed, which is logged. */
export type EnterJob = (
  job: Job,
  place: ScheduleStateRecord,
  absence?: Absence,
) => TimetableEntry | undefined;

/** All planned jobs and which of them is due first. Holds no clock and writes nothing. */
export interface Timetable {
  /** Plans a job from a stored place. Throws what its trigger throws. */
  enter(job: Job, state: ScheduleStateRecord, absence: Absence | undefined): TimetableEntry | undefined;
  /** Computes the entry's next slot after its cursor. */
  plan(entry: TimetableEntry): void;
  /** As `plan`, but it is looked at again at this instant. */
  delay(entry: TimetableEntry, until: number): void;
  /** As `plan`, but it does not become due until it is planned again. */
  park(entry: TimetableEntry): void;
  get(job_id: string): TimetableEntry | undefined;
  leave(job_id: string): void;
  entries(): Iterable<TimetableEntry>;
  /** The entry that is due first. */
  first(): TimetableEntry | undefined;
  /** Takes out every entry due at `now` or before, earliest first; `plan` puts one back. */
  takeDue(now: number): TimetableEntry[];
  /** The maintenance window that holds a job at an instant. */
  holdAt(job: Job, instant: number): Hold | undefined;
  /** The next slot that will run as things stand: not excluded, and not held for longer than its grace time. */
  runsAt(entry: TimetableEntry): number | undefined;
  /** The slots from `from` to `through` that will run as things stand, at least `leastGapMs` apart. */
  upcoming(entry: TimetableEntry, from: number, through: number, leastGapMs: number): readonly number[];
  clear(): void;
  readonly size: number;
}

/** Slots looked at for one that runs; a job that is excluded for longer has no next run to show. */
const mostLookedAt = 20_000;

/** A job's slots from its schedule and holiday sets. Throws what its trigger throws. */
export function planOf(job: Job, anchor: number, matchers: Matchers): Plan | undefined {
  if (!job.schedule) return undefined;
  const written = createTrigger(job.schedule, { defaultTimezone: job.effective.timezone, anchor });
  const rule = exclusionOf(job, matchers);
  const base = {
    trigger: written,
    written,
    rule,
    exclusion: undefined,
    movedFrom: undefined,
    target: undefined,
  };
  if (!rule) return base;
  const { on_excluded } = job.effective;
  const moved =
    on_excluded === 'skip'
      ? undefined
      : moveExcluded(written, rule, on_excluded === 'next_business_day' ? 1 : -1);
  const trigger = moved ?? written;
  return {
    ...base,
    trigger,
    exclusion: (slot) => rule.at(slot, trigger.zoneOf(slot)),
    movedFrom: moved?.movedFrom,
    target: moved?.target,
  };
}

export function createTimetable(around: () => Surroundings): Timetable {
  const entries = new Map<string, TimetableEntry>();
  const heap = createSlotHeap();

  const hold = (job: Job, instant: number): Hold | undefined => {
    const { windows } = around();
    return windows.length === 0 ? undefined : holdAt(windows, job.definition.tags, instant);
  };

  const plan = (entry: TimetableEntry) => {
    entry.next = entry.trigger.next(entry.cursor);
    entry.due = entry.next;
    entry.hold = undefined;
    if (entry.next === undefined || entry.due === undefined) return;
    entry.hold = hold(entry.job, entry.next);
    if (entry.hold) entry.due = entry.hold.to;
    heap.push({ job_id: entry.job.record.job_id, next: entry.due });
  };

  /** Drops heap items that were replaced; what then stands on top is true. */
  const first = (): TimetableEntry | undefined => {
    for (let top = heap.peek(); top; top = heap.peek()) {
      const entry = entries.get(top.job_id);
      if (entry?.due === top.next) return entry;
      heap.pop();
    }
    return undefined;
  };

  const findRun = (entry: TimetableEntry): number | undefined => {
    const { trigger, exclusion, job } = entry;
    const grace = job.effective.misfire_grace_time;
    let slot = entry.next;
    for (let looked = 0; slot !== undefined && looked < mostLookedAt; looked += 1) {
      if (exclusion?.(slot)) {
        slot = trigger.next(slot);
        continue;
      }
      const held = hold(job, slot);
      if (!held) return slot;
      // Of the held ones the latest runs when the window closes, if it is not too late for it then.
      const latest = trigger.previous(held.to - 1) ?? slot;
      const isInTime = grace === null || held.to - latest <= grace * 1000;
      if (isInTime && !exclusion?.(latest)) return latest;
      slot = trigger.next(held.to - 1);
    }
    return undefined;
  };

  return {
    plan,
    delay(entry, until) {
      entry.next = entry.trigger.next(entry.cursor);
      entry.due = until;
      entry.hold = undefined;
      heap.push({ job_id: entry.job.record.job_id, next: until });
    },
    park(entry) {
      entry.next = entry.trigger.next(entry.cursor);
      entry.due = undefined;
      entry.hold = undefined;
    },
    first,
    holdAt: hold,
    enter(job, state, absence) {
      const found = planOf(job, state.anchor, around().matchers);
      if (!found) return undefined;
      const entry: TimetableEntry = {
        ...found,
        job,
        cursor: state.cursor,
        next: undefined,
        due: undefined,
        hold: undefined,
        absence,
        open: undefined,
        runsAt: undefined,
      };
      entries.set(job.record.job_id, entry);
      plan(entry);
      return entry;
    },
    get: (job_id) => entries.get(job_id),
    leave: (job_id) => entries.delete(job_id),
    entries: () => entries.values(),
    takeDue(now) {
      const due: TimetableEntry[] = [];
      for (let entry = first(); entry?.due !== undefined && entry.due <= now; entry = first()) {
        heap.pop();
        entry.next = undefined;
        entry.due = undefined;
        due.push(entry);
      }
      return due;
    },
    runsAt(entry) {
      if (!entry.exclusion && around().windows.length === 0) return entry.next;
      const kept = entry.runsAt;
      const isStillTrue =
        kept && (kept.slot === undefined ? entry.next === undefined : kept.slot > entry.cursor);
      if (!isStillTrue) entry.runsAt = { slot: findRun(entry) };
      return entry.runsAt?.slot;
    },
    upcoming(entry, from, through, leastGapMs) {
      const found: number[] = [];
      for (let slot: number | undefined = from; slot !== undefined && slot <= through; ) {
        if (!entry.exclusion?.(slot) && !hold(entry.job, slot)) found.push(slot);
        slot = entry.trigger.next(slot + Math.max(0, leastGapMs - 1));
      }
      return found;
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

/** The text a schedule is known by; it holds all that decides its slots. */
export function scheduleText(job: Job): string {
  return JSON.stringify([job.definition.schedule, job.effective.timezone]);
}

/** A job's place in its timetable: the stored one, or a new one from now on when its schedule is new. */
export function placeOf(
  job: Job,
  known: ScheduleStateRecord | undefined,
  now: number,
  digest: (text: string) => string,
): { readonly record: ScheduleStateRecord; readonly isNew: boolean } {
  const schedule = scheduleText(job);
  if (known?.schedule === schedule) return { record: known, isNew: false };
  const schedule_digest = digest(schedule);
  if (known?.schedule_digest === schedule_digest) return { record: { ...known, schedule }, isNew: false };
  const record = {
    job_id: job.record.job_id,
    anchor: now,
    schedule_digest,
    cursor: now,
    schedule,
    held_since: null,
    held_by: null,
  };
  return { record, isNew: true };
}

export function schedulableJobs(registry: JobRegistry): readonly Job[] {
  return registry.all().filter(isSchedulable);
}
