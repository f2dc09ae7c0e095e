import { placementOf } from '../../src-main/core/cluster/placement';
import type { Cluster, ClusterHost } from '../../src-main/core/ports/cluster';
import type { NewExecution } from '../../src-main/core/ports/store';
import { AppError } from '../../src-shared/errors';

/** What several machines share, without a server: who has which slot, and what runs where. */
export interface FakeServer {
  readonly slots: Map<string, { readonly node: string; readonly execution_id: number }>;
  /** Rows that were claimed, in order. */
  readonly rows: (NewExecution & { readonly node: string })[];
  machine(node: string, tags?: readonly string[]): FakeMachine;
}

export interface FakeMachine extends Cluster {
  host: ClusterHost | undefined;
  /** How long it leaves each slot to the others, ms. */
  turnMs: number;
  away: { since: number; reason: string } | undefined;
  /** Says of other machines' runs. */
  readonly elsewhere: Map<string, number>;
  /** Others have taken what it would begin. */
  refusesToBegin: boolean;
  readonly anchors: Map<string, number>;
}

export function createFakeServer(): FakeServer {
  const slots: FakeServer['slots'] = new Map();
  const rows: (NewExecution & { readonly node: string })[] = [];
  const anchors = new Map<string, number>();
  let next = 1000;

  const machine = (node: string, tags: readonly string[] = []): FakeMachine => {
    const ask = () => {
      if (self.away) throw new AppError('unavailable', `The database is away: ${self.away.reason}`);
    };
    const self: FakeMachine = {
      node,
      tags,
      host: undefined,
      away: undefined,
      isHeld: true,
      turnMs: 0,
      elsewhere: new Map(),
      refusesToBegin: false,
      anchors,
      placementOf: (runs_on) => placementOf(runs_on, { node, tags }),
      holdBack: () => self.turnMs,
      noteFree: () => undefined,
      async claim(wanted) {
        ask();
        return wanted.map((row) => {
          const key = `${row.job_id} ${row.slot_key}`;
          if (slots.has(key)) return undefined;
          next += 1;
          slots.set(key, { node, execution_id: next });
          rows.push({ ...row, node });
          return next;
        });
      },
      async runningElsewhere() {
        ask();
        return self.elsewhere;
      },
      async begin() {
        ask();
        return !self.refusesToBegin;
      },
      async agreeOn(places) {
        ask();
        for (const { job_id, anchor } of places) if (!anchors.has(job_id)) anchors.set(job_id, anchor);
        return anchors;
      },
      machines: async () => [],
      attach(host) {
        self.host = host;
      },
      leave: async () => undefined,
    };
    return self;
  };
  return { slots, rows, machine };
}
