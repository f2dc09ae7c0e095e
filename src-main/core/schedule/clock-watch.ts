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
 * Compares the two clocks at every wake. The wall clock running ahead of the monotonic one means someone set it,
 * or the machine slept; both running on past the planned wake mean the process stood still.
 */
export function createClockWatch(clock: Clock): {
  /** Call before sleeping, with the planned length of the sleep. */
  plan(milliseconds: number): void;
  /** Call on waking: what happened meanwhile, if anything did. */
  wake(): ClockGap | undefined;
} {
  let wall = clock.now();
  let monotonic = clock.monotonic();
  let planned = 0;

  return {
    plan(milliseconds) {
      wall = clock.now();
      monotonic = clock.monotonic();
      planned = milliseconds;
    },
    wake() {
      const now = clock.now();
      const elapsed = clock.monotonic() - monotonic;
      const drift = now - wall - elapsed;
      const late = elapsed - planned;
      const from = wall;
      wall = now;
      monotonic += elapsed;
      planned = 0;
      if (drift < -toleranceMs)
        return { kind: 'backward', from: from + elapsed, to: now, milliseconds: -drift };
      if (drift > toleranceMs) return { kind: 'forward', from, to: now, milliseconds: drift };
      if (late > toleranceMs) return { kind: 'frozen', from, to: now, milliseconds: late };
      return undefined;
    },
  };
}
