import type { Rule } from './rule';

/** At most this many late slots run one by one when `coalesce` is false (spec/time.md). */
const mostRuns = 100;

export interface MisfireDecision {
  /** Slots to run now, ascending. */
  readonly run: readonly number[];
  /** Slots that will not run, as one stretch. */
  readonly missed: { readonly first: number; readonly last: number; readonly count: number } | undefined;
  /** Everything up to here is accounted for. */
  readonly cursor: number;
}

interface MisfireQuestion {
  readonly trigger: Pick<Rule, 'next' | 'previous' | 'count'>;
  /** The last slot handled. */
  readonly cursor: number;
  readonly now: number;
  /** Null: never too late. */
  readonly graceSeconds: number | null;
  readonly coalesce: boolean;
}

/**
 * What becomes of the slots in (cursor, now]. Coalescing: one run, for the latest slot; otherwise each within the
 * grace time runs, at most 100, the latest first chosen. The rest is one missed stretch. Costs nothing that grows
 * with the length of the gap.
 */
export function decideMisfire({
  trigger,
  cursor,
  now,
  graceSeconds,
  coalesce,
}: MisfireQuestion): MisfireDecision {
  const first = trigger.next(cursor);
  if (first === undefined || first > now) return { run: [], missed: undefined, cursor };
  const earliestInTime = graceSeconds === null ? Number.NEGATIVE_INFINITY : now - graceSeconds * 1000;
  const most = coalesce ? 1 : mostRuns;
  const run: number[] = [];
  for (
    let slot = trigger.previous(now);
    slot !== undefined && slot >= first && slot >= earliestInTime && run.length < most;
    slot = trigger.previous(slot - 1)
  ) {
    run.push(slot);
  }
  run.reverse();
  const before = run[0] === undefined ? now : run[0] - 1;
  const count = trigger.count(cursor, before);
  const last = count > 0 ? trigger.previous(before) : undefined;
  return { run, missed: last === undefined ? undefined : { first, last, count }, cursor: now };
}
