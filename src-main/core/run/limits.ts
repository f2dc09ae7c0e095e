import type { Clock } from '../ports/clock';
import type { CancelTimer, Timer } from '../ports/timer';
import type { StopCause } from './outcome';
import { afterRunningTime } from './time-limit';

const longestStepMs = 5000;

/** The time limits of one attempt. */
export interface Limits {
  /** The job itself begins now; what it waited for before does not count. */
  begin(): void;
  noteOutput(): void;
  end(): void;
}

/** `timeout` and `stalled_after` in seconds; 0 is no limit. */
export function createLimits(deps: {
  readonly timeout: number;
  readonly stalled_after: number;
  readonly stop: (cause: StopCause) => void;
  readonly clock: Clock;
  readonly timer: Timer;
}): Limits {
  const { timeout, stalled_after, clock, timer } = deps;
  const limitMs = stalled_after * 1000;
  let lastOutput = 0;
  let hasWritten = false;
  let cancelTimeout: CancelTimer | undefined;
  let cancelStalled: CancelTimer | undefined;

  /** `silentMs` adds up the time without output in which the process could run: sleep is no silence. */
  const watchOutput = (silentMs: number) => {
    const stepMs = Math.min(limitMs - silentMs, longestStepMs);
    cancelStalled = afterRunningTime({ clock, timer }, stepMs, () => {
      const silent = hasWritten ? Math.min(stepMs, clock.monotonic() - lastOutput) : silentMs + stepMs;
      hasWritten = false;
      if (silent >= limitMs) deps.stop({ kind: 'stalled', seconds: stalled_after });
      else watchOutput(silent);
    });
  };

  return {
    begin() {
      if (timeout > 0)
        cancelTimeout = afterRunningTime({ clock, timer }, timeout * 1000, () =>
          deps.stop({ kind: 'timeout', seconds: timeout }),
        );
      if (stalled_after > 0) watchOutput(0);
    },
    noteOutput() {
      lastOutput = clock.monotonic();
      hasWritten = true;
    },
    end() {
      cancelTimeout?.();
      cancelStalled?.();
    },
  };
}
