export type CancelTimer = () => void;

/** Wakes the core. A callback that throws is the caller's bug; the adapter only reports it. */
export interface Timer {
  /**
   * Calls once at the wall-clock instant (epoch ms), at once if it has passed. The wait is measured when this is
   * called: a clock that is set meanwhile does not move it.
   */
  at(instant: number, callback: () => void): CancelTimer;
  /** Calls once after a number of elapsed milliseconds. */
  after(milliseconds: number, callback: () => void): CancelTimer;
}
