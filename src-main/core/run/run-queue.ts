import { AppError } from '../../../src-shared/errors';
import { formatExecutionId } from '../../../src-shared/model/ids';
import { claimRows, isShared } from '../cluster/claims';
import { openOwner } from '../ports/cluster';
import type { ExecutionRecord, NewExecution } from '../ports/store';
import { type Admission, decideAdmission } from './admission';
import { createChainFollower } from './chain-follower';
import { createLiveRuns, type LiveRun } from './live-runs';
import type { StopCause } from './outcome';
import { retryDelay } from './retry';
import { createRunDefinitions } from './run-definitions';
import type { RunQueue, RunQueueDeps, Submitted } from './run-queue-parts';
import { newExecution, type RunRequest, recordOf, retryOf, shadowMark, slotKey } from './run-request';

export type { QueueStatus, RunQueue, RunQueueDeps, Submitted } from './run-queue-parts';

/** A wanted attempt with what was decided of it. */
interface PlannedRun {
  readonly request: RunRequest;
  readonly admission: Admission;
  readonly row: NewExecution;
}

/** So long after the database was found away it is asked again about runs that wait. */
const askAgainMs = 1000;

export function createRunQueue(deps: RunQueueDeps): RunQueue {
  const { settings, cluster } = deps;
  const live = createLiveRuns();
  const waiting: LiveRun[] = [];
  let running = 0;
  let isClosing = false;
  /** Runs of each job on other machines, as last asked. */
  let elsewhere: ReadonlyMap<string, number> = new Map();

  const definitions = createRunDefinitions(deps);

  /** A person who starts it wants it to run, and so do its retries. */
  const isShadow = ({ job, requested_by, trigger }: RunRequest): boolean =>
    job.definition.shadow === true && requested_by === null && trigger !== 'retry';

  const places = (): number =>
    isClosing ? 0 : Math.max(0, settings.threadPoolSize - running - live.reservedPlaces - waiting.length);

  const decide = (request: RunRequest): Admission => {
    const poolFree = places();
    if (request.isTest) return { kind: poolFree > 0 ? 'start' : 'wait' };
    const { record, effective } = request.job;
    const here = live.occupationOf(record.job_id);
    const instances = here.instances + (elsewhere.get(record.job_id) ?? 0);
    return decideAdmission(
      { ...effective, waits: request.waits ?? false, isShadow: isShadow(request) },
      { ...here, poolFree, instances },
    );
  };

  /** Its job names machines, and this is none of them: one of those takes the row. */
  const isForOthers = (request: RunRequest): boolean =>
    !request.isTest &&
    !isShadow(request) &&
    cluster?.placementOf(request.job.definition.runs_on) === 'elsewhere';

  /** A slot that other machines may run as well: its row is a claim. */
  const isClaim = (request: RunRequest): boolean =>
    !request.isTest && slotKey(request) !== null && isShared(cluster, request.job);

  /**
   * What is decided of an attempt here, in a cluster: where no place is free, the row of a slot is nobody's yet, and
   * the machine that has a place first takes it.
   */
  const admit = (request: RunRequest): Admission => {
    if (isForOthers(request)) return { kind: 'hand_over' };
    const decided = decide(request);
    const mayBeAnyones = !request.delay_ms && !request.waits && isClaim(request);
    return decided.kind === 'wait' && mayBeAnyones ? { kind: 'hand_over' } : decided;
  };

  /** Asks what runs on other machines, for jobs they may run too. Throws `unavailable`. */
  const lookElsewhere = async (requests: readonly RunRequest[]) => {
    const shared = requests.filter(({ job, isTest }) => !isTest && isShared(cluster, job));
    if (cluster && shared.length > 0)
      elsewhere = await cluster.runningElsewhere(shared.map(({ job }) => job.record.job_id));
  };

  /** Whether others may have taken it since its row was written: then the server has the last word. */
  const isOpen = (one: LiveRun): boolean =>
    isShared(cluster, one.request.job) &&
    one.row.trigger !== 'manual' &&
    (one.row.status === 'pending' || !cluster.isHeld);

  /** Ends a run that never began. */
  const abandon = async (
    one: LiveRun,
    status: 'cancelled' | 'interrupted' | 'missed',
    error_message: string,
  ) => {
    one.cancelDelay?.();
    const index = waiting.indexOf(one);
    if (index >= 0) waiting.splice(index, 1);
    live.drop(one);
    const now = deps.clock.now();
    const finished: ExecutionRecord = {
      ...one.row,
      status,
      error_message,
      end_time: now,
      duration_seconds: 0,
      owner: null,
    };
    await deps.writer.finish(finished);
    deps.writer.tell('execution.finished', finished);
    promoteHeld(one.row.job_id);
  };

  const begin = (one: LiveRun) => {
    // A trial runs its own text, whether or not there is a saved job of that name.
    const current = one.request.isTest ? one.request.job : deps.registry.get(one.row.job_id);
    const isGone = !current || (one.row.retry_count > 0 && !current.record.enabled);
    if (isGone) {
      const why = current
        ? 'The job was disabled before its retry began'
        : 'The job was deleted before this began';
      void abandon(one, 'cancelled', why);
      return;
    }
    const { not_after } = one.request;
    if (not_after !== undefined && one.row.retry_count === 0 && deps.clock.now() > not_after) {
      const limit = new Date(not_after).toISOString().slice(0, 16).replace('T', ' ');
      void abandon(one, 'missed', `It waited until it was too late to start: not_after is ${limit} UTC`);
      return;
    }
    if (isOpen(one)) void askAndStart(one, current);
    else startNow(one, current);
  };

  /** Its place in the pool is kept while the server is asked whether it is still ours. */
  const askAndStart = async (one: LiveRun, current: RunRequest['job']) => {
    running += 1;
    one.state = 'running';
    const isOurs = await cluster?.begin(one.row).catch(() => undefined);
    running -= 1;
    if (live.get(one.row.execution_id) !== one) return fillPool();
    if (isOurs) return startNow(one, current);
    one.state = 'waiting';
    if (isOurs === false) forget(one);
    // The server is away: what others might take over waits until it is back.
    else
      deps.timer.after(askAgainMs, () => {
        if (live.get(one.row.execution_id) !== one) return;
        waiting.push(one);
        fillPool();
      });
    fillPool();
  };

  /** Another machine's: it leaves no trace here. */
  const forget = (one: LiveRun) => {
    one.cancelDelay?.();
    const index = waiting.indexOf(one);
    if (index >= 0) waiting.splice(index, 1);
    live.drop(one);
    promoteHeld(one.row.job_id);
  };

  const startNow = (one: LiveRun, current: RunRequest['job']) => {
    // A retry runs the definition as it is now: the admin may just have mended it.
    const request = one.row.retry_count > 0 ? { ...one.request, job: current } : one.request;
    running += 1;
    one.state = 'running';
    one.run = deps.runner.start(request, one.row);
    deps.statistics.started(deps.clock.now() - (request.scheduled_time ?? one.row.start_time), running);
    one.run.finished.then(
      (finished) => ended(one, finished),
      (error) => {
        deps.logger.error('a run broke off inside the program', { error: String(error?.stack ?? error) });
        ended(one, { ...one.row, status: 'failed' });
      },
    );
  };

  const fillPool = () => {
    while (!isClosing && running + live.reservedPlaces < settings.threadPoolSize) {
      const next = waiting.shift();
      if (!next) return;
      begin(next);
    }
  };

  const promoteHeld = (job_id: string) => {
    const held = live.ofJob(job_id).find((one) => one.state === 'held');
    if (!held || isClosing) return;
    const instances = live.instancesOf(job_id) + (elsewhere.get(job_id) ?? 0);
    if (instances >= held.request.job.effective.max_instances) return;
    held.state = 'waiting';
    held.counted = true;
    waiting.push(held);
    fillPool();
  };

  const ended = (one: LiveRun, finished: ExecutionRecord) => {
    running -= 1;
    deps.statistics.finished(finished);
    if (finished.status === 'retry' && !isClosing) {
      void followUp(one, finished);
    } else {
      live.drop(one);
      promoteHeld(one.row.job_id);
      if (!isClosing) void chains.follow(one.request, finished);
    }
    fillPool();
    if (places() > 0) cluster?.noteFree();
  };

  const delayStart = (one: LiveRun, milliseconds: number) => {
    one.state = 'delayed';
    one.cancelDelay = deps.timer.after(milliseconds, () => {
      one.state = 'waiting';
      waiting.push(one);
      fillPool();
    });
  };

  /** The next attempt gets its row at once, so that everyone sees it coming; it begins after the delay. */
  const followUp = async (one: LiveRun, failed: ExecutionRecord) => {
    // By the definition as it is now: the retry runs that one too.
    const job = deps.registry.get(one.row.job_id) ?? one.request.job;
    const delay = retryDelay(
      job.effective.retry_delay,
      job.definition.retry_backoff,
      failed.retry_count + 1,
      deps.random.fraction(),
    );
    const request = retryOf(one.request, failed);
    const now = deps.clock.now();
    const row = {
      ...newExecution(request, 'pending', now, settings.instance, {
        metadata: { retry_at: new Date(now + delay * 1000).toISOString() },
        definition_digest: definitions.digestOf(job),
      }),
      max_retries: failed.max_retries,
    };
    try {
      await definitions.keep(deps.store, [job]);
      const execution_id = await deps.store.executions.insert(row);
      if (execution_id === undefined) throw new Error('the row of the next attempt was refused');
      live.drop(one);
      const next: LiveRun = { row: recordOf(execution_id, row), request, counted: true, state: 'delayed' };
      live.add(next);
      deps.writer.tell('execution.created', next.row);
      if (isClosing) return void abandon(next, 'interrupted', stoppedBefore);
      delayStart(next, delay * 1000);
    } catch (error) {
      deps.logger.error('the next attempt could not be written; it is tried again in 2 s', {
        error: String(error),
      });
      if (!isClosing) deps.timer.after(2000, () => void followUp(one, failed));
    }
  };

  const submit: RunQueue['submit'] = async (requests, also) => {
    if (cluster) await lookElsewhere(requests.filter((request) => slotKey(request) !== null));
    const now = deps.clock.now();
    const plans = requests.map((request): PlannedRun => {
      const decided = admit(request);
      if (decided.kind === 'hand_over') {
        const row = newExecution(request, 'pending', now, openOwner, {
          definition_digest: definitions.digestOf(request.job),
        });
        return { request, admission: decided, row };
      }
      const delay = request.delay_ms ?? 0;
      // A delayed start takes its place in the pool when its time has come, not before.
      const admission: Admission = decided.kind === 'start' && delay > 0 ? { kind: 'wait' } : decided;
      live.reserve(admission, request);
      // A claim is not the beginning: a machine that dies in between leaves a row that another one may run.
      const begins = admission.kind === 'start' && !isClaim(request);
      const status = begins ? 'running' : admission.kind === 'skip' ? 'skipped' : 'pending';
      const row = newExecution(request, status, now, settings.instance, {
        ...(admission.kind === 'skip' ? {} : { definition_digest: definitions.digestOf(request.job) }),
        ...(admission.kind === 'skip' ? { error_message: admission.reason } : {}),
        ...(admission.kind === 'skip' && admission.cause === 'shadow' ? { metadata: shadowMark } : {}),
        ...(delay > 0 && admission.kind !== 'skip'
          ? { metadata: { start_at: new Date(now + delay).toISOString() } }
          : {}),
      });
      return { request, admission, row };
    });
    const release = () => {
      for (const plan of plans) live.release(plan.admission, plan.request);
    };
    let ids: (number | undefined)[];
    let claimed: (PlannedRun | undefined)[];
    try {
      claimed = await claimRows(
        cluster,
        plans.map((plan) => ({ ...plan, job: plan.request.job })),
      );
      ids = await deps.store.transaction(async (store) => {
        const inserted: (number | undefined)[] = [];
        for (const plan of claimed) inserted.push(plan ? await store.executions.insert(plan.row) : undefined);
        await definitions.keep(
          store,
          claimed.flatMap((plan) => (plan && plan.admission.kind !== 'skip' ? [plan.request.job] : [])),
        );
        await also?.(store);
        return inserted;
      });
    } catch (error) {
      release();
      throw error;
    }
    release();
    const results = plans.map((plan, index) => accept(plan, ids[index]));
    fillPool();
    return results;
  };

  const accept = (plan: PlannedRun, execution_id: number | undefined): Submitted => {
    if (execution_id === undefined) return { kind: 'claimed' };
    const row = recordOf(execution_id, plan.row);
    const { admission, request } = plan;
    deps.writer.tell('execution.created', row);
    if (admission.kind === 'hand_over') return { kind: 'accepted', execution_id, status: 'pending' };
    if (admission.kind === 'skip') {
      if (admission.cause === 'overlap') deps.statistics.skipped();
      return { kind: 'skipped', execution_id, reason: admission.reason };
    }
    const one: LiveRun = {
      row,
      request,
      counted: admission.kind !== 'hold' && !request.isTest,
      state: 'waiting',
    };
    live.add(one);
    if (isClosing) {
      void abandon(one, 'interrupted', stoppedBefore);
    } else if (admission.kind === 'start') {
      begin(one);
    } else if (admission.kind === 'wait') {
      if (request.delay_ms) delayStart(one, request.delay_ms);
      else waiting.push(one);
    } else {
      one.state = 'held';
      if (admission.replaces) {
        const oldest = live.ofJob(row.job_id).find((other) => other.counted && other.state === 'running');
        oldest?.run?.stop({ kind: 'replaced', by: formatExecutionId(execution_id) });
      }
      // What it waits for may have ended while the row was written.
      promoteHeld(row.job_id);
    }
    return { kind: 'accepted', execution_id, status: one.state === 'running' ? 'running' : 'pending' };
  };

  const chains = createChainFollower({ ...deps, instance: settings.instance, submit });

  return {
    submit,
    resumeChains: chains.resume,
    async runNow(request) {
      if (isClosing) throw new AppError('unavailable', 'The scheduler is shutting down');
      // Somebody wants it now: a database that is away is no reason to refuse.
      if (cluster) await lookElsewhere([request]).catch(() => undefined);
      const admission: Admission = isForOthers(request) ? { kind: 'hand_over' } : decide(request);
      const name = `Job "${request.job.record.job_id}"`;
      if (admission.kind === 'skip' || admission.kind === 'hold') {
        const { max_instances } = request.job.effective;
        const busy =
          max_instances === 1 ? 'is running already' : `already has ${max_instances} runs (max_instances)`;
        throw new AppError('conflict', `${name} ${busy}; wait for it to end or cancel it`);
      }
      if (admission.kind === 'wait' && waiting.length >= settings.maxQueued) {
        throw new AppError('rate_limited', `${waiting.length} runs are waiting already; try again later`, {
          retryAfterSeconds: 5,
        });
      }
      const [result] = await submit([request]);
      if (result?.kind !== 'accepted')
        throw new AppError('conflict', `${name} was taken by another run just now`);
      return { execution_id: result.execution_id, status: result.status };
    },
    async cancel(execution_id, by) {
      const one = live.get(execution_id);
      if (!one) throw new AppError('conflict', `${formatExecutionId(execution_id)} is not running here`);
      if (one.run) {
        one.run.stop({ kind: 'cancelled', by });
        return 'ending';
      }
      await abandon(one, 'cancelled', `Cancelled by ${by} before it began`);
      fillPool();
      return 'cancelled';
    },
    isBusy: live.isBusy,
    row: (execution_id) => live.get(execution_id)?.row,
    status() {
      const all = live.all();
      return {
        running,
        pending: all.filter((one) => one.state !== 'running').length,
        waiting_retries: all.filter((one) => one.state === 'delayed' && one.row.retry_count > 0).length,
        executions: all.map((one) => ({
          row: one.row,
          state: one.state === 'running' ? 'running' : 'pending',
          started: one.run?.started ?? one.row.start_time,
        })),
      };
    },
    places,
    live: () => live.all().map((one) => one.row.execution_id),
    lose(execution_ids) {
      for (const id of execution_ids) {
        const one = live.get(id);
        if (one?.run) one.run.giveUp();
        else if (one) forget(one);
      }
    },
    resume(request, row) {
      if (isClosing || live.get(row.execution_id)) return;
      const one: LiveRun = { row, request, counted: true, state: 'waiting' };
      live.add(one);
      waiting.push(one);
      fillPool();
    },
    async lookAtHeld() {
      const held = live.all().filter((one) => one.state === 'held');
      if (held.length === 0) return;
      await lookElsewhere(held.map((one) => one.request)).catch(() => undefined);
      for (const one of held) promoteHeld(one.row.job_id);
    },
    async stop() {
      isClosing = true;
      const all = live.all();
      const cause: StopCause = { kind: 'shutdown' };
      for (const one of all) one.run?.stop(cause);
      await Promise.all(
        all.map((one) =>
          one.run
            ? one.run.finished.catch(() => undefined)
            : isOpen(one)
              ? // Another machine takes it over.
                forget(one)
              : abandon(one, 'interrupted', stoppedBefore),
        ),
      );
      await deps.writer.flush();
    },
  };
}

const stoppedBefore = 'The scheduler was stopped before this began';
