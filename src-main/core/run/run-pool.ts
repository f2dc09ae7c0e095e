import { isShared } from '../cluster/claims';
import type { ExecutionRecord } from '../ports/store';
import type { LiveRun, LiveRuns } from './live-runs';
import { retryDelay } from './retry';
import type { RunDefinitions } from './run-definitions';
import type { RunQueueDeps } from './run-queue-parts';
import { newExecution, type RunRequest, recordOf, retryOf } from './run-request';

/** So long after the database was found away it is asked again about runs that wait. */
const askAgainMs = 1000;

export const stoppedBefore = 'The scheduler was stopped before this began';

/** The places runs take: who waits for one, who has one, and what follows when it is free again. */
export interface RunPool {
  /** Begins, or ends it with the reason why it must not begin any more. */
  begin(one: LiveRun): void;
  /** It waits for a free place; `fill` gives it one. */
  wait(one: LiveRun): void;
  /** It waits for a place from then on, ms from now. */
  delay(one: LiveRun, milliseconds: number): void;
  /** Gives free places to those that wait. */
  fill(): void;
  /** The run that a job holds back, if there is one, waits for a place when it may begin. */
  promoteHeld(job_id: string): void;
  /** Ends a run that never began. */
  abandon(one: LiveRun, status: 'cancelled' | 'interrupted' | 'missed', error_message: string): Promise<void>;
  /** Another machine's: it leaves no trace here. */
  forget(one: LiveRun): void;
  /** Others may have taken it since its row was written: the server has the last word. */
  isOpen(one: LiveRun): boolean;
  /** Nothing begins from now on. */
  close(): void;
  readonly isClosing: boolean;
  readonly running: number;
  readonly waiting: number;
  /** Places that are neither taken nor promised. */
  free(): number;
}

export function createRunPool(
  deps: RunQueueDeps,
  {
    live,
    definitions,
    instancesOf,
    onEnd,
  }: {
    readonly live: LiveRuns;
    readonly definitions: RunDefinitions;
    /** Runs of a job that count against max_instances, on all machines. */
    readonly instancesOf: (job_id: string) => number;
    /** A run has ended for good, its retries included. */
    readonly onEnd: (request: RunRequest, finished: ExecutionRecord) => void;
  },
): RunPool {
  const { settings, cluster } = deps;
  const waiting: LiveRun[] = [];
  let running = 0;
  let isClosing = false;

  const free = (): number =>
    isClosing ? 0 : Math.max(0, settings.threadPoolSize - running - live.reservedPlaces - waiting.length);

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
    if (live.get(one.row.execution_id) !== one) return fill();
    if (isOurs) return startNow(one, current);
    one.state = 'waiting';
    if (isOurs === false) forget(one);
    // The server is away: what others might take over waits until it is back.
    else
      deps.timer.after(askAgainMs, () => {
        if (live.get(one.row.execution_id) !== one) return;
        waiting.push(one);
        fill();
      });
    fill();
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

  const fill = () => {
    while (!isClosing && running + live.reservedPlaces < settings.threadPoolSize) {
      const next = waiting.shift();
      if (!next) return;
      begin(next);
    }
  };

  const promoteHeld = (job_id: string) => {
    const held = live.ofJob(job_id).find((one) => one.state === 'held');
    if (!held || isClosing) return;
    const instances = instancesOf(job_id);
    if (instances >= held.request.job.effective.max_instances) return;
    held.state = 'waiting';
    held.counted = true;
    waiting.push(held);
    fill();
  };

  const ended = (one: LiveRun, finished: ExecutionRecord) => {
    running -= 1;
    deps.statistics.finished(finished);
    if (finished.status === 'retry' && !isClosing) {
      void followUp(one, finished);
    } else {
      live.drop(one);
      promoteHeld(one.row.job_id);
      if (!isClosing) onEnd(one.request, finished);
    }
    fill();
    if (free() > 0) cluster?.noteFree();
  };

  const delay = (one: LiveRun, milliseconds: number) => {
    one.state = 'delayed';
    one.cancelDelay = deps.timer.after(milliseconds, () => {
      one.state = 'waiting';
      waiting.push(one);
      fill();
    });
  };

  /** The next attempt gets its row at once, so that everyone sees it coming; it begins after the delay. */
  const followUp = async (one: LiveRun, failed: ExecutionRecord) => {
    // By the definition as it is now: the retry runs that one too.
    const job = deps.registry.get(one.row.job_id) ?? one.request.job;
    const seconds = retryDelay(
      job.effective.retry_delay,
      job.definition.retry_backoff,
      failed.retry_count + 1,
      deps.random.fraction(),
    );
    const request = retryOf(one.request, failed);
    const now = deps.clock.now();
    const row = {
      ...newExecution(request, 'pending', now, settings.instance, {
        metadata: { retry_at: new Date(now + seconds * 1000).toISOString() },
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
      delay(next, seconds * 1000);
    } catch (error) {
      deps.logger.error('the next attempt could not be written; it is tried again in 2 s', {
        error: String(error),
      });
      if (!isClosing) deps.timer.after(2000, () => void followUp(one, failed));
    }
  };

  return {
    begin,
    wait: (one) => waiting.push(one),
    delay,
    fill,
    promoteHeld,
    abandon,
    forget,
    isOpen,
    close() {
      isClosing = true;
    },
    get isClosing() {
      return isClosing;
    },
    get running() {
      return running;
    },
    get waiting() {
      return waiting.length;
    },
    free,
  };
}
