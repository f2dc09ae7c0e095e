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

/** A heap by due time, then by the order in which alarms were set. */
function createAlarmHeap() {
  const items: Alarm[] = [];
  const isBefore = (a: Alarm, b: Alarm) => a.due < b.due || (a.due === b.due && a.order < b.order);
  const swap = (a: number, b: number) => {
    const kept = items[a] as Alarm;
    items[a] = items[b] as Alarm;
    items[b] = kept;
  };
  return {
    peek: () => items[0],
    push(alarm: Alarm) {
      items.push(alarm);
      let index = items.length - 1;
      while (index > 0) {
        const parent = (index - 1) >> 1;
        if (!isBefore(items[index] as Alarm, items[parent] as Alarm)) break;
        swap(index, parent);
        index = parent;
      }
    },
    pop() {
      const first = items[0];
      const last = items.pop();
      if (items.length === 0 || !last) return first;
      items[0] = last;
      let index = 0;
      for (;;) {
        const left = index * 2 + 1;
        if (left >= items.length) break;
        const right = left + 1;
        const least =
          right < items.length && isBefore(items[right] as Alarm, items[left] as Alarm) ? right : left;
        if (!isBefore(items[least] as Alarm, items[index] as Alarm)) break;
        swap(index, least);
        index = least;
      }
      return first;
    },
  };
}

/** Time that passes as fast as it can be computed. `turn` lets everything that is under way settle. */
export function createVirtualTime(start: number, turn: () => Promise<void>): VirtualTime {
  let wall = start;
  let monotonic = 1000;
  let order = 0;
  const alarms = createAlarmHeap();
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
