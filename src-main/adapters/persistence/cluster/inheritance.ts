import type { Kysely } from 'kysely';
import type { ClusterHost } from '../../../core/ports/cluster';
import type { Logger } from '../../../core/ports/logger';
import type { ExecutionRecord, ExecutionRepository } from '../../../core/ports/store';
import type { Tables } from '../tables';
import type { Row } from '../write-behind/local-rows';
import type { Ask } from '../write-behind/server-tables';
import type { OpenLink } from '../write-behind/watch-link';
import type { SlotClaims } from './claims';
import type { Lease } from './lease';
import type { Self } from './machine-table';
import type { HistoryPull } from './pull';
import { historyTable } from './shared-tables';

/** A place that is free is offered so soon, together with others. */
const freeMs = 60;

type Orphan = Awaited<ReturnType<SlotClaims['orphans']>>[number];

/** A way to the server, and the claims that go over it. */
export interface Way {
  readonly link: OpenLink;
  readonly claims: SlotClaims;
}

/** What machines that are gone leave behind: runs to be ended, and work that others have to do. */
export interface Inheritance {
  /** Looks for it; one look at a time. */
  look(claims: SlotClaims): Promise<void>;
  /** A row was made that waits for a free place on any machine. */
  noteWaiting(): void;
  /** A place is free here: what waits for one is looked for soon. */
  noteFree(): void;
}

/** How a run ends whose machine is gone: when it was last heard of, and in words. */
function endOf(row: Orphan, self: string) {
  const seen = Date.parse(`${row.seen}Z`);
  const start = Date.parse(String(row.start_time));
  const end = Math.max(seen, start);
  const shown = new Date(seen).toISOString().slice(0, 19).replace('T', ' ');
  const how =
    row.gone === 'stopped'
      ? `Machine "${row.machine}" was stopped at ${shown} UTC`
      : `Machine "${row.machine}" was not heard of after ${shown} UTC and was given up by "${self}"`;
  const isRunning = row.status === 'running';
  return {
    seen,
    patch: {
      at: new Date(end).toISOString(),
      seconds: isRunning ? (end - start) / 1000 : 0,
      message: isRunning ? `${how}; whether this came to its end is not known` : `${how}; this had not begun`,
    },
  };
}

export function createInheritance(deps: {
  readonly db: Kysely<Tables>;
  readonly executions: Pick<ExecutionRepository, 'get'>;
  /** Records that are here already, of these ids. */
  readonly recordsOf: (execution_ids: readonly number[]) => Promise<ExecutionRecord[]>;
  readonly self: Self;
  readonly lease: Lease;
  readonly host: () => ClusterHost | undefined;
  readonly pulling: Pick<HistoryPull, 'fetch'>;
  /** The way that is open now. */
  readonly way: () => Way | undefined;
  /** Whether work that waits may be begun here at all. */
  readonly mayTake: () => boolean;
  readonly isLeaving: () => boolean;
  readonly logger: Logger;
}): Inheritance {
  const { db, executions, self, lease, pulling, logger } = deps;
  /** Rows were left that wait for a free place on any machine. */
  let isMoreWaiting = false;
  let isOffered = false;
  let looking: Promise<void> | undefined;

  const adopt = (execution_id: number) =>
    db
      .updateTable(historyTable)
      .set({ machine: self.node, fence: lease.fence, owner: self.instance })
      .where('execution_id', '=', execution_id)
      .execute();

  const asRecord = async (row: Row, ask: Ask): Promise<ExecutionRecord> => {
    const id = Number(row.execution_id);
    const known = await executions.get(id);
    if (known) return known;
    await pulling.fetch(ask, [id]);
    return (await executions.get(id)) ?? ({ ...row, execution_id: id, metadata: {} } as never);
  };

  /** Ends what machines that are gone were running, and takes what they had not begun. */
  const inherit = async (claims: SlotClaims) => {
    const host = deps.host();
    const ask = deps.way()?.link.ask;
    if (!host || !ask || !lease.isHeld) return;
    const ended = new Map<string, number[]>();
    const taken: number[] = [];
    let lastSeen = 0;
    let places = host.places();
    isMoreWaiting = false;
    for (const row of await claims.orphans()) {
      const id = Number(row.execution_id);
      const verdict = row.status === 'running' ? 'end' : host.verdict(await asRecord(row, ask));
      // This machine's own earlier life: the start puts its running rows right.
      if (row.status === 'running' && row.machine === self.node) continue;
      if (verdict === 'take' && places <= 0) isMoreWaiting = true;
      else if (verdict === 'take' && (await claims.take(row, lease.holder()))) {
        taken.push(id);
        places -= 1;
      }
      if (verdict !== 'end') continue;
      const { seen, patch } = endOf(row, self.node);
      if (!(await claims.end(id, row.now_fence, patch))) continue;
      lastSeen = Math.max(lastSeen, seen);
      ended.set(String(row.machine), [...(ended.get(String(row.machine)) ?? []), id]);
    }
    await pulling.fetch(ask, [...taken, ...[...ended.values()].flat()], true);
    for (const record of await deps.recordsOf(taken)) {
      // The row is ours on the server; here it was still the other machine's.
      await adopt(record.execution_id);
      host.resume({ ...record, machine: self.node, owner: self.instance });
    }
    for (const [node, list] of ended) host.gaveUp(node, await deps.recordsOf(list), lastSeen);
  };

  /** One at a time: two would take the same rows, and count places twice. */
  const look = (claims: SlotClaims): Promise<void> => {
    looking ??= inherit(claims).finally(() => {
      looking = undefined;
    });
    return looking;
  };

  return {
    look,
    noteWaiting() {
      isMoreWaiting = true;
    },
    noteFree() {
      if (!isMoreWaiting || isOffered || deps.isLeaving()) return;
      isOffered = true;
      setTimeout(() => {
        isOffered = false;
        const way = deps.way();
        if (!way || !deps.mayTake() || deps.isLeaving()) return;
        Promise.race([look(way.claims), way.link.lost]).catch((error) =>
          logger.debug('rows that wait could not be taken', { error: String(error) }),
        );
      }, freeMs).unref();
    },
  };
}
