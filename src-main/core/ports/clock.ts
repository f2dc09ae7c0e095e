/** The two clocks of a machine. Core reads time through here only, so that tests can turn it by hand. */
export interface Clock {
  /** Wall clock, epoch milliseconds; may jump either way. */
  now(): number;
  /** Milliseconds since some fixed point; never goes back and ignores changes of the wall clock. */
  monotonic(): number;
}
