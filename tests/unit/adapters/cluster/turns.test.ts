import { describe, expect, it } from 'vitest';
import type { KnownMachine } from '../../../../src-main/adapters/persistence/cluster/machine-table';
import { createTurns } from '../../../../src-main/adapters/persistence/cluster/turns';

const now = Date.parse('2026-03-02T08:00:00Z');
const machine = (node: string, more: Partial<KnownMachine> = {}): KnownMachine => ({
  node,
  state: 'alive',
  written: 'alive',
  tags: [],
  host: node,
  address: null,
  version: '1',
  running: 0,
  fence: 1,
  started: 0,
  last_seen: now,
  over: -15_000,
  ...more,
});
const names = ['NORTH', 'SOUTH', 'WEST'];
const slots = Array.from({ length: 900 }, (_, index) => ({
  job: `job_${index % 30}`,
  at: now + index * 1000,
}));

/** Turns of a machine that has heard of all these. */
function turnsOf(node: string, machines: readonly KnownMachine[], clock = now) {
  const turns = createTurns({ node, tags: [] });
  turns.note(machines, clock);
  return turns;
}

describe('whose turn a slot is', () => {
  it('is one machine’s alone, and each has about as many', () => {
    const all = names.map((node) =>
      turnsOf(
        node,
        names.map((one) => machine(one)),
      ),
    );
    const counts = [0, 0, 0];
    for (const { job, at } of slots) {
      const free = all.map((turns) => turns.holdBack(job, at, undefined, at) === 0);
      expect(free.filter(Boolean).length).toBe(1);
      counts[free.indexOf(true)] = (counts[free.indexOf(true)] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 300)).toBeLessThan(60);
  });

  it('is never one’s that is not heard of, is gone, or may not run the job', () => {
    const others = [
      machine('SOUTH', { last_seen: now - 7000 }),
      machine('EAST', { state: 'stopped' }),
      machine('WEST', { tags: ['gpu'] }),
    ];
    const turns = turnsOf('NORTH', [machine('NORTH'), ...others]);
    for (const { job, at } of slots) expect(turns.holdBack(job, at, ['NORTH', 'etl'], at)).toBe(0);
    expect(slots.some(({ job, at }) => turns.holdBack(job, at, ['NORTH', 'gpu'], at) > 0)).toBe(true);
  });

  it('is not given away to a clock that is ahead', () => {
    const clock = now + 2000;
    const turns = turnsOf('NORTH', [machine('NORTH'), machine('SOUTH')], clock);
    const held = slots.map(({ job }) => turns.holdBack(job, clock, undefined, clock)).filter((ms) => ms > 0);
    expect(new Set(held)).toEqual(new Set([2400]));
  });

  it('is one’s own while nothing is known of others', () => {
    const turns = createTurns({ node: 'NORTH', tags: [] });
    expect(slots.every(({ job, at }) => turns.holdBack(job, at, undefined, at) === 0)).toBe(true);
  });
});
