import type { ExecutionStatus } from '../../../src-shared/model/execution';
import type { ErrorClass } from '../../../src-shared/model/run-rules';
import type { RunOutcome } from '../job-type';

/** Why a run was ended from outside. The first cause wins. */
export type StopCause =
  | { readonly kind: 'timeout'; readonly seconds: number }
  | { readonly kind: 'stalled'; readonly seconds: number }
  | { readonly kind: 'cancelled'; readonly by: string }
  | { readonly kind: 'replaced'; readonly by: string }
  | { readonly kind: 'shutdown' }
  /** Another machine of the cluster has taken this one for dead. */
  | { readonly kind: 'given_up' };

/** It found before it began that it need not run. */
export interface SkippedRun {
  readonly status: 'skipped';
  readonly reason: string;
}

export interface Ending {
  readonly status: ExecutionStatus;
  readonly error_message: string | null;
  /** Of an attempt that went wrong; undefined for one that did not. */
  readonly error_class: ErrorClass | undefined;
  readonly return_code: number | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * What an attempt came to. A run that was ended from outside has that as its outcome, whatever the job type
 * made of it; one that finished before the cause took hold keeps its own success.
 */
export function endingOf(outcome: RunOutcome | SkippedRun, cause: StopCause | undefined): Ending {
  if (outcome.status === 'skipped') {
    return {
      status: 'skipped',
      error_message: outcome.reason,
      error_class: undefined,
      return_code: null,
      metadata: {},
    };
  }
  const rest = { return_code: outcome.return_code ?? null, metadata: outcome.metadata ?? {} };
  if (outcome.status === 'success')
    return { status: 'success', error_message: null, error_class: undefined, ...rest };
  const failed = (status: ExecutionStatus, error_message: string, error_class: ErrorClass): Ending => ({
    status,
    error_message,
    error_class,
    ...rest,
  });
  if (!cause) return failed('failed', outcome.error_message, outcome.error_class ?? 'other');
  switch (cause.kind) {
    case 'timeout':
      // The specification's own words (section 10, issue 2).
      return failed('timeout', `Job execution timed out after ${cause.seconds} seconds`, 'timeout');
    case 'stalled':
      return failed('timeout', `No output for ${cause.seconds} seconds (stalled_after): ended`, 'stalled');
    case 'cancelled':
      return failed('cancelled', `Cancelled by ${cause.by}`, 'other');
    case 'replaced':
      return failed('cancelled', `Replaced by ${cause.by}`, 'other');
    case 'given_up':
      return failed(
        'interrupted',
        'This machine was not heard of and was given up by the others; the job was ended',
        'other',
      );
    case 'shutdown':
      return failed('interrupted', 'The scheduler was stopped while this ran; the job was ended', 'other');
  }
}
