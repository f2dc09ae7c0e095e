import type { Exclusion } from './calendars/exclusion';
import type { Rule } from './rule';

/** With holiday sets, late slots are looked at one by one; so many at most, the latest ones. */
const mostLookedAt = 2000;
/** One job's absence is told in so many rows at most. */
const mostStretches = 50;

/** Why a slot that has come is not run. */
export type PassCause =
  | { readonly kind: 'excluded'; readonly exclusion: Exclusion }
  /** Later than misfire_grace_time. */
  | { readonly kind: 'grace' }
  /** Further back than catch_up_window. */
  | { readonly kind: 'catch_up_window' }
  /** not_after has passed since. */
  | { readonly kind: 'not_after' }
  /** Another slot runs in its place. */
  | { readonly kind: 'coalesced' }
  /** max_catch_up is used up by later ones. */
  | { readonly kind: 'limit' };

/** Neighbouring slots that do not run, for one cause. */
export interface Passed {
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly cause: PassCause;
}

export interface MisfireDecision {
  /** Slots to run now, ascending. */
  readonly run: readonly number[];
  /** Slots that will not run, ascending. */
  readonly passed: readonly Passed[];
  /** Everything up to here is accounted for. */
  readonly cursor: number;
}

export interface MisfireQuestion {
  readonly trigger: Pick<Rule, 'next' | 'previous' | 'count'>;
  /** The last slot handled. */
  readonly cursor: number;
  readonly now: number;
  /** Null: never too late. */
  readonly graceSeconds: number | null;
  readonly coalesce: boolean;
  /** Null: no bound of its own. */
  readonly catchUpSeconds?: number | null;
  /** Late slots that run one by one when `coalesce` is false. */
  readonly mostRuns?: number;
  readonly exclusion?: ((slot: number) => Exclusion | undefined) | undefined;
  /** The last instant at which a slot may still start (not_after). */
  readonly deadline?: ((slot: number) => number) | undefined;
}

const sameCause = (a: PassCause, b: PassCause): boolean =>
  a.kind === 'excluded' && b.kind === 'excluded'
    ? a.exclusion.calendar_id === b.exclusion.calendar_id && a.exclusion.label === b.exclusion.label
    : a.kind === b.kind;

/**
 * What becomes of the slots in (cursor, now]. Coalescing: one run, for the latest slot that may run; otherwise
 * each that may runs, at most `mostRuns`, the latest first chosen. Without holiday sets this costs nothing that
 * grows with the length of the gap: once a slot is too late, all before it are.
 */
export function decideMisfire(question: MisfireQuestion): MisfireDecision {
  const { trigger, cursor, now, graceSeconds, coalesce, exclusion, deadline } = question;
  const first = trigger.next(cursor);
  if (first === undefined || first > now) return { run: [], passed: [], cursor };
  const most = coalesce ? 1 : (question.mostRuns ?? 100);
  const catchUpSeconds = question.catchUpSeconds ?? null;
  const tooLate = (slot: number): PassCause | undefined => {
    if (graceSeconds !== null && now - slot > graceSeconds * 1000) return { kind: 'grace' };
    if (catchUpSeconds !== null && now - slot > catchUpSeconds * 1000) return { kind: 'catch_up_window' };
    if (deadline && now > deadline(slot)) return { kind: 'not_after' };
    return undefined;
  };

  const run: number[] = [];
  /** Descending while they are found. */
  const passed: { first: number; last: number; count: number; cause: PassCause }[] = [];
  const pass = (slot: number, cause: PassCause) => {
    const newest = passed.at(-1);
    if (newest && (sameCause(newest.cause, cause) || passed.length >= mostStretches)) {
      newest.first = slot;
      newest.count += 1;
    } else passed.push({ first: slot, last: slot, count: 1, cause });
  };

  let looked = 0;
  let slot = trigger.previous(now);
  for (; slot !== undefined && slot >= first; slot = trigger.previous(slot - 1)) {
    const excluded = exclusion?.(slot);
    const late = tooLate(slot);
    const isFull = run.length >= most;
    if (!exclusion && (late || isFull)) break;
    looked += 1;
    if (looked > mostLookedAt) break;
    if (excluded) pass(slot, { kind: 'excluded', exclusion: excluded });
    else if (late || isFull)
      pass(slot, (isFull ? undefined : late) ?? { kind: coalesce ? 'coalesced' : 'limit' });
    else {
      run.push(slot);
    }
  }
  if (slot !== undefined && slot >= first) {
    const rest = trigger.count(cursor, slot);
    const isFull = run.length >= most;
    const cause: PassCause = isFull
      ? { kind: coalesce ? 'coalesced' : 'limit' }
      : (tooLate(slot) ?? { kind: 'grace' });
    const newest = passed.at(-1);
    if (newest && sameCause(newest.cause, cause)) {
      newest.first = first;
      newest.count += rest;
    } else passed.push({ first, last: slot, count: rest, cause });
  }
  return { run: run.reverse(), passed: passed.reverse(), cursor: now };
}
