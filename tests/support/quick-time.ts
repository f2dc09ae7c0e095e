import { createMemoryStore } from '../../src-main/core/simulate/memory-store';
import { createVirtualTime } from '../../src-main/core/simulate/virtual-time';
import type { FakeTime } from './fake-time';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Time turned by hand over days: for cores whose store is in memory, where everything settles in one turn. */
export function createQuickTime(start: string): FakeTime {
  const time = createVirtualTime(Date.parse(start), turn);
  return {
    ...time,
    settle: turn,
    advance: (milliseconds) => time.runUntil(time.clock.now() + milliseconds),
  };
}

/** What `createTestCore` needs to be played over days. */
export function quick(start = '2026-03-02T08:00:00Z') {
  return { time: createQuickTime(start), store: createMemoryStore({}) };
}
