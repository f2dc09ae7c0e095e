import type { Logger } from '../ports/logger';
import type { GapRecord } from '../ports/schedule-store';
import type { Store } from '../ports/store';

export type KeepGap = (gap: GapRecord) => Promise<void>;

/** Keeps gaps of the schedule for the ledger; one that can't be written is still in the log. */
export function createGapKeeper(deps: {
  readonly store: Pick<Store, 'gaps'>;
  readonly logger: Logger;
}): KeepGap {
  return async (gap) => {
    try {
      await deps.store.gaps.append(gap);
    } catch (error) {
      deps.logger.warning('a gap of the schedule could not be stored', {
        kind: gap.kind,
        error: String(error),
      });
    }
  };
}
