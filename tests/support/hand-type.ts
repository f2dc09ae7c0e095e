import { z } from 'zod';
import type { JobType, RunContext, RunOutcome } from '../../src-main/core/job-type';

/** One run of a job of type `hand`: it ends when the test says so. */
export interface HandRun {
  readonly context: RunContext;
  end(outcome: RunOutcome): void;
}

export interface HandType {
  readonly type: JobType;
  /** All runs so far, oldest first; ended ones too. */
  readonly runs: HandRun[];
  /** When set, every run ends at once with this. */
  answer: RunOutcome | undefined;
}

const Config = z.strictObject({ note: z.string().optional() });

/** A job type whose runs end by hand, or at once; an aborted run ends as failed. */
export function createHandType(): HandType {
  const runs: HandRun[] = [];
  const hand: HandType = {
    runs,
    answer: undefined,
    type: {
      type: 'hand',
      label: 'By hand',
      configSchema: Config,
      editor: { code: {}, primary: [] },
      execute: (_config, context) =>
        new Promise((resolve) => {
          runs.push({ context, end: resolve });
          context.signal.addEventListener('abort', () =>
            resolve({ status: 'failed', error_message: 'ended from outside' }),
          );
          if (hand.answer) resolve(hand.answer);
        }),
    },
  };
  return hand;
}
