import type { ExecutionStatus } from '../../../src-shared/model/execution';
import type { RunOutcome } from '../job-type';

/** Why a run was ended from outside. The first cause wins. */
export type StopCause =
  | { readonly kind: 'timeout'; readonly seconds: number }
  | { readonly kind: 'cancelled'; readonly by: string }
  | { readonly kind: 'replaced'; readonly by: string }
  | { readonly kind: 'shutdown' };

export interface Ending {
  readonly status: ExecutionStatus;
  readonly error_message: string | null;
  readonly return_code: number | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * What an attempt came to. A run that was ended from outside has that as its outcome, whatever the job type
 * made of it; one that finished before the cause took hold keeps its own success.
 */
export function endingOf(outcome: RunOutcome, cause: StopCause | undefined): Ending {
  const return_code = outcome.return_code ?? null;
  const metadata = outcome.metadata ?? {};
  if (outcome.status === 'success') return { status: 'success', error_message: null, return_code, metadata };
  if (!cause) return { status: 'failed', error_message: outcome.error_message, return_code, metadata };
  switch (cause.kind) {
    case 'timeout':
      // The specification's own words (section 10, issue 2).
      return {
        status: 'timeout',
        error_message: `Job execution timed out after ${cause.seconds} seconds`,
        return_code,
        metadata,
      };
    case 'cancelled':
      return { status: 'cancelled', error_message: `Cancelled by ${cause.by}`, return_code, metadata };
    case 'replaced':
      return { status: 'cancelled', error_message: `Replaced by ${cause.by}`, return_code, metadata };
    case 'shutdown':
      return {
        status: 'interrupted',
        error_message: 'The scheduler was stopped while this ran; the job was ended',
        return_code,
        metadata,
      };
  }
}
