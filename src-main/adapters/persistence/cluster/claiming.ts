import type { ClusterHost } from '../../../core/ports/cluster';
import type { ExecutionRepository, NewExecution } from '../../../core/ports/store';
import { type SlotClaims, slotText } from './claims';
import type { IdBlocks } from './id-blocks';
import type { Lease } from './lease';
import type { Self } from './machine-table';

const claimsAtOnce = 3;
/** A row that nothing here begins for so long is set free. */
const forgottenMs = 6000;

/** Claims of slots by this machine, and what becomes of those whose answer was lost. */
export interface Claiming {
  /** Throws what the server says, or `unavailable` when it does not answer. */
  claim(
    rows: readonly NewExecution[],
    withClaims: <T>(work: (claims: SlotClaims) => Promise<T>) => Promise<T>,
  ): Promise<(number | undefined)[]>;
  /**
   * A claim, or a row that was taken over, whose answer never came: it waits on the server in this machine's name, and
   * nothing here waits to begin it. It is set free for whichever machine takes it. Claims wait meanwhile.
   */
  freeForgotten(claims: SlotClaims): Promise<void>;
}

export function createClaiming(deps: {
  readonly executions: Pick<ExecutionRepository, 'get'>;
  readonly self: Self;
  readonly lease: Lease;
  readonly ids: IdBlocks;
  readonly host: () => ClusterHost | undefined;
  /** A row that is to be made waits for a free place on any machine. */
  readonly onOpen: (row: NewExecution) => void;
}): Claiming {
  const { executions, self, lease, ids, host } = deps;
  let claiming = 0;
  let settling: Promise<void> = Promise.resolve();
  /** Rows of this process that nothing here will begin, and since when, on the monotonic clock. */
  let forgotten: ReadonlyMap<number, number> = new Map();

  /** A claim whose answer was lost: is the row there? Asked until the server says, or its way is lost. */
  const claimOne = async (claims: SlotClaims, row: NewExecution): Promise<number | undefined> => {
    const id = ids.next();
    deps.onOpen(row);
    try {
      return (await claims.insert(row, id, lease.holder())) ? id : undefined;
    } catch (error) {
      const isThere = await claims.exists(id).catch(() => {
        throw error;
      });
      if (isThere) return id;
      throw error;
    }
  };

  const claimAll = async (claims: SlotClaims, rows: readonly NewExecution[]) => {
    const held = await claims.held(rows);
    const found = new Map<NewExecution, number | undefined>();
    const one = async (row: NewExecution) => {
      const there = held.get(slotText(row));
      if (!there) return claimOne(claims, row);
      // Claimed by this process, whose answer was lost: it is ours, if nothing came of it yet.
      const isOurs = there.machine === self.node && there.owner === self.instance;
      return isOurs && !(await executions.get(there.execution_id)) ? there.execution_id : undefined;
    };
    // The slots of one job in their order, several jobs at a time.
    const byJob = new Map<string, NewExecution[]>();
    for (const row of rows) byJob.set(row.job_id, [...(byJob.get(row.job_id) ?? []), row]);
    const queue = [...byJob.values()];
    const worker = async () => {
      for (let group = queue.shift(); group; group = queue.shift())
        for (const row of group) found.set(row, await one(row));
    };
    await Promise.all(Array.from({ length: claimsAtOnce }, worker));
    return rows.map((row) => found.get(row));
  };

  return {
    async claim(rows, withClaims) {
      await settling;
      claiming += 1;
      return withClaims((claims) => claimAll(claims, rows)).finally(() => {
        claiming -= 1;
      });
    },
    async freeForgotten(claims) {
      if (claiming > 0) return;
      const work = async () => {
        const live = new Set(host()?.live());
        const found = new Map<number, number>();
        const now = performance.now();
        for (const id of await claims.ofProcess(lease.holder())) {
          const here = live.has(id) ? undefined : await executions.get(id);
          if (!live.has(id) && (here === undefined || here.status === 'pending'))
            found.set(id, forgotten.get(id) ?? now);
        }
        const stillLive = new Set(host()?.live());
        for (const [id, since] of found)
          if (now - since >= forgottenMs && !stillLive.has(id)) await claims.free(id, lease.holder());
        forgotten = found;
      };
      const done = work();
      settling = done.catch(() => undefined);
      await done;
    },
  };
}
