import { describe, expect, it } from 'vitest';
import type { KnownMachine } from '../../../../src-main/adapters/persistence/cluster/machine-table';
import { createWatch } from '../../../../src-main/adapters/persistence/cluster/watch';

const machine = (more: Partial<KnownMachine> = {}): KnownMachine => ({
  node: 'SOUTH',
  state: 'silent',
  written: 'alive',
  tags: [],
  host: 'south',
  address: null,
  version: '1',
  running: 0,
  fence: 4,
  started: 0,
  last_seen: 1000,
  over: 100,
  ...more,
});

/** Looks every two seconds from `from` to `to`; the names found at the last look. */
function look(watch: ReturnType<typeof createWatch>, from: number, to: number, one = machine()): string[] {
  let found: string[] = [];
  for (let now = from; now <= to; now += 2000)
    found = watch.overdue([one], 'NORTH', now).map(({ node }) => node);
  return found;
}

describe('watching over the other machines', () => {
  it('gives one up whose lease is over and that gave no sign for as long', () => {
    const watch = createWatch();
    expect(look(watch, 0, 14_000)).toEqual([]);
    expect(look(watch, 16_000, 16_000)).toEqual(['SOUTH']);
  });

  it('gives nobody up while the lease still holds by the clock of the server', () => {
    expect(look(createWatch(), 0, 30_000, machine({ over: -1 }))).toEqual([]);
  });

  it('gives nobody up right after the server was away for all', () => {
    const watch = createWatch();
    look(watch, 0, 4000);
    expect(look(watch, 100_000, 110_000)).toEqual([]);
  });

  it('does not take its own standstill for the silence of others', () => {
    const watch = createWatch();
    look(watch, 0, 4000);
    expect(look(watch, 60_000, 60_000)).toEqual([]);
    expect(look(watch, 62_000, 76_000)).toEqual(['SOUTH']);
  });

  it('leaves itself, and machines that stopped or are dead', () => {
    expect(look(createWatch(), 0, 30_000, machine({ node: 'NORTH' }))).toEqual([]);
    expect(look(createWatch(), 0, 30_000, machine({ written: 'dead' }))).toEqual([]);
  });
});
