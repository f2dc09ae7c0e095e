import type { SchedulerState } from '../../../src-shared/model/scheduler';
import type { EventBus } from '../events/event-bus';
import { isSchedulable, type Job } from '../jobs/job';
import type { JobRegistry } from '../jobs/job-registry';
import type { Clock } from '../ports/clock';
import type { Logger } from '../ports/logger';
import type { Random } from '../ports/random';
import type { ScheduleStateRecord, Store } from '../ports/store';
import type { CancelTimer, Timer } from '../ports/timer';
import type { RunQueue } from '../run/run-queue';
import { type ClockGap, createClockWatch } from './clock-watch';
import { type Due, dueSlots } from './due-slots';
import type { Absence } from './miss-reason';
import { createPauseMark } from './pause-mark';
import { createTimetable, placeOf, schedulableJobs, type TimetableEntry } from './timetable';

/** The alarm is never further away than this: every wake re-reads the clocks (spec/time.md). */
const longestSleepMs = 30_000;
/** After a store that failed: due slots stay due, and are tried again. */
const storeRetryMs = 5_000;
/** This many jobs are written in one transaction; a burst of thousands must not hold the loop for seconds. */
const batchSize = 200;

export interface Scheduler {
  readonly state: SchedulerState;
  readonly since: number;
  readonly changedBy: string | null;
  /** Instant of the last wake, for the health check. */
  readonly lastWake: number;
  /** Begins: plans all jobs from their stored cursors. `downSince`: when the program was last known alive. */
  start(by: string, downSince?: number): Promise<void>;
  /** Stops planning. Running executions go on. */
  stop(by: string): Promise<void>;
  pause(by: string): Promise<void>;
  resume(by: string): Promise<void>;
  /** A job was created, changed, enabled or disabled. Keeps cursor and anchor while its schedule is the same. */
  reschedule(job: Job): Promise<void>;
  forget(job_id: string): Promise<void>;
  nextRun(job_id: string): number | undefined;
  /** The earliest planned run of all. */
  earliest(): { readonly job_id: string; readonly at: number } | undefined;
  readonly plannedJobs: number;
}

export interface SchedulerDeps {
  readonly store: Store;
  readonly registry: JobRegistry;
  readonly queue: RunQueue;
  readonly events: EventBus;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
  readonly random: Pick<Random, 'digest' | 'fraction'>;
}

/** The one alarm: at each wake it takes what is due, plans the next wake, and only then runs anything. */
export function createScheduler(deps: SchedulerDeps): Scheduler {
  const { store, clock, logger, events } = deps;
  const timetable = createTimetable();
  const places = new Map<string, ScheduleStateRecord>();
  const pauseMark = createPauseMark(store.facts);
  const watch = createClockWatch(clock);
  let state: SchedulerState = 'stopped';
  let since = clock.now();
  let changedBy: string | null = null;
  let lastWake = clock.now();
  let cancelAlarm: CancelTimer | undefined;
  let handling: Promise<void> | undefined;
  /** No due job is looked at before this instant; set after the store failed. */
  let notBefore = 0;

  const tellNext = ({ job, next }: TimetableEntry) =>
    events.publish('job.scheduled', {
      job_id: job.record.job_id,
      next_run_time: next === undefined ? null : new Date(next).toISOString(),
    });

  const arm = () => {
    cancelAlarm?.();
    cancelAlarm = undefined;
    if (state === 'stopped') return;
    const now = clock.now();
    const due =
      state === 'running' ? (timetable.first()?.next ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
    const at = Math.min(Math.max(due, notBefore), now + longestSleepMs);
    watch.plan(Math.max(0, at - now));
    cancelAlarm = deps.timer.at(at, wake);
  };

  const wake = () => {
    lastWake = clock.now();
    const gap = watch.wake();
    if (gap) noteGap(gap);
    if (state !== 'running') return arm();
    // One at a time: a slow store must not be asked the same thing twice.
    handling ??= handleDue()
      .catch((error) =>
        logger.error('a wake of the scheduler failed', { error: String(error?.stack ?? error) }),
      )
      .finally(() => {
        handling = undefined;
        arm();
      });
  };

  const noteGap = (gap: ClockGap) => {
    logger.warning(`clock: ${gap.kind} by ${Math.round(gap.milliseconds / 1000)} s`, {
      from: new Date(gap.from).toISOString(),
      to: new Date(gap.to).toISOString(),
    });
    events.publish('clock.gap', { kind: gap.kind, milliseconds: gap.milliseconds });
    if (gap.kind === 'backward') {
      rewind(gap.to);
      return;
    }
    for (const entry of timetable.entries())
      entry.absence ??= { kind: 'clock', from: gap.from, to: gap.to, gap };
  };

  /**
   * The clock was set back: planning goes on from the new time. Slots that ran already have their row, which
   * refuses a second one; without this, a job would stand still until the old time comes round again.
   */
  const rewind = (now: number) => {
    notBefore = 0;
    const moved: ScheduleStateRecord[] = [];
    for (const entry of timetable.entries()) {
      if (entry.cursor <= now) continue;
      entry.cursor = now;
      timetable.plan(entry);
      const known = places.get(entry.job.record.job_id);
      if (known) moved.push({ ...known, cursor: now });
    }
    void putAll(moved).catch((error) =>
      logger.warning('cursors could not be set back', { error: String(error) }),
    );
  };

  const putAll = async (records: readonly ScheduleStateRecord[]) => {
    if (records.length === 0) return;
    await store.transaction(async (inside) => {
      for (const record of records) await inside.scheduleState.put(record);
    });
    for (const record of records) places.set(record.job_id, record);
  };

  /** Everything that is due now. What can't be written stays due. */
  const handleDue = async () => {
    const now = clock.now();
    const due: Due[] = [];
    for (const entry of timetable.takeDue(now)) {
      try {
        due.push(dueSlots(entry, now, deps.random.fraction));
      } catch (error) {
        logger.error(`Job "${entry.job.record.job_id}" can't be planned and is left out`, {
          error: String(error),
        });
      }
    }
    for (let index = 0; index < due.length; index += batchSize)
      await settle(due.slice(index, index + batchSize));
  };

  const write = (batch: readonly Due[]) =>
    deps.queue.submit(
      batch.flatMap((due) => due.requests),
      async (inside) => {
        for (const { missed } of batch) if (missed) await inside.executions.insert(missed);
        await inside.scheduleState.advance(
          new Map(batch.map((due) => [due.entry.job.record.job_id, due.cursor])),
        );
      },
    );

  const settle = async (batch: readonly Due[]) => {
    const failed = new Set<Due>();
    try {
      await write(batch);
    } catch (error) {
      logger.warning('due runs could not be written together; one by one now', { error: String(error) });
      for (const due of batch) await write([due]).catch(() => failed.add(due));
    }
    for (const due of batch) {
      const { entry } = due;
      // Deleted or rescheduled while the rows were written: its new entry has a place of its own.
      if (timetable.get(entry.job.record.job_id) !== entry) continue;
      if (!failed.has(due)) {
        entry.cursor = due.cursor;
        entry.absence = undefined;
      }
      timetable.plan(entry);
      if (!failed.has(due)) tellNext(entry);
    }
    if (failed.size > 0) {
      logger.error(`${failed.size} jobs could not be started because the store failed; tried again in 5 s`);
      notBefore = clock.now() + storeRetryMs;
    }
  };

  const enter = (job: Job, record: ScheduleStateRecord, absence?: Absence): TimetableEntry | undefined => {
    try {
      return timetable.enter(job, record, absence);
    } catch (error) {
      logger.error(`Job "${job.record.job_id}" can't be scheduled`, { error: String(error) });
      return undefined;
    }
  };

  const change = (to: SchedulerState, by: string) => {
    state = to;
    since = clock.now();
    lastWake = since;
    changedBy = by;
    logger.info(`scheduler ${to} (${by})`);
    events.publish('scheduler.state', { state: to, changed_by: by });
    arm();
  };

  return {
    get state() {
      return state;
    },
    get since() {
      return since;
    },
    get changedBy() {
      return changedBy;
    },
    get lastWake() {
      return lastWake;
    },
    async start(by, downSince) {
      if (state !== 'stopped') return;
      const now = clock.now();
      const stoppedFrom = since;
      const stoppedBy = changedBy;
      timetable.clear();
      places.clear();
      for (const record of await store.scheduleState.list()) places.set(record.job_id, record);
      const fresh: ScheduleStateRecord[] = [];
      for (const job of schedulableJobs(deps.registry)) {
        const { record, isNew } = placeOf(job, places.get(job.record.job_id), now, deps.random.digest);
        // A cursor in the future was written before the clock was set back.
        const isAhead = record.cursor > now;
        const place = isAhead ? { ...record, cursor: now } : record;
        if (isNew || isAhead) fresh.push(place);
        const absence: Absence | undefined =
          stoppedBy !== null
            ? { kind: 'stopped', from: stoppedFrom, to: now, by: stoppedBy }
            : { kind: 'not_running', from: Math.max(place.cursor, downSince ?? place.cursor), to: now };
        enter(job, place, isNew ? undefined : absence);
      }
      await putAll(fresh);
      const paused = await pauseMark.read();
      change(paused ? 'paused' : 'running', paused?.by ?? by);
    },
    async stop(by) {
      if (state === 'stopped') return;
      change('stopped', by);
      await handling;
    },
    async pause(by) {
      if (state !== 'running') return;
      await pauseMark.set(by, clock.now());
      change('paused', by);
      await handling;
    },
    async resume(by) {
      if (state !== 'paused') return;
      const pause = await pauseMark.read();
      await pauseMark.clear();
      const absence: Absence = {
        kind: 'paused',
        from: pause?.since ?? since,
        to: clock.now(),
        by: pause?.by ?? 'somebody',
      };
      for (const entry of timetable.entries()) entry.absence = absence;
      change('running', by);
    },
    async reschedule(job) {
      const { job_id } = job.record;
      const previous = timetable.get(job_id);
      timetable.leave(job_id);
      if (state === 'stopped' || !isSchedulable(job)) {
        events.publish('job.scheduled', { job_id, next_run_time: null });
        return;
      }
      const now = clock.now();
      const { record, isNew } = placeOf(job, places.get(job_id), now, deps.random.digest);
      // An edit that leaves the schedule alone loses no slot; those of a disabled job were never promised.
      const place = { ...record, cursor: previous && !isNew ? previous.cursor : now };
      await putAll([place]);
      const entry = enter(job, place);
      if (entry) tellNext(entry);
      if (!handling) arm();
    },
    async forget(job_id) {
      timetable.leave(job_id);
      places.delete(job_id);
      await store.scheduleState.remove(job_id);
    },
    nextRun: (job_id) => (state === 'running' ? timetable.get(job_id)?.next : undefined),
    earliest() {
      const first = state === 'running' ? timetable.first() : undefined;
      return first?.next === undefined ? undefined : { job_id: first.job.record.job_id, at: first.next };
    },
    get plannedJobs() {
      return timetable.size;
    },
  };
}
