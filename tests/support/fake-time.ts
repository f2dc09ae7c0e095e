import type { Clock } from '../../src-main/core/ports/clock';
import type { Timer } from '../../src-main/core/ports/timer';

interface Alarm {
  /** By the monotonic clock, as real timers are. */
  readonly due: number;
  readonly callback: () => void;
}

/** Both clocks and all timers of a core, turned by hand. */
export interface FakeTime {
  readonly clock: Clock;
  readonly timer: Timer;
  /** Lets time pass: every timer fires at its own instant, and what it sets off settles before the next. */
  advance(milliseconds: number): Promise<void>;
  /** Sets the wall clock; the monotonic clock stays. */
  setWall(instant: number): void;
  /** Time passes and nothing can act: the machine sleeps (`wall` only) or the process is stopped (`both`). */
  freeze(milliseconds: number, clocks: 'wall' | 'both'): void;
  /** Lets promises settle without time passing. */
  settle(): Promise<void>;
}

const turns = 12;

async function settle(): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export function createFakeTime(start: string): FakeTime {
  let wall = Date.parse(start);
  let monotonic = 1000;
  const alarms = new Set<Alarm>();
  const add = (alarm: Alarm) => {
    alarms.add(alarm);
    return () => alarms.delete(alarm);
  };
  const inMs = (alarm: Alarm) => alarm.due - monotonic;
  const earliest = () => [...alarms].sort((a, b) => inMs(a) - inMs(b))[0];
  const pass = (milliseconds: number) => {
    wall += milliseconds;
    monotonic += milliseconds;
  };

  return {
    clock: { now: () => wall, monotonic: () => monotonic },
    timer: {
      at: (instant, callback) => add({ due: monotonic + Math.max(0, instant - wall), callback }),
      after: (milliseconds, callback) => add({ due: monotonic + milliseconds, callback }),
    },
    settle,
    async advance(milliseconds) {
      let left = milliseconds;
      await settle();
      for (let next = earliest(); next && inMs(next) <= left; next = earliest()) {
        const step = Math.max(0, inMs(next));
        pass(step);
        left -= step;
        alarms.delete(next);
        next.callback();
        await settle();
      }
      pass(left);
      await settle();
    },
    setWall(instant) {
      wall = instant;
    },
    freeze(milliseconds, clocks) {
      wall += milliseconds;
      if (clocks === 'both') monotonic += milliseconds;
    },
  };
}
