import { createHeap } from '../heap';
import type { Clock } from '../ports/clock';
import type { Timer } from '../ports/timer';

interface Alarm {
  /** By the monotonic clock, as real timers are. */
  readonly due: number;
  readonly order: number;
  readonly callback: () => void;
  isOff: boolean;
}

/** Both clocks and all timers of a core that is played through. */
export interface VirtualTime {
  readonly clock: Clock;
  readonly timer: Timer;
  /** Lets time pass: each timer fires at its own instant, and what it sets off settles before the next. */
  runUntil(instant: number): Promise<void>;
  /** Sets the wall clock; the monotonic clock stays. */
  setWall(instant: number): void;
  /** Time passes and nothing can act: asleep or set forward (`wall`), or the process stopped (`both`). */
  freeze(milliseconds: number, clocks: 'wall' | 'both'): void;
}

/** Time that passes as fast as it can be computed. `turn` lets everything that is under way settle. */
export function createVirtualTime(start: number, turn: () => Promise<void>): VirtualTime {
  let wall = start;
  let monotonic = 1000;
  let order = 0;
  const alarms = createHeap<Alarm>((a, b) => a.due < b.due || (a.due === b.due && a.order < b.order));
  const add = (due: number, callback: () => void) => {
    order += 1;
    const alarm: Alarm = { due, order, callback, isOff: false };
    alarms.push(alarm);
    return () => {
      alarm.isOff = true;
    };
  };

  return {
    clock: { now: () => wall, monotonic: () => monotonic },
    timer: {
      at: (instant, callback) => add(monotonic + Math.max(0, instant - wall), callback),
      after: (milliseconds, callback) => add(monotonic + milliseconds, callback),
    },
    setWall(instant) {
      wall = instant;
    },
    freeze(milliseconds, clocks) {
      wall += milliseconds;
      if (clocks === 'both') monotonic += milliseconds;
    },
    async runUntil(instant) {
      await turn();
      for (let next = alarms.peek(); next; next = alarms.peek()) {
        if (next.isOff) {
          alarms.pop();
          continue;
        }
        const step = Math.max(0, next.due - monotonic);
        if (wall + step > instant) break;
        alarms.pop();
        wall += step;
        monotonic += step;
        next.callback();
        await turn();
      }
      const rest = Math.max(0, instant - wall);
      wall += rest;
      monotonic += rest;
      await turn();
    },
  };
}
