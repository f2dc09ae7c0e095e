import type { SchedulerState } from '../../../src-shared/model/scheduler';
import { isSchedulable } from '../jobs/job';
import type { ScheduleStateRecord } from '../ports/schedule-store';
import type { NewExecution } from '../ports/store';
import type { CancelTimer } from '../ports/timer';
import { createClockGaps } from './clock-gaps';
import { createClockWatch } from './clock-watch';
import { createDueHandler } from './due-handler';
import { createGapKeeper } from './gap-keeper';
import { createJobMoves } from './job-moves';
import type { Absence } from './miss-reason';
import { holderOf, movePlace } from './move-place';
import { createPauseMark } from './pause-mark';
import { createPlaceBook } from './place-book';
import type { Scheduler, SchedulerDeps } from './scheduler-parts';
import { createSharing } from './sharing';
import { createTimetable, type EnterJob, planOf, type TimetableEntry } from './timetable';

export type { JobPlan, Scheduler, SchedulerDeps } from './scheduler-parts';

/** The alarm is never further away than this: every wake re-reads the clocks (docs/schedules.md). */
const longestSleepMs = 30_000;

/** The one alarm: at each wake it takes what is due, plans the next wake, and only then runs anything. */
export function createScheduler(deps: SchedulerDeps): Scheduler {
  const { store, clock, logger, events, cluster, queue, registry } = deps;
  const { digest } = deps.random;
  const keepGap = createGapKeeper({ store, logger });
  const timetable = createTimetable(deps.around);
  const places = createPlaceBook({ store, cluster, registry });
  const pauseMark = createPauseMark(store.facts);
  const watch = createClockWatch(clock);
  const gaps = createClockGaps({ store, cluster, timetable, places, keepGap, events, logger });
  const sharing = createSharing({ cluster, timetable, clock, places: queue.places });
  let state: SchedulerState = 'stopped';
  let since = clock.now();
  let changedBy: string | null = null;
  let lastWake = clock.now();
  let cancelAlarm: CancelTimer | undefined;
  let handling: Promise<void> | undefined;

  const nextRunOf = (entry: TimetableEntry | undefined): number | undefined =>
    entry && state === 'running' ? timetable.runsAt(entry) : undefined;

  const tellNext = (entry: TimetableEntry) => {
    const next = nextRunOf(entry);
    events.publish('job.scheduled', {
      job_id: entry.job.record.job_id,
      next_run_time: next === undefined ? null : new Date(next).toISOString(),
    });
  };

  const enter: EnterJob = (job, place, absence) => {
    try {
      return timetable.enter(job, place, absence);
    } catch (error) {
      logger.error(`Job "${job.record.job_id}" can't be scheduled`, { error: String(error) });
      return undefined;
    }
  };

  const due = createDueHandler({
    timetable,
    places,
    sharing,
    queue,
    cluster,
    clock,
    random: deps.random,
    logger,
    enter,
    tellNext,
    onPassed: deps.onPassed,
  });

  const moves = createJobMoves({
    store,
    timetable,
    places,
    clock,
    events,
    digest,
    keepGap,
    standing: () => ({ state, since, changedBy }),
    enter,
    planned(entry) {
      if (entry) tellNext(entry);
      arm();
    },
  });

  /** Reads the clocks, and puts right what a jump of the wall clock has made wrong. */
  const look = (): number => {
    const { now, gap } = watch.look();
    if (gap?.kind === 'backward') due.notBefore = 0;
    if (gap) gaps.note(gap);
    return now;
  };

  const arm = () => {
    cancelAlarm?.();
    cancelAlarm = undefined;
    if (state === 'stopped') return watch.plan(Number.POSITIVE_INFINITY);
    // While due slots are written nothing else moves them; the next alarm follows on that.
    if (handling) return;
    // Again, as the clock may have been set while something was written.
    const now = look();
    const first =
      state === 'running' ? (timetable.first()?.due ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
    const at = Math.min(Math.max(first, due.notBefore), now + longestSleepMs);
    watch.plan(Math.max(0, at - now));
    cancelAlarm = deps.timer.at(at, wake);
  };

  const wake = () => {
    lastWake = clock.now();
    // One at a time: a slow store must not be asked the same thing twice, and a clock that was set meanwhile is
    // seen when what was due before is written.
    if (handling) return;
    const now = look();
    if (state !== 'running') return arm();
    handling = gaps.settled
      .then(() => due.handle(now))
      .catch((error) =>
        logger.error('a wake of the scheduler failed', { error: String(error?.stack ?? error) }),
      )
      .finally(() => {
        handling = undefined;
        arm();
      });
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
      const stopped: Absence | undefined =
        changedBy === null ? undefined : { kind: 'stopped', from: since, to: now, by: changedBy };
      timetable.clear();
      await places.load();
      const changed: ScheduleStateRecord[] = [];
      const rows: NewExecution[] = [];
      for (const job of registry.all()) {
        const known = places.get(job.record.job_id);
        const from = Math.min(now, Math.max(known?.cursor ?? now, downSince ?? known?.cursor ?? now));
        const down = stopped ?? { kind: 'not_running', from, to: now };
        const moved = movePlace({ job, known, now, by: 'its definition', absence: down, digest });
        if (!moved.place) continue;
        if (moved.isChanged) changed.push(moved.place);
        if (moved.row) rows.push(moved.row);
        if (moved.place.held_since === null) enter(job, moved.place, moved.absence);
        places.note(moved.place);
      }
      await places.put(changed, await places.claimed(rows));
      if (stopped)
        await keepGap({ kind: 'stopped', job_id: null, from: stopped.from, to: now, actor: changedBy });
      else if (downSince !== undefined && downSince < now)
        await keepGap({ kind: 'not_running', job_id: null, from: downSince, to: now, actor: null });
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
      const from = pause?.since ?? since;
      const absence: Absence = { kind: 'paused', from, to: clock.now(), by: pause?.by ?? 'somebody' };
      for (const entry of timetable.entries()) entry.absence = absence;
      await keepGap({ kind: 'paused', job_id: null, from, to: absence.to, actor: absence.by });
      change('running', by);
    },
    reschedule: (job, by = 'somebody') => moves.reschedule(job, by),
    adopt: moves.adopt,
    leave(job_id) {
      timetable.leave(job_id);
      places.drop(job_id);
    },
    standing() {
      if (cluster?.away) return;
      for (const entry of sharing.release(clock.now()))
        if (timetable.get(entry.job.record.job_id) === entry) timetable.plan(entry);
      arm();
    },
    async followPause() {
      const paused = await pauseMark.read();
      if (paused && state === 'running') change('paused', paused.by);
      else if (!paused && state === 'paused') {
        const absence: Absence = {
          kind: 'paused',
          from: since,
          to: clock.now(),
          by: changedBy ?? 'somebody',
        };
        for (const entry of timetable.entries()) entry.absence = absence;
        change('running', 'another machine');
      }
    },
    async forget(job_id) {
      timetable.leave(job_id);
      places.drop(job_id);
      await store.scheduleState.remove(job_id);
    },
    look() {
      if (state !== 'stopped') wake();
    },
    async replan() {
      if (state === 'stopped') return;
      await handling;
      const now = clock.now();
      const before = [...timetable.entries()];
      for (const { job, cursor, absence, next, hold } of before) {
        const place = places.get(job.record.job_id);
        const current = registry.get(job.record.job_id) ?? job;
        if (!place) continue;
        timetable.leave(job.record.job_id);
        const entry = enter(current, { ...place, cursor }, absence);
        // A window was deleted while it was open: what it kept back until now is late because of it.
        if (entry && hold && !entry.hold && next !== undefined && next <= now)
          entry.absence ??= { kind: 'maintenance', from: hold.from, to: now, hold: { ...hold, to: now } };
      }
      arm();
    },
    nextRun: (job_id) => nextRunOf(timetable.get(job_id)),
    upcoming(job_id, through, leastGapMs) {
      const entry = timetable.get(job_id);
      const next = nextRunOf(entry);
      if (!entry || next === undefined) return [];
      return timetable.upcoming(entry, next, through, leastGapMs);
    },
    earliest() {
      let first: { job_id: string; at: number } | undefined;
      const entry = state === 'running' ? timetable.first() : undefined;
      const at = nextRunOf(entry);
      if (entry && at !== undefined) first = { job_id: entry.job.record.job_id, at };
      return first;
    },
    async planOf(job) {
      const { job_id } = job.record;
      const place = places.get(job_id) ?? (await store.scheduleState.get(job_id));
      const entry = timetable.get(job_id);
      const now = clock.now();
      const anchor = place?.anchor ?? now;
      const plan = entry ?? planOf(job, anchor, deps.around().matchers);
      if (!plan) return undefined;
      const isHeld = !isSchedulable(job);
      const by = holderOf(place) ?? job.disabledReason ?? 'its definition';
      return {
        ...plan,
        cursor: entry?.cursor ?? place?.cursor ?? now,
        anchor,
        held: isHeld ? { since: place?.held_since ?? null, by } : undefined,
      };
    },
    get plannedJobs() {
      return timetable.size;
    },
  };
}
