import type { Kysely } from 'kysely';
import type { ClusterHost } from '../../../core/ports/cluster';
import type { Logger } from '../../../core/ports/logger';
import type { Tables } from '../tables';
import type { Ask, ServerTable } from '../write-behind/server-tables';
import type { Holder } from './claims';
import { enter, leaseSeconds, renew, type Self, stepOut } from './machine-table';
import type { HistoryPull } from './pull';
import { historyTable } from './shared-tables';

/** The lease counts as held here for a little shorter than the server says. */
const heldMs = (leaseSeconds - 2) * 1000;

/** This machine's place in the cluster: the number it is under, and for how long nobody may give it up. */
export interface Lease {
  /** 0 before the machine has entered for the first time. */
  readonly fence: number;
  /** By this machine's own clock it can't have been given up yet. */
  readonly isHeld: boolean;
  holder(): Holder;
  /** Enters, or goes on under the number it has; under a new one where it was given up. Throws `conflict`. */
  keep(ask: Ask): Promise<void>;
  release(ask: Ask): Promise<void>;
}

export function createLease(deps: {
  readonly db: Kysely<Tables>;
  readonly self: Self;
  readonly host: () => ClusterHost | undefined;
  readonly history: () => ServerTable | undefined;
  readonly pulling: Pick<HistoryPull, 'fetch'>;
  readonly logger: Logger;
}): Lease {
  const { db, self, host, history, pulling, logger } = deps;
  let fence: number | undefined;
  /** On the monotonic clock. */
  let heldUntil = 0;

  /** Enters under a new number. What was given up meanwhile is not ours any more; the rest goes on under it. */
  const enterAnew = async (ask: Ask) => {
    const before = fence;
    fence = await enter(ask, self);
    heldUntil = performance.now() + heldMs;
    if (before === undefined) logger.info(`this machine is "${self.node}" in the cluster, number ${fence}`);
    else
      logger.warning(
        `this machine was not heard of for too long and was given up by the others; it is back under number ${fence}`,
      );
    const live = host()?.live() ?? [];
    if (live.length > 0) await pulling.fetch(ask, live);
    const kept = host()?.live() ?? [];
    if (kept.length === 0) return;
    await db
      .updateTable(historyTable)
      .set({ fence })
      .where('execution_id', 'in', [...kept])
      .execute();
    await ask(
      `UPDATE ${history()?.full} SET [fence] = ${fence}, [changed_date] = GETUTCDATE()
       WHERE [execution_id] IN (${kept.join(', ')}) AND [machine] = @node AND [status] IN (N'pending', N'running')`,
      (request) => request.input('node', self.node),
    );
  };

  return {
    get fence() {
      return fence ?? 0;
    },
    get isHeld() {
      return performance.now() < heldUntil;
    },
    holder: () => ({ node: self.node, instance: self.instance, fence: fence ?? 0 }),
    async keep(ask) {
      const sent = performance.now();
      const isKept = fence !== undefined && (await renew(ask, self, fence, host()?.live().length ?? 0));
      if (isKept) heldUntil = sent + heldMs;
      else await enterAnew(ask);
    },
    async release(ask) {
      if (fence !== undefined) await stepOut(ask, self, fence);
    },
  };
}
