import type { ChannelTarget } from '../../../src-shared/model/notification';

/**
 * A job's trouble, from its first failure to its first success:
 *
 *   none --failure--> counting --after_failures--> told --success--> none (recovery is told)
 *                         |                          |
 *                         +--success--> none         +--same failure: counted; another one: told; daily: reminded
 */
export interface Trouble {
  /** Runs that failed in a row. */
  readonly failures: number;
  /** Instant of the first of them, epoch ms. */
  readonly since: number;
  readonly last: number;
  readonly first_execution_id: number;
  readonly last_execution_id: number;
  /** Failures somebody has been told of, by their signature; empty: nobody has been told of anything. */
  readonly told: readonly string[];
  readonly lastTold: number | null;
  /** Failures since somebody was last told. */
  readonly untold: number;
  /** Who was told: they hear of the recovery. */
  readonly recipients: readonly ChannelTarget[];
  readonly error: string | null;
}

export interface FoldingRules {
  readonly afterFailures: number;
  /** 0: no reminders. */
  readonly remindEverySeconds: number;
}

/** A failure for good, as far as folding looks at it. */
export interface Failure {
  readonly execution_id: number;
  readonly at: number;
  readonly signature: string;
  readonly error: string | null;
}

/** A job whose message differs every time is told of this often, then only by reminders. */
const mostSignatures = 5;

/** Whether this failure is to be told, and what the job's trouble is after it. */
export function noteFailure(
  before: Trouble | undefined,
  failure: Failure,
  rules: FoldingRules,
): { readonly trouble: Trouble; readonly tell: boolean } {
  const failures = (before?.failures ?? 0) + 1;
  const told = before?.told ?? [];
  const isNew = !told.includes(failure.signature);
  const tell = failures >= rules.afterFailures && isNew && told.length < mostSignatures;
  return {
    tell,
    trouble: {
      failures,
      since: before?.since ?? failure.at,
      last: failure.at,
      first_execution_id: before?.first_execution_id ?? failure.execution_id,
      last_execution_id: failure.execution_id,
      told: tell ? [...told, failure.signature] : told,
      lastTold: tell ? failure.at : (before?.lastTold ?? null),
      untold: tell ? 0 : (before?.untold ?? 0) + 1,
      recipients: before?.recipients ?? [],
      error: failure.error,
    },
  };
}

/** When the next reminder of a trouble is due; undefined for none. */
export function reminderAt(trouble: Trouble, rules: FoldingRules): number | undefined {
  if (trouble.lastTold === null || rules.remindEverySeconds === 0) return undefined;
  return trouble.lastTold + rules.remindEverySeconds * 1000;
}

/** Adds people to those who were told; each once. */
export function withRecipients(trouble: Trouble, more: readonly ChannelTarget[]): Trouble {
  const all = new Map(
    [...trouble.recipients, ...more].map((one) => [`${one.channel} ${one.target}`, one] as const),
  );
  return { ...trouble, recipients: [...all.values()] };
}
