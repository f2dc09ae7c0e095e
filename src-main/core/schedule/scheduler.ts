import type { SchedulerState } from '../../../src-shared/model/scheduler';
import { claimRows } from '../cluster/claims';
import { isSchedulable, type Job } from '../jobs/job';
import type { ScheduleStateRecord } from '../ports/schedule-store';
import type { NewExecution } from '../ports/store';
import type { CancelTimer } from '../ports/timer';
import { type ClockGap, createClockWatch } from './clock-watch';
import { type Due, dueSlots } from './due-slots';
import { settleDue } from './due-writer';
import { createGapKeeper } from './gap-keeper';
import type { Absence } from './miss-reason';
import { holderOf, movePlace } from './move-place';
import { createPauseMark } from './pause-mark';
import { releaseAhead } from './release-ahead';
import type { Scheduler, SchedulerDeps } from './scheduler-parts';
import { createSharing } from './sharing';
import { createTimetable, planOf, type TimetableEntry } from './timetable';

export type { JobPlan, Scheduler, SchedulerDeps } from './scheduler-parts';

/** The alarm is never further away than this: every wake re-reads the clocks (docs/schedules.md). */
const longestSleepMs = 30_000;
/** After a store that failed: due slots stay due, and are tried again. */
const storeRetryMs = 5_000;
const clusterRetryMs = 500;

/** The one alarm: at each wake it takes what is due, plans the next wake, and only then runs anything. */
export function createScheduler(deps: SchedulerDeps): Scheduler {
  const { store, clock, logger, events, cluster } = deps;
  const { digest } = deps.random;
  const keepGap = createGapKeeper({ store, logger });
  const timetable = createTimetable(deps.around);
  const places = new Map<string, ScheduleStateRecord>();
  const pauseMark = createPauseMark(store.facts);
  const watch = createClockWatch(clock);
  const sharing = createSharing({ cluster, timetable, clock, places: deps.queue.places });
  let state: SchedulerState = 'stopped';
  let since = clock.now();
  let changedBy: string | null = null;
  let lastWake = clock.now();
  let cancelAlarm: CancelTimer | undefined;
  let handling: Promise<void> | undefined;
  /** No due job is looked at before this instant; set after the store failed. */
  let notBefore = 0;
  /** Rows being put right after the clock was set back; nothing is decided before. */
  let rewinding: Promise<void> = Promise.resolve();

  const nextRunOf = (entry: TimetableEntry | undefined): number | undefined =>
    entry && state === 'running' ? timetable.runsAt(entry) : undefined;

  const tellNext = (entry: TimetableEntry) => {
    const next = nextRunOf(entry);
    events.publish('job.scheduled', {
      job_id: entry.job.record.job_id,
      next_run_time: next === undefined ? null : new Date(next).toISOString(),
    });
  };

  const arm = () => {
    cancelAlarm?.();
    cancelAlarm = undefined;
    if (state === 'stopped') return;
    const now = clock.now();
    const due =
      state === 'running' ? (timetable.first()?.due ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
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
    const [from, to] = gap.kind === 'backward' ? [gap.to, gap.from] : [gap.from, gap.to];
    void keepGap({ kind: gap.kind, job_id: null, from, to, actor: null });
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
      entry.open = undefined;
      timetable.plan(entry);
      const known = places.get(entry.job.record.job_id);
      if (known) moved.push({ ...known, cursor: now });
    }
    rewinding = putAll(moved)
      // Rows of other machines are theirs: their clocks did not go back.
      .then(() =>
        cluster
          ? undefined
          : releaseAhead({ store, now, triggerOf: (job_id) => timetable.get(job_id)?.trigger }),
      )
      .catch((error) => logger.warning('cursors could not be set back', { error: String(error) }));
  };

  /** Of rows that every machine would write, those that fall to this one. */
  const claimed = async (rows: readonly NewExecution[]): Promise<NewExecution[]> => {
    if (!cluster) return [...rows];
    const wanted = rows.flatMap((row) => {
      const job = deps.registry.get(row.job_id);
      return job ? [{ job, row }] : [];
    });
    const found = await claimRows(cluster, wanted).catch(() => []);
    return found.flatMap((one) => (one ? [one.row] : []));
  };

  const putAll = async (records: readonly ScheduleStateRecord[], rows: readonly NewExecution[] = []) => {
    if (records.length === 0 && rows.length === 0) return;
    await store.transaction(async (inside) => {
      for (const row of rows) await inside.executions.insert(row);
      for (const record of records) await inside.scheduleState.put(record);
    });
    for (const record of records) places.set(record.job_id, record);
  };

  /** Everything that is due now. What can't be written stays due. */
  const handleDue = async () => {
    await rewinding;
    const now = clock.now();
    const due: Due[] = [];
    const taken = sharing.sort(timetable.takeDue(now), now);
    if (taken.unsure.length > 0) await agree(taken.unsure);
    for (const entry of taken.now) {
      // Held by a maintenance window until now: that is why its slots are late.
      const slot = entry.trigger.next(entry.cursor);
      const hold = slot === undefined ? undefined : timetable.holdAt(entry.job, slot);
      if (hold) entry.absence ??= { kind: 'maintenance', from: hold.from, to: hold.to, hold };
      try {
        due.push(dueSlots(entry, now, deps.random.fraction));
      } catch (error) {
        logger.error(`Job "${entry.job.record.job_id}" can't be planned and is left out`, {
          error: String(error),
        });
      }
    }
    const failed = await settleDue(due, {
      queue: deps.queue,
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
        if (isWritten && one.passed.length > 0) deps.onPassed?.(one.passed.map(({ row }) => row));
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
  };

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
      places.set(job_id, moved);
      const next = enter(entry.job, moved, entry.absence);
      if (next) sharing.noteAgreed(next);
    }
    if (!agreed) notBefore = clock.now() + clusterRetryMs;
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
      const stopped: Absence | undefined =
        changedBy === null ? undefined : { kind: 'stopped', from: since, to: now, by: changedBy };
      timetable.clear();
      places.clear();
      for (const record of await store.scheduleState.list()) places.set(record.job_id, record);
      const changed: ScheduleStateRecord[] = [];
      const rows: NewExecution[] = [];
      for (const job of deps.registry.all()) {
        const known = places.get(job.record.job_id);
        const from = Math.min(now, Math.max(known?.cursor ?? now, downSince ?? known?.cursor ?? now));
        const down = stopped ?? { kind: 'not_running', from, to: now };
        const moved = movePlace({ job, known, now, by: 'its definition', absence: down, digest });
        if (!moved.place) continue;
        if (moved.isChanged) changed.push(moved.place);
        if (moved.row) rows.push(moved.row);
        if (moved.place.held_since === null) enter(job, moved.place, moved.absence);
        places.set(job.record.job_id, moved.place);
      }
      await putAll(changed, await claimed(rows));
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
    async reschedule(job, by = 'somebody') {
      const { job_id } = job.record;
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
      if (!moved.place) {
        events.publish('job.scheduled', { job_id, next_run_time: null });
        return;
      }
      await putAll([moved.place], await claimed(moved.row ? [moved.row] : []));
      const isEnabledAgain = known?.held_since != null && moved.place.held_since === null;
      if (isEnabledAgain && known?.held_since != null)
        await keepGap({
          kind: 'disabled',
          job_id,
          from: known.held_since,
          to: now,
          actor: known.held_by ?? null,
        });
      if (state === 'stopped' || moved.place.held_since !== null) {
        events.publish('job.scheduled', { job_id, next_run_time: null });
        return;
      }
      const entry = enter(job, moved.place, moved.absence);
      if (entry) tellNext(entry);
      if (!handling) arm();
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
      if (isChanged && isNew && !known) await putAll([adopted]);
      places.set(job_id, adopted);
      if (state === 'stopped' || adopted.held_since != null || !isSchedulable(job)) {
        events.publish('job.scheduled', { job_id, next_run_time: null });
        return;
      }
      const entry = enter(job, adopted, previous?.absence);
      if (entry) tellNext(entry);
      if (!handling) arm();
    },
    leave(job_id) {
      timetable.leave(job_id);
      places.delete(job_id);
    },
    standing() {
      if (cluster?.away) return;
      for (const entry of sharing.release(clock.now()))
        if (timetable.get(entry.job.record.job_id) === entry) timetable.plan(entry);
      if (!handling) arm();
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
      places.delete(job_id);
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
        const current = deps.registry.get(job.record.job_id) ?? job;
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
