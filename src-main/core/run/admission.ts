import type { Overlap } from '../../../src-shared/model/job';

/** What is to become of a wanted attempt, decided before any row is written. */
export type Admission =
  /** A free place in the pool. */
  | { readonly kind: 'start' }
  /** Waits for a place in the pool. */
  | { readonly kind: 'wait' }
  /** Waits until an earlier run of the same job has ended (`overlap: queue`, `overlap: replace`). */
  | { readonly kind: 'hold'; readonly replaces: boolean }
  /** Not for this machine: its row waits for one that may run it. */
  | { readonly kind: 'hand_over' }
  /** Gets a row that says why, and does not run: one run of this job too many, or a job in shadow. */
  | { readonly kind: 'skip'; readonly cause: 'overlap' | 'shadow'; readonly reason: string };

export interface Occupation {
  readonly poolFree: number;
  /** Runs of this job that run, wait for the pool, or wait for their retry. */
  readonly instances: number;
  /** Runs of this job that are held already. */
  readonly held: number;
  /** The oldest of them, as shown to people. */
  readonly oldest: string | undefined;
}

/** What the row of a run that a job in shadow would have had says. */
export const shadowReason = 'In shadow: it would have run at this time; nothing was started';
/** The same of one that lies ahead. */
export const shadowAhead = 'In shadow: it will be recorded, and nothing is started';

/** Applies max_instances and overlap (docs/schedules.md), then the pool. */
export function decideAdmission(
  job: {
    readonly max_instances: number;
    readonly overlap: Overlap;
    readonly waits?: boolean;
    /** Nobody asked for it by hand, and its job is in shadow. */
    readonly isShadow?: boolean;
  },
  occupation: Occupation,
): Admission {
  if (job.isShadow) return { kind: 'skip', cause: 'shadow', reason: shadowReason };
  if (occupation.instances < job.max_instances) {
    return occupation.poolFree > 0 ? { kind: 'start' } : { kind: 'wait' };
  }
  if (job.waits) return { kind: 'hold', replaces: false };
  const blocker = occupation.oldest ? ` ${occupation.oldest}` : '';
  if (job.overlap === 'skip') {
    return {
      kind: 'skip',
      cause: 'overlap',
      reason: `Would overlap the run${blocker} that has not ended yet: skipped`,
    };
  }
  if (occupation.held > 0) {
    return {
      kind: 'skip',
      cause: 'overlap',
      reason: `One run is already waiting for${blocker} to end: skipped`,
    };
  }
  return { kind: 'hold', replaces: job.overlap === 'replace' };
}
