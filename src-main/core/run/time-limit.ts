import type { Clock } from '../ports/clock';
import type { CancelTimer, Timer } from '../ports/timer';

/** The limit is counted in steps of this length at most. */
const stepMs = 5_000;
/** A step that took this much longer than planned is a stretch in which the machine slept or the process stood. */
const toleranceMs = 2_000;

/**
 * Calls once after so many milliseconds in which this process could run. A machine that slept for the night must
 * not find its runs timed out in the morning: they stood still as well.
 */
export function afterRunningTime(
  { clock, timer }: { readonly clock: Clock; readonly timer: Timer },
  milliseconds: number,
  callback: () => void,
): CancelTimer {
  let left = milliseconds;
  let cancel: CancelTimer = () => undefined;
  const step = () => {
    const planned = Math.min(left, stepMs);
    const begun = clock.monotonic();
    cancel = timer.after(planned, () => {
      const elapsed = clock.monotonic() - begun;
      left -= elapsed > planned + toleranceMs ? planned : elapsed;
      if (left <= 0) callback();
      else step();
    });
  };
  step();
  return () => cancel();
}
