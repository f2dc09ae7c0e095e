import { chainList } from '../../../src-shared/model/run-rules';
import { createHeap } from '../heap';
import type { Job } from '../jobs/job';
import { decideAdmission, shadowAhead } from '../run/admission';
import type { RunRequest } from '../run/run-request';
import type { CollisionWatch } from './collisions';

/** A job while its runs are played: what a run takes, and which of them are under way. */
export interface PlayedJob {
  readonly job: Job;
  readonly durationMs: number;
  readonly connection: string | undefined;
  /** Oldest first. */
  readonly live: PlayedRun[];
}

export interface PlayedRequest extends Pick<RunRequest, 'scheduled_time' | 'delay_ms' | 'waits'> {
  readonly not_after?: number | undefined;
  readonly moved_from?: readonly number[] | undefined;
  /** Ids of the jobs that led to a chained run. */
  readonly path?: readonly string[];
}

export interface PlayedRun {
  readonly of: PlayedJob;
  readonly request: PlayedRequest;
  /** Counts against max_instances. */
  counted: boolean;
  state: 'held' | 'delayed' | 'waiting' | 'running' | 'ending' | 'over';
  start: number | undefined;
}

/** What became of a wanted run. */
export interface PoolListener {
  started(run: PlayedRun): void;
  withheld(of: PlayedJob, request: PlayedRequest, fate: 'skipped' | 'missed', reason: string): void;
}

/** The run queue on paper: same decisions, no rows, and every run ends as expected. */
export interface PoolPlay {
  submit(of: PlayedJob, request: PlayedRequest, now: number): void;
  /** When something ends, or a delay is over. */
  next(): number | undefined;
  /** Carries out what is due at or before an instant, up to one instant only. */
  advance(now: number): void;
  /** Ends what was replaced, once everything of an instant is submitted: a cancelled run takes a moment to end. */
  settle(now: number): void;
  /** Runs that have not begun. */
  unstarted(): Iterable<PlayedRun>;
}

interface Alarm {
  readonly at: number;
  readonly order: number;
  readonly run: PlayedRun;
}

/** `find` gives jobs that chains lead to. */
export function createPoolPlay(options: {
  readonly poolSize: number;
  readonly watch: CollisionWatch;
  readonly listener: PoolListener;
  readonly find: (job_id: string) => PlayedJob | undefined;
}): PoolPlay {
  const { poolSize, watch, listener } = options;
  const alarms = createHeap<Alarm>((a, b) => a.at < b.at || (a.at === b.at && a.order < b.order));
  /** Waits for a place; those before `head` have begun. */
  let waiting: PlayedRun[] = [];
  let head = 0;
  let running = 0;
  let order = 0;
  /** Replaced at this instant, and not over yet. */
  const ending: PlayedRun[] = [];
  const unstarted = new Set<PlayedRun>();

  const setAlarm = (run: PlayedRun, at: number) => {
    order += 1;
    alarms.push({ at, order, run });
  };

  const want = (run: PlayedRun) => {
    run.state = 'waiting';
    waiting.push(run);
    watch.change('pool', run.of.job.record.job_id, 1);
  };

  const drop = (run: PlayedRun) => {
    run.state = 'over';
    unstarted.delete(run);
    run.of.live.splice(run.of.live.indexOf(run), 1);
    watch.change('pool', run.of.job.record.job_id, -1);
  };

  const fillPool = (now: number) => {
    while (running < poolSize && head < waiting.length) {
      const run = waiting[head] as PlayedRun;
      head += 1;
      if (head === waiting.length) {
        waiting.length = 0;
        head = 0;
      } else if (head > 1000 && head * 2 > waiting.length) {
        waiting = waiting.slice(head);
        head = 0;
      }
      const { not_after } = run.request;
      if (not_after !== undefined && now > not_after) {
        drop(run);
        listener.withheld(
          run.of,
          run.request,
          'missed',
          `It waits until it is too late to start (not_after ${run.of.job.effective.not_after})`,
        );
        promote(run.of);
        continue;
      }
      running += 1;
      run.state = 'running';
      run.start = now;
      unstarted.delete(run);
      watch.change(run.of, run.of.job.record.job_id, 1);
      setAlarm(run, now + run.of.durationMs);
      listener.started(run);
    }
  };

  const promote = (of: PlayedJob) => {
    const held = of.live.find((run) => run.state === 'held');
    if (!held) return;
    const instances = of.live.reduce((sum, run) => sum + (run.counted ? 1 : 0), 0);
    if (instances >= of.job.effective.max_instances) return;
    held.counted = true;
    want(held);
  };

  const submit = (of: PlayedJob, request: PlayedRequest, now: number) => {
    let instances = 0;
    let held = 0;
    for (const run of of.live) {
      if (run.counted) instances += 1;
      if (run.state === 'held') held += 1;
    }
    const { max_instances, overlap } = of.job.effective;
    const admission = decideAdmission(
      {
        max_instances,
        overlap,
        waits: request.waits ?? false,
        isShadow: of.job.definition.shadow === true,
      },
      { poolFree: poolSize - running - (waiting.length - head), instances, held, oldest: undefined },
    );
    if (admission.kind === 'skip') {
      const reason = admission.cause === 'shadow' ? shadowAhead : admission.reason;
      listener.withheld(of, request, 'skipped', reason);
      return;
    }
    const run: PlayedRun = {
      of,
      request,
      counted: admission.kind !== 'hold',
      state: 'held',
      start: undefined,
    };
    of.live.push(run);
    unstarted.add(run);
    if (admission.kind === 'hold') {
      const oldest = admission.replaces && of.live.find((one) => one.counted && one.state === 'running');
      if (oldest) {
        oldest.state = 'ending';
        ending.push(oldest);
      } else promote(of);
    } else if (request.delay_ms) {
      run.state = 'delayed';
      setAlarm(run, now + request.delay_ms);
    } else want(run);
    fillPool(now);
  };

  const end = (run: PlayedRun, now: number, isSuccess: boolean) => {
    running -= 1;
    drop(run);
    watch.change(run.of, run.of.job.record.job_id, -1);
    promote(run.of);
    const { job_id } = run.of.job.record;
    const chains = isSuccess ? run.of.job.definition.on_success : undefined;
    if (chains !== undefined) {
      const path = [...(run.request.path ?? []), job_id];
      for (const { run: target } of chainList(chains)) {
        const next = path.includes(target) ? undefined : options.find(target);
        if (next) submit(next, { scheduled_time: null, path }, now);
      }
    }
    fillPool(now);
  };

  return {
    submit,
    next() {
      for (let alarm = alarms.peek(); alarm; alarm = alarms.peek()) {
        const { state } = alarm.run;
        if (state === 'running' || state === 'delayed') return alarm.at;
        // Replaced before its time.
        alarms.pop();
      }
      return undefined;
    },
    advance(now) {
      for (let alarm = alarms.peek(); alarm && alarm.at <= now; alarm = alarms.peek()) {
        alarms.pop();
        const { run } = alarm;
        if (run.state === 'running') end(run, now, true);
        else if (run.state === 'delayed') {
          want(run);
          fillPool(now);
        }
      }
    },
    settle(now) {
      for (let run = ending.shift(); run; run = ending.shift()) end(run, now, false);
    },
    unstarted: () => unstarted,
  };
}
