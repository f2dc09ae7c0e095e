import type { ScheduleStateRecord } from '../ports/schedule-store';
import { exclusionReason } from '../schedule/calendars/exclusion';
import { dueSlots } from '../schedule/due-slots';
import { startDeadline } from '../schedule/start-deadline';
import { createTimetable, type Surroundings, type TimetableEntry } from '../schedule/timetable';
import { type Collision, type CollisionWatch, createCollisionWatch } from './collisions';
import { createPoolPlay, type PlayedJob, type PlayedRun } from './pool-play';

/** Slots of one job that will not run, next to each other and for one reason. */
export interface Withheld {
  readonly fate: 'skipped' | 'missed';
  readonly reason: string;
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

export interface PlayListener {
  /** A planned run begins; or has not begun when the play ends (`start` undefined). */
  run(run: PlayedRun, slot: number): void;
  withheld(of: PlayedJob, withheld: Withheld): void;
  collision(collision: Collision): void;
}

export interface PlayOptions {
  readonly jobs: readonly { readonly played: PlayedJob; readonly place: ScheduleStateRecord }[];
  /** Jobs that are only led to by chains, and those above. */
  readonly find: (job_id: string) => PlayedJob | undefined;
  readonly around: Surroundings;
  readonly poolSize: number;
  readonly to: number;
  /** Runs that are played one by one; the play ends when they are used up. */
  readonly mostRuns: number;
  readonly listener: PlayListener;
}

/** Where a play stands when it ends. */
export interface Played {
  /** Everything up to here was played. */
  readonly until: number;
  /** How far each job's slots are told. */
  readonly left: readonly { readonly played: PlayedJob; readonly entry: TimetableEntry }[];
}

/** Jitter is expected to take half its length. */
const half = () => 0.5;

function withheldOf(of: PlayedJob, slot: number, reason: string): [PlayedJob, Withheld] {
  return [of, { fate: 'skipped', reason, first: slot, last: slot, count: 1 }];
}

/**
 * Plays planned runs through without a clock or a store: timetable, holiday sets, maintenance windows, misfire and
 * admission are the scheduler's own rules; runs end when they are expected to. Yields now and then, so that the
 * caller can let others have their turn.
 */
export function* play(options: PlayOptions): Generator<void, Played> {
  const { listener, around, to } = options;
  const timetable = createTimetable(() => around);
  const byEntry = new Map<string, PlayedJob>();
  let entered = 0;
  for (const { played, place } of options.jobs) {
    if (timetable.enter(played.job, place, undefined)) byEntry.set(played.job.record.job_id, played);
    entered += 1;
    if (entered % 32 === 0) yield;
  }
  const watch: CollisionWatch = createCollisionWatch(options.poolSize, listener.collision);
  const told = (run: PlayedRun) => {
    const slot = run.request.scheduled_time;
    if (slot !== null) listener.run(run, slot);
  };
  const pool = createPoolPlay({
    poolSize: options.poolSize,
    watch,
    find: options.find,
    listener: {
      started: told,
      withheld(of, { scheduled_time: slot }, fate, reason) {
        if (slot !== null) listener.withheld(of, { fate, reason, first: slot, last: slot, count: 1 });
      },
    },
  });

  /** The one slot of an entry that nothing keeps back, at its own instant: only a holiday set can say no. */
  const takeOnTime = (of: PlayedJob, entry: TimetableEntry, slot: number) => {
    entry.cursor = slot;
    const excluded = entry.exclusion?.(slot);
    if (excluded) return listener.withheld(...withheldOf(of, slot, exclusionReason(excluded)));
    const { not_after } = of.job.effective;
    const { jitterSeconds } = entry.trigger;
    // Always all keys: one shape of object keeps a million of them quick.
    const request = {
      scheduled_time: slot,
      delay_ms: jitterSeconds > 0 ? Math.floor(jitterSeconds * 1000 * half()) : 0,
      not_after: not_after === null ? undefined : startDeadline(slot, not_after, entry.trigger.zoneOf(slot)),
      moved_from: entry.movedFrom?.(slot),
    };
    pool.submit(of, request, slot);
  };

  /** Slots a maintenance window kept back until now. */
  const takeHeld = (of: PlayedJob, entry: TimetableEntry, now: number) => {
    const slot = entry.trigger.next(entry.cursor);
    const hold = slot === undefined ? undefined : timetable.holdAt(entry.job, slot);
    if (hold) entry.absence = { kind: 'maintenance', from: hold.from, to: hold.to, hold };
    const due = dueSlots(entry, now, half);
    entry.cursor = due.cursor;
    entry.absence = undefined;
    for (const { row, passed } of due.passed) {
      const fate = row.status === 'skipped' ? 'skipped' : 'missed';
      // Without its own count: the folded row has one.
      const [reason = ''] = (row.error_message ?? '').split(/\. \d+ planned runs,/u, 1);
      listener.withheld(of, { ...passed, fate, reason: reason.replace(/\.$/u, '') });
    }
    for (const request of due.requests) {
      const { metadata, ...rest } = request;
      const moved = metadata?.moved_from;
      pool.submit(
        of,
        Array.isArray(moved) ? { ...rest, moved_from: moved.map((one) => Date.parse(one)) } : rest,
        now,
      );
    }
  };

  let taken = 0;
  let until = to;
  let steps = 0;
  for (;;) {
    const dueAt = timetable.first()?.due;
    const endAt = pool.next();
    const now = Math.min(dueAt ?? Number.POSITIVE_INFINITY, endAt ?? Number.POSITIVE_INFINITY);
    if (now > to) break;
    pool.advance(now);
    if (dueAt === now) {
      for (const entry of timetable.takeDue(now)) {
        const of = byEntry.get(entry.job.record.job_id);
        if (!of) continue;
        const slot = entry.trigger.next(entry.cursor);
        if (slot === now) takeOnTime(of, entry, slot);
        else takeHeld(of, entry, now);
        timetable.plan(entry);
        taken += 1;
        if (taken % 128 === 0) yield;
      }
    }
    pool.settle(now);
    watch.settle(now);
    steps += 1;
    if (steps % 128 === 0) yield;
    if (taken >= options.mostRuns) {
      until = now;
      break;
    }
  }
  watch.close(until);
  for (const run of pool.unstarted()) told(run);
  return {
    until,
    left: [...byEntry].flatMap(([job_id, played]) => {
      const entry = timetable.get(job_id);
      return entry ? [{ played, entry }] : [];
    }),
  };
}
