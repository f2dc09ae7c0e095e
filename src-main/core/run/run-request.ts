import type { ExecutionTrigger } from '../../../src-shared/model/execution';
import { formatExecutionId } from '../../../src-shared/model/ids';
import type { ParamValues } from '../../../src-shared/model/params';
import type { Job } from '../jobs/job';
import type { ExecutionRecord, NewExecution } from '../ports/store';

/** One attempt that is wanted. */
export interface RunRequest {
  readonly job: Job;
  readonly trigger: ExecutionTrigger;
  /** The planned instant, epoch ms; null for a run by hand. */
  readonly scheduled_time: number | null;
  readonly retry_count: number;
  /** The execution of the first attempt, for retries. */
  readonly first_execution_id: number | null;
  /** Who asked, for runs by hand. */
  readonly requested_by: string | null;
  /** Values of its params that were given; the others have their defaults. */
  readonly params?: ParamValues;
  /** What it follows, for a run that another run set off. */
  readonly chain?: {
    readonly execution_id: number;
    readonly status: string;
    /** Ids of the jobs that led here, first to last. */
    readonly path: readonly string[];
  };
  /** How long the start is put off (`jitter`), ms; the slot keeps its time. */
  readonly delay_ms?: number;
  /** Waits for earlier runs of its job, however many wait already: slots that are caught up one by one. */
  readonly waits?: boolean;
  /** The last instant at which it may start, epoch ms; later it is `missed`. */
  readonly not_after?: number;
  /** Sets the claim of a run that is no slot of its own (a catch-up). */
  readonly claim?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** A trial of a text that is not saved: no retries, no place among the job's runs, no trace in its state. */
  readonly isTest?: boolean;
}

/** Marks the row of a trial in its metadata; the job's last outcome and its statistics leave such rows out. */
export const testMark = { test_run: true } as const;

/** Marks the row of an instant at which a job in shadow would have run. */
export const shadowMark = { cause: 'shadow' } as const;

export function isTestRun({ metadata }: { readonly metadata: Readonly<Record<string, unknown>> }): boolean {
  return metadata.test_run === true;
}

/** A slot claims its instant: no second row for the same (job_id, slot) can be made, whoever tries. */
export function slotKey(request: Pick<RunRequest, 'trigger' | 'scheduled_time' | 'claim'>): string | null {
  if (request.claim !== undefined) return request.claim;
  if (request.scheduled_time === null || request.trigger !== 'schedule') return null;
  return new Date(request.scheduled_time).toISOString();
}

/** The account that runs of the job have, for their rows' metadata. */
export function accountOf({ definition }: Pick<Job, 'definition'>): { readonly run_as?: string } {
  return definition.run_as === undefined ? {} : { run_as: definition.run_as };
}

/** The row of a request before it has run. */
export function newExecution(
  request: RunRequest,
  status: 'pending' | 'running' | 'skipped',
  now: number,
  owner: string,
  extra: {
    readonly error_message?: string;
    readonly definition_digest?: string;
    readonly metadata?: Readonly<Record<string, unknown>>;
  } = {},
): NewExecution {
  const { job } = request;
  const isOver = status === 'skipped';
  return {
    job_id: job.record.job_id,
    job_name: job.record.name,
    status,
    trigger: request.trigger,
    scheduled_time: request.scheduled_time,
    start_time: now,
    end_time: isOver ? now : null,
    duration_seconds: isOver ? 0 : null,
    error_message: extra.error_message ?? null,
    retry_count: request.retry_count,
    max_retries: request.isTest ? 0 : job.effective.max_retries,
    slot_key: slotKey(request),
    owner: isOver ? null : owner,
    ...(extra.definition_digest === undefined ? {} : { definition_digest: extra.definition_digest }),
    metadata: {
      ...(request.first_execution_id === null
        ? {}
        : { first_execution_id: formatExecutionId(request.first_execution_id) }),
      ...(request.scheduled_time === null || request.retry_count === 0
        ? {}
        : { scheduled_time: new Date(request.scheduled_time).toISOString() }),
      ...(request.requested_by === null ? {} : { requested_by: request.requested_by }),
      // Whose processes they are has to be known after a crash too.
      ...(isOver ? {} : accountOf(job)),
      ...(request.chain
        ? {
            chain: {
              execution_id: formatExecutionId(request.chain.execution_id),
              job_id: request.chain.path.at(-1),
              status: request.chain.status,
              path: request.chain.path,
            },
          }
        : {}),
      ...(request.params && Object.keys(request.params).length > 0 ? { params: request.params } : {}),
      ...request.metadata,
      ...(request.isTest ? testMark : {}),
      ...extra.metadata,
    },
  };
}

/** A row that was just written, as the program holds it. */
export function recordOf(execution_id: number, row: NewExecution): ExecutionRecord {
  const { slot_key: _claimed, ...columns } = row;
  return {
    ...columns,
    execution_id,
    end_time: row.end_time ?? null,
    duration_seconds: row.duration_seconds ?? null,
    error_message: row.error_message ?? null,
    output: null,
    return_code: null,
  };
}

/** The attempt that follows a failed one. */
export function retryOf(request: RunRequest, failed: ExecutionRecord): RunRequest {
  return {
    ...request,
    trigger: 'retry',
    claim: undefined,
    retry_count: failed.retry_count + 1,
    first_execution_id: request.first_execution_id ?? failed.execution_id,
  };
}
