import type { Core } from '../../core/core';
import type { Logger } from '../../core/ports/logger';
import { createFaultCounter, mostFaults } from './faults';

/** The program holds its own schedules after too many faults of its own: what runs goes on, the window says so. */
export interface SafeMode {
  readonly reason: string | undefined;
  noteFault(kind: string, error: unknown): void;
  /** Still on hold from an earlier life of the program? Asked once schedules have begun. */
  recall(): void;
  leave(): Promise<void>;
}

const by = 'safe mode';

export function createSafeMode(deps: {
  readonly core: Pick<Core, 'scheduler' | 'clock' | 'events'>;
  readonly logger: Logger;
  readonly onChange: () => void;
}): SafeMode {
  const { core, logger } = deps;
  const isTooMuch = createFaultCounter(core.clock.now);
  let reason: string | undefined;
  // Whoever resumes by hand, from wherever, has left it.
  core.events.subscribe((event) => {
    if (event.type === 'scheduler.state' && event.data.state === 'running') reason = undefined;
  });
  return {
    get reason() {
      return reason;
    },
    noteFault(kind, error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      logger.error(kind, { stack: text });
      if (!isTooMuch() || reason !== undefined) return;
      const last = error instanceof Error ? error.message : String(error);
      reason = `${mostFaults} faults of the program within a minute, the last one: ${last.slice(0, 200)}`;
      logger.error(`safe mode: all schedules are paused; ${reason}`);
      core.scheduler
        .pause(by)
        .catch((failure: unknown) => logger.error('the pause failed', { error: String(failure) }))
        .finally(deps.onChange);
    },
    recall() {
      if (core.scheduler.state === 'paused' && core.scheduler.changedBy === by)
        reason = 'the program had put itself on hold before it was last closed; its log says why';
    },
    async leave() {
      reason = undefined;
      // Somebody may have paused for reasons of their own meanwhile.
      if (core.scheduler.changedBy === by) await core.scheduler.resume(by);
      deps.onChange();
    },
  };
}
