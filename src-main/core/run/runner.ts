import { formatExecutionId } from '../../../src-shared/model/ids';
import type { EventBus } from '../events/event-bus';
import type { RunArtifacts } from '../job-type';
import type { ArtifactStore } from '../ports/artifact-store';
import type { Clock } from '../ports/clock';
import type { JobLog } from '../ports/logger';
import type { OutputStore } from '../ports/output-store';
import type { ExecutionRecord } from '../ports/store';
import type { Timer } from '../ports/timer';
import { followersOf } from './chain';
import { type AttemptDeps, type AttemptResult, executeAttempt } from './execute-attempt';
import type { ExecutionWriter } from './execution-writer';
import { createLimits } from './limits';
import { endingOf, type StopCause } from './outcome';
import { markFacts } from './output-facts';
import { isRetryable } from './retry';
import { createRunLog, type LiveRunLog } from './run-log';
import { accountOf, type RunRequest } from './run-request';

/** One attempt under way. */
export interface ActiveRun {
  readonly execution_id: number;
  readonly request: RunRequest;
  readonly started: number;
  /** Ends it for this cause, unless another came first. */
  stop(cause: StopCause): void;
  /** It is not this machine's any more: it ends, and nothing is written of it. */
  giveUp(): void;
  /** Resolves with the finished row, when everything about it has been written and told. */
  readonly finished: Promise<ExecutionRecord>;
}

export interface Runner {
  /** Starts the attempt whose row exists already. `row` is that row as it stands. */
  start(request: RunRequest, row: ExecutionRecord): ActiveRun;
}

export interface RunnerDeps extends AttemptDeps {
  readonly outputs: OutputStore;
  readonly artifacts: ArtifactStore;
  readonly writer: ExecutionWriter;
  readonly events: EventBus;
  readonly jobLog: JobLog;
  readonly clock: Clock;
  readonly timer: Timer;
}

/** Runs one attempt from its row to its row: signal, time limit, output, outcome, row, events. */
export function createRunner(deps: RunnerDeps): Runner {
  /** A disk that refuses the folder must not keep a job from running. */
  const openArtifacts = async (execution_id: number, log: LiveRunLog): Promise<RunArtifacts> => {
    let folder = '';
    try {
      folder = await deps.artifacts.open(execution_id);
    } catch (error) {
      log.info(`There is no folder for this run's files: ${error instanceof Error ? error.message : error}`);
    }
    return {
      folder,
      async keep(name, path) {
        const kept = await deps.artifacts.keep(execution_id, name, path).catch((error: unknown) => ({
          refused: error instanceof Error ? error.message : String(error),
        }));
        if ('refused' in kept) log.info(`Not kept as an artifact: ${kept.refused}`);
      },
    };
  };

  return {
    start(request, row) {
      const { execution_id } = row;
      const { job_id } = row;
      const shownId = formatExecutionId(execution_id);
      const abort = new AbortController();
      let cause: StopCause | undefined;
      let isGivenUp = false;
      const stop = (wanted: StopCause) => {
        if (cause) return;
        cause = wanted;
        abort.abort();
      };
      const started = deps.clock.now();
      const startedMonotonic = deps.clock.monotonic();
      const scheduled = request.scheduled_time ?? row.start_time;
      const limits = createLimits({
        timeout: request.job.effective.timeout,
        stalled_after: request.job.definition.stalled_after ?? 0,
        stop,
        clock: deps.clock,
        timer: deps.timer,
      });

      const attempt = async (): Promise<ExecutionRecord> => {
        // The definition may be a newer one than the row was made for.
        const { run_as: madeFor, ...made } = row.metadata;
        const metadata: ExecutionRecord['metadata'] = { ...made, ...accountOf(request.job) };
        const running: ExecutionRecord = { ...row, status: 'running', start_time: started, metadata };
        if (row.status !== 'running')
          await deps.writer.update(execution_id, {
            status: 'running',
            start_time: started,
            ...(madeFor === metadata.run_as ? {} : { metadata }),
          });
        deps.writer.tell('execution.started', running);
        deps.jobLog.write(
          job_id,
          'info',
          `${shownId} started (${request.trigger}, attempt ${request.retry_count + 1})`,
        );
        const log = createRunLog({
          execution_id,
          sink: deps.outputs.open(execution_id, job_id),
          redactor: deps.redactor,
          events: deps.events,
          timer: deps.timer,
          onOutput: limits.noteOutput,
        });
        const artifacts = await openArtifacts(execution_id, log);
        const { params, ...outcome }: AttemptResult = abort.signal.aborted
          ? { status: 'failed', error_message: 'ended before it began' }
          : await executeAttempt(
              deps,
              request.job,
              request.params ?? {},
              { started, begin: limits.begin },
              {
                job: request.job.definition,
                execution_id,
                attempt: request.retry_count + 1,
                scheduled_time: scheduled,
                signal: abort.signal,
                log,
                artifacts,
                environment: {
                  JOB_ID: job_id,
                  EXECUTION_ID: shownId,
                  SCHEDULED_TIME: new Date(scheduled).toISOString(),
                  ATTEMPT: String(request.retry_count + 1),
                  ...(artifacts.folder === '' ? {} : { ARTIFACTS_DIR: artifacts.folder }),
                },
              },
            );
        limits.end();
        const ending = deps.redactor.value(endingOf(outcome, cause));
        const output = await log.finish();
        const files = await deps.artifacts.close(execution_id).catch(() => []);
        const { error_class } = ending;
        const mayRetry =
          error_class !== undefined &&
          request.retry_count < row.max_retries &&
          isRetryable({ ...ending, error_class }, request.job.definition.retry_on);
        const end = deps.clock.now();
        const status = mayRetry ? 'retry' : ending.status;
        const followed_by = request.isTest ? [] : followersOf(request.job, { status });
        const finished: ExecutionRecord = {
          ...running,
          status,
          end_time: end,
          // By the monotonic clock: a run's length must not depend on someone setting the wall clock.
          duration_seconds: Math.round(deps.clock.monotonic() - startedMonotonic) / 1000,
          output: output.excerpt,
          error_message: ending.error_message,
          return_code: ending.return_code,
          owner: null,
          metadata: {
            ...metadata,
            ...ending.metadata,
            ...(error_class === undefined ? {} : { error_class }),
            ...(params ? { params: deps.redactor.value(params) } : {}),
            ...(followed_by.length > 0 ? { followed_by } : {}),
            ...(files.length > 0 ? { artifacts: files.length } : {}),
            ...(output.total_bytes > 0 ? { output_bytes: output.total_bytes } : {}),
            ...markFacts(output.marks, started),
            ...(output.stored_bytes < output.total_bytes ? { output_stored_bytes: output.stored_bytes } : {}),
            ...(output.problem === undefined ? {} : { output_problem: output.problem }),
          },
        };
        if (isGivenUp) {
          deps.jobLog.write(
            job_id,
            'warning',
            `${shownId} was given up to the other machines; its end is not recorded`,
          );
          return { ...finished, status: 'interrupted' };
        }
        await deps.writer.finish(finished);
        deps.writer.tell('execution.finished', finished);
        const level = finished.status === 'success' ? 'info' : 'warning';
        const why = finished.error_message ? `: ${finished.error_message}` : '';
        deps.jobLog.write(
          job_id,
          level,
          `${shownId} ${finished.status} after ${finished.duration_seconds} s${why}`,
        );
        return finished;
      };

      const giveUp = () => {
        isGivenUp = true;
        stop({ kind: 'given_up' });
      };
      return { execution_id, request, started, stop, giveUp, finished: attempt() };
    },
  };
}
