import type { Clock } from '../ports/clock';

/** A stretch in which the program could not act, or the wall clock did not tell the time. */
export interface ClockGap {
  readonly kind: 'forward' | 'backward' | 'frozen';
  /** Wall clock just before and just after, epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly milliseconds: number;
}

/** Smaller differences are the machine being busy, or NTP at its work. */
const toleranceMs = 2000;

/**
 * Compares the two clocks at every wake, and again before every sleep, as a clock can be set while work goes on.
 * The wall clock running ahead of the monotonic one means someone set it, or the machine slept; both running on
 * past the planned wake mean the process stood still.
 */
export function createClockWatch(clock: Clock): {
  /** What time it is, and what happened to the clock since the last look, if anything did. */
  look(): { readonly now: number; readonly gap: ClockGap | undefined };
  /** Call before sleeping, with the planned length of the sleep. Work between a look and this may take any time. */
  plan(milliseconds: number): void;
} {
  let wall = clock.now();
  let monotonic = clock.monotonic();
  let planned = Number.POSITIVE_INFINITY;

  return {
    look() {
      const now = clock.now();
      const elapsed = clock.monotonic() - monotonic;
      const drift = now - wall - elapsed;
      const late = elapsed - planned;
      const from = wall;
      wall = now;
      monotonic += elapsed;
      planned = Number.POSITIVE_INFINITY;
      if (drift < -toleranceMs)
        return { now, gap: { kind: 'backward', from: from + elapsed, to: now, milliseconds: -drift } };
      if (drift > toleranceMs) return { now, gap: { kind: 'forward', from, to: now, milliseconds: drift } };
      if (late > toleranceMs) return { now, gap: { kind: 'frozen', from, to: now, milliseconds: late } };
      return { now, gap: undefined };
    },
    plan(milliseconds) {
      planned = milliseconds;
    },
  };
}
