import type { ExecutionStatus } from '../../../src-shared/model/execution';
import type { ErrorClass, RetryBackoff, RetryOn } from '../../../src-shared/model/run-rules';

export interface FailedAttempt {
  readonly status: ExecutionStatus;
  readonly error_class: ErrorClass;
  readonly return_code: number | null;
}

/** What another attempt does not change by itself. */
const notByDefault: ReadonlySet<ErrorClass> = new Set(['configuration', 'timeout', 'stalled']);

/**
 * Whether an attempt that went wrong is worth another. Without `retry_on` every failure is, save the ones the
 * program ended itself (timeout, stalled, also of a step) and a run that can't begin as it is defined.
 */
export function isRetryable(attempt: FailedAttempt, retryOn: RetryOn | undefined): boolean {
  if (attempt.status !== 'failed' && attempt.status !== 'timeout') return false;
  if (retryOn === undefined) return attempt.status === 'failed' && !notByDefault.has(attempt.error_class);
  if (retryOn.includes(attempt.error_class)) return true;
  return (
    attempt.return_code !== null &&
    attempt.error_class === 'exit_code' &&
    retryOn.includes(attempt.return_code)
  );
}

const defaultMultiplier = 2;
const defaultMaxDelay = 3600;

/**
 * Seconds until the next attempt. `failed` counts the attempts that have failed, from 1; `chance` is a number in
 * [0, 1) that decides the jitter.
 */
export function retryDelay(
  retry_delay: number,
  backoff: RetryBackoff | undefined,
  failed: number,
  chance: number,
): number {
  const rule = typeof backoff === 'string' ? { type: backoff } : backoff;
  const isExponential = rule?.type === 'exponential';
  const multiplier = (isExponential ? rule.multiplier : undefined) ?? defaultMultiplier;
  const grown = isExponential ? retry_delay * multiplier ** (failed - 1) : retry_delay;
  const most =
    rule?.max_delay ?? (isExponential ? Math.max(defaultMaxDelay, retry_delay) : Number.POSITIVE_INFINITY);
  const delay = Math.min(grown, most);
  const jitter = rule?.jitter ?? 0;
  // Only ever shorter: max_delay stays what it says.
  return Math.round((delay - delay * jitter * chance) * 1000) / 1000;
}
