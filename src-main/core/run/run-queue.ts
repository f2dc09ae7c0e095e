import { AppError } from '../../../src-shared/errors';
import { formatExecutionId } from '../../../src-shared/model/ids';
import { claimRows } from '../cluster/claims';
import { openOwner } from '../ports/cluster';
import type { NewExecution } from '../ports/store';
import type { Admission } from './admission';
import { createAdmitter } from './admitter';
import { createChainFollower } from './chain-follower';
import { createLiveRuns, type LiveRun } from './live-runs';
import type { StopCause } from './outcome';
import { createRunDefinitions } from './run-definitions';
import { createRunPool, stoppedBefore } from './run-pool';
import type { RunQueue, RunQueueDeps, Submitted } from './run-queue-parts';
import { newExecution, type RunRequest, recordOf, shadowMark, slotKey } from './run-request';

export type { QueueStatus, RunQueue, RunQueueDeps, Submitted } from './run-queue-parts';

/** A wanted attempt with what was decided of it. */
interface PlannedRun {
  readonly request: RunRequest;
  readonly admission: Admission;
  readonly row: NewExecution;
}

export function createRunQueue(deps: RunQueueDeps): RunQueue {
  const { settings, cluster } = deps;
  const live = createLiveRuns();
  const definitions = createRunDefinitions(deps);
  const pool = createRunPool(deps, {
    live,
    definitions,
    instancesOf: (job_id) => admitter.instancesOf(job_id),
    onEnd: (request, finished) => void chains.follow(request, finished),
  });
  const admitter = createAdmitter({ live, cluster, places: pool.free });

  const submit: RunQueue['submit'] = async (requests, also) => {
    if (cluster) await admitter.lookElsewhere(requests.filter((request) => slotKey(request) !== null));
    const now = deps.clock.now();
    const plans = requests.map((request): PlannedRun => {
      const decided = admitter.admit(request);
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
      const begins = admission.kind === 'start' && !admitter.isClaim(request);
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
    pool.fill();
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
    if (pool.isClosing) {
      void pool.abandon(one, 'interrupted', stoppedBefore);
    } else if (admission.kind === 'start') {
      pool.begin(one);
    } else if (admission.kind === 'wait') {
      if (request.delay_ms) pool.delay(one, request.delay_ms);
      else pool.wait(one);
    } else {
      one.state = 'held';
      if (admission.replaces) {
        const oldest = live.ofJob(row.job_id).find((other) => other.counted && other.state === 'running');
        oldest?.run?.stop({ kind: 'replaced', by: formatExecutionId(execution_id) });
      }
      // What it waits for may have ended while the row was written.
      pool.promoteHeld(row.job_id);
    }
    return { kind: 'accepted', execution_id, status: one.state === 'running' ? 'running' : 'pending' };
  };

  const chains = createChainFollower({ ...deps, instance: settings.instance, submit });

  return {
    submit,
    resumeChains: chains.resume,
    async runNow(request) {
      if (pool.isClosing) throw new AppError('unavailable', 'The scheduler is shutting down');
      // Somebody wants it now: a database that is away is no reason to refuse.
      if (cluster) await admitter.lookElsewhere([request]).catch(() => undefined);
      const admission: Admission = admitter.isForOthers(request)
        ? { kind: 'hand_over' }
        : admitter.decide(request);
      const name = `Job "${request.job.record.job_id}"`;
      if (admission.kind === 'skip' || admission.kind === 'hold') {
        const { max_instances } = request.job.effective;
        const busy =
          max_instances === 1 ? 'is running already' : `already has ${max_instances} runs (max_instances)`;
        throw new AppError('conflict', `${name} ${busy}; wait for it to end or cancel it`);
      }
      if (admission.kind === 'wait' && pool.waiting >= settings.maxQueued) {
        throw new AppError('rate_limited', `${pool.waiting} runs are waiting already; try again later`, {
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
      await pool.abandon(one, 'cancelled', `Cancelled by ${by} before it began`);
      pool.fill();
      return 'cancelled';
    },
    isBusy: live.isBusy,
    row: (execution_id) => live.get(execution_id)?.row,
    status() {
      const all = live.all();
      return {
        running: pool.running,
        pending: all.filter((one) => one.state !== 'running').length,
        waiting_retries: all.filter((one) => one.state === 'delayed' && one.row.retry_count > 0).length,
        executions: all.map((one) => ({
          row: one.row,
          state: one.state === 'running' ? 'running' : 'pending',
          started: one.run?.started ?? one.row.start_time,
        })),
      };
    },
    places: pool.free,
    live: () => live.all().map((one) => one.row.execution_id),
    lose(execution_ids) {
      for (const id of execution_ids) {
        const one = live.get(id);
        if (one?.run) one.run.giveUp();
        else if (one) pool.forget(one);
      }
    },
    resume(request, row) {
      if (pool.isClosing || live.get(row.execution_id)) return;
      const one: LiveRun = { row, request, counted: true, state: 'waiting' };
      live.add(one);
      pool.wait(one);
      pool.fill();
    },
    async lookAtHeld() {
      const held = live.all().filter((one) => one.state === 'held');
      if (held.length === 0) return;
      await admitter.lookElsewhere(held.map((one) => one.request)).catch(() => undefined);
      for (const one of held) pool.promoteHeld(one.row.job_id);
    },
    async stop() {
      pool.close();
      const all = live.all();
      const cause: StopCause = { kind: 'shutdown' };
      for (const one of all) one.run?.stop(cause);
      await Promise.all(
        all.map((one) =>
          one.run
            ? one.run.finished.catch(() => undefined)
            : pool.isOpen(one)
              ? // Another machine takes it over.
                pool.forget(one)
              : pool.abandon(one, 'interrupted', stoppedBefore),
        ),
      );
      await deps.writer.flush();
    },
  };
}
