import type { Kysely } from 'kysely';
import { AppError } from '../../../../src-shared/errors';
import { placementOf } from '../../../core/cluster/placement';
import { type Cluster, type ClusterHost, type Machine, openOwner } from '../../../core/ports/cluster';
import type { Logger } from '../../../core/ports/logger';
import type { ExecutionRecord, ExecutionRepository, NewExecution } from '../../../core/ports/store';
import type { ServerPool } from '../sqlserver/connect';
import type { Tables } from '../tables';
import type { Row } from '../write-behind/local-rows';
import type { Ask, ServerTable } from '../write-behind/server-tables';
import type { OpenLink } from '../write-behind/watch-link';
import { createSlotClaims, type Holder, type SlotClaims, slotText } from './claims';
import type { IdBlocks } from './id-blocks';
import {
  enter,
  giveUp,
  type KnownMachine,
  leaseSeconds,
  listMachines,
  renew,
  type Self,
  stepOut,
} from './machine-table';
import { createHistoryPull, pullTable, slowTables } from './pull';
import { historyTable } from './shared-tables';
import { createTurns } from './turns';
import { createWatch } from './watch';

/** Work of others is looked for so often; definitions every second time, old versions every thirtieth. */
const pullMs = 2000;
const claimsAtOnce = 3;
/** The lease counts as held here for a little shorter than the server says. */
const heldMs = (leaseSeconds - 2) * 1000;
/** A row that nothing here begins for so long is set free. */
const forgottenMs = 6000;
/** A place that is free is offered so soon, together with others. */
const freeMs = 60;

/** What the program says of the machine it is. */
export type ClusterMember = Pick<Self, 'node' | 'instance' | 'version' | 'tags' | 'address'>;

/** The cluster as the store's opener drives it. */
export interface DrivenCluster extends Cluster {
  /** What rows made here are marked with. */
  readonly stamp: { readonly machine: string; readonly fence: number };
  /** Whether an execution of this machine was given up by another: nothing of it is sent any more. */
  isLost(execution_id: number): boolean;
  /** A way to the server is open: enters, or goes on under the number it has. Throws `conflict`. */
  join(ask: Ask, tables: ReadonlyMap<string, ServerTable>): Promise<void>;
  /** From now on this way is used; until it is lost. */
  use(open: OpenLink, pool: ServerPool): void;
  /** Renews the lease and looks after the others; called every two seconds while the way is open. */
  beat(ask: Ask): Promise<void>;
  /** The last word of a program that ends in order, when the server has everything. */
  release(ask: Ask): Promise<void>;
}

export function createCluster(deps: {
  readonly db: Kysely<Tables>;
  readonly executions: Pick<ExecutionRepository, 'get'>;
  readonly self: Self;
  readonly ids: IdBlocks;
  readonly logger: Logger;
}): DrivenCluster {
  const { db, self, ids, logger } = deps;
  let host: ClusterHost | undefined;
  let fence: number | undefined;
  let history: ServerTable | undefined;
  let open: { readonly link: OpenLink; readonly claims: SlotClaims } | undefined;
  let away: Cluster['away'] = { since: Date.now(), reason: 'It has not been reached yet' };
  /** On the monotonic clock. */
  let heldUntil = 0;
  let isLeaving = false;
  const watch = createWatch();
  const turns = createTurns(self);
  /** Rows were left that wait for a free place on any machine. */
  let isMoreWaiting = false;

  const holder = (): Holder => ({ node: self.node, instance: self.instance, fence: fence ?? 0 });
  const setAway = (reason: string | undefined) => {
    const was = away;
    if (reason === undefined) away = undefined;
    else away ??= { since: Date.now(), reason };
    if ((was === undefined) !== (away === undefined)) host?.standing();
  };
  const holdsLease = () => performance.now() < heldUntil;

  const pulling = createHistoryPull({
    db,
    table: () => history,
    node: self.node,
    instance: self.instance,
    onLost(execution_id, status) {
      if (status === 'pending' || status === 'running') host?.lose([execution_id]);
      else if (status !== 'interrupted')
        logger.warning(
          `execution ${execution_id} ended here as ${status} after this machine had been given up; it stays as the others wrote it`,
        );
    },
  });

  const recordsOf = async (execution_ids: readonly number[]): Promise<ExecutionRecord[]> => {
    const found = await Promise.all(execution_ids.map((id) => deps.executions.get(id)));
    return found.flatMap((one) => (one ? [one] : []));
  };

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
    const live = host?.live() ?? [];
    if (live.length > 0) await pulling.fetch(ask, live);
    const kept = host?.live() ?? [];
    if (kept.length === 0) return;
    await db
      .updateTable(historyTable)
      .set({ fence })
      .where('execution_id', 'in', [...kept])
      .execute();
    await ask(
      `UPDATE ${history?.full} SET [fence] = ${fence}, [changed_date] = GETUTCDATE()
       WHERE [execution_id] IN (${kept.join(', ')}) AND [machine] = @node AND [status] IN (N'pending', N'running')`,
      (request) => request.input('node', self.node),
    );
  };

  const keepLease = async (ask: Ask) => {
    const sent = performance.now();
    const isKept = fence !== undefined && (await renew(ask, self, fence, host?.live().length ?? 0));
    if (isKept) heldUntil = sent + heldMs;
    else await enterAnew(ask);
  };

  /** Ends what machines that are gone were running, and takes what they had not begun. */
  const inherit = async (claims: SlotClaims) => {
    const ask = open?.link.ask;
    if (!host || !ask || !holdsLease()) return;
    const ended = new Map<string, number[]>();
    const taken: number[] = [];
    let lastSeen = 0;
    let places = host.places();
    isMoreWaiting = false;
    for (const row of await claims.orphans()) {
      const id = Number(row.execution_id);
      const verdict = row.status === 'running' ? 'end' : host.verdict(await asRecord(row));
      // This machine's own earlier life: the start puts its running rows right.
      if (row.status === 'running' && row.machine === self.node) continue;
      if (verdict === 'take' && places <= 0) isMoreWaiting = true;
      else if (verdict === 'take' && (await claims.take(row, holder()))) {
        taken.push(id);
        places -= 1;
      }
      if (verdict !== 'end') continue;
      const seen = Date.parse(`${row.seen}Z`);
      const start = Date.parse(String(row.start_time));
      const end = Math.max(seen, start);
      const shown = new Date(seen).toISOString().slice(0, 19).replace('T', ' ');
      const how =
        row.gone === 'stopped'
          ? `Machine "${row.machine}" was stopped at ${shown} UTC`
          : `Machine "${row.machine}" was not heard of after ${shown} UTC and was given up by "${self.node}"`;
      const isEnded = await claims.end(id, row.now_fence, {
        at: new Date(end).toISOString(),
        seconds: row.status === 'running' ? (end - start) / 1000 : 0,
        message:
          row.status === 'running'
            ? `${how}; whether this came to its end is not known`
            : `${how}; this had not begun`,
      });
      if (!isEnded) continue;
      lastSeen = Math.max(lastSeen, seen);
      ended.set(String(row.machine), [...(ended.get(String(row.machine)) ?? []), id]);
    }
    await pulling.fetch(ask, [...taken, ...[...ended.values()].flat()], true);
    for (const record of await recordsOf(taken)) {
      // The row is ours on the server; here it was still the other machine's.
      await adopt(record.execution_id);
      host.resume({ ...record, machine: self.node, owner: self.instance });
    }
    for (const [node, list] of ended) host.gaveUp(node, await recordsOf(list), lastSeen);
  };

  let inheriting: Promise<void> | undefined;
  /** One at a time: two would take the same rows, and count places twice. */
  const inheritOnce = (claims: SlotClaims): Promise<void> => {
    inheriting ??= inherit(claims).finally(() => {
      inheriting = undefined;
    });
    return inheriting;
  };
  let isOffered = false;

  const adopt = (execution_id: number) =>
    db
      .updateTable(historyTable)
      .set({ machine: self.node, fence: fence ?? 0, owner: self.instance })
      .where('execution_id', '=', execution_id)
      .execute();

  const asRecord = async (row: Row): Promise<ExecutionRecord> => {
    const id = Number(row.execution_id);
    const known = await deps.executions.get(id);
    if (known) return known;
    if (open) await pulling.fetch(open.link.ask, [id]);
    return (await deps.executions.get(id)) ?? ({ ...row, execution_id: id, metadata: {} } as never);
  };

  /** Asks the server, and gives up when the way to it is lost. */
  const withServer = async <T>(work: (ask: Ask, claims: SlotClaims) => Promise<T>): Promise<T> => {
    const way = open;
    if (!way || away)
      throw new AppError('unavailable', `The database is away: ${away?.reason ?? 'no connection'}`);
    if (!holdsLease())
      throw new AppError(
        'unavailable',
        'This machine was not heard of for too long and has to join again first',
      );
    return Promise.race([work(way.link.ask, way.claims), way.link.lost]);
  };

  /** A claim whose answer was lost: is the row there? Asked until the server says, or its way is lost. */
  let claiming = 0;
  let settling: Promise<void> = Promise.resolve();
  /** Rows of this process that nothing here will begin, and since when, on the monotonic clock. */
  let forgotten: ReadonlyMap<number, number> = new Map();

  /**
   * A claim, or a row that was taken over, whose answer never came: it waits on the server in this machine's name, and
   * nothing here waits to begin it. It is set free for whichever machine takes it. Claims wait meanwhile.
   */
  const freeForgotten = async (claims: SlotClaims) => {
    if (claiming > 0) return;
    const work = async () => {
      const live = new Set(host?.live());
      const found = new Map<number, number>();
      const now = performance.now();
      for (const id of await claims.ofProcess(holder())) {
        const here = live.has(id) ? undefined : await deps.executions.get(id);
        if (!live.has(id) && (here === undefined || here.status === 'pending'))
          found.set(id, forgotten.get(id) ?? now);
      }
      const stillLive = new Set(host?.live());
      for (const [id, since] of found)
        if (now - since >= forgottenMs && !stillLive.has(id)) await claims.free(id, holder());
      forgotten = found;
    };
    const done = work();
    settling = done.catch(() => undefined);
    await done;
  };

  const claimOne = async (claims: SlotClaims, row: NewExecution): Promise<number | undefined> => {
    const id = ids.next();
    if (row.owner === openOwner) isMoreWaiting = true;
    try {
      return (await claims.insert(row, id, holder())) ? id : undefined;
    } catch (error) {
      const isThere = await claims.exists(id).catch(() => {
        throw error;
      });
      if (isThere) return id;
      throw error;
    }
  };

  const start = (way: { readonly link: OpenLink; readonly claims: SlotClaims }) => {
    let round = 0;
    const look = async () => {
      if (open !== way || isLeaving) return;
      try {
        await Promise.race([lookAround(way, round), way.link.lost]);
      } catch (error) {
        if (open === way)
          logger.debug('what other machines wrote could not be fetched', { error: String(error) });
      }
      round += 1;
      if (open === way && !isLeaving) setTimeout(() => void look(), pullMs).unref();
    };
    void look();
  };

  const lookAround = async (
    { link, claims }: { readonly link: OpenLink; readonly claims: SlotClaims },
    round: number,
  ) => {
    await ids.refill(link.ask);
    // What comes before the program is ready is read by its start.
    if (!host) return;
    await inheritOnce(claims);
    await freeForgotten(claims);
    const executions = await recordsOf(await pulling.pull(link.ask));
    const changed = { jobs: [] as string[], places: [] as string[], tables: new Set<string>() };
    if (round % 2 === 0)
      for (const table of link.tables.values()) {
        const { name, isNumbered } = table.local;
        if (isNumbered || (slowTables.has(name) && round % 30 !== 0)) continue;
        const rows = await pullTable(db, link.ask, table);
        if (rows.length === 0) continue;
        changed.tables.add(name);
        const ids = rows.map((row) => String(row.job_id));
        if (name === 'job_configurations') changed.jobs.push(...ids);
        if (name === 'schedule_state') changed.places.push(...ids);
      }
    if (executions.length > 0 || changed.tables.size > 0) await host?.changed({ executions, ...changed });
  };

  return {
    node: self.node,
    tags: self.tags,
    get stamp() {
      return { machine: self.node, fence: fence ?? 0 };
    },
    get away() {
      return away;
    },
    get isHeld() {
      return holdsLease();
    },
    isLost: pulling.isLost,
    placementOf: (runs_on) => placementOf(runs_on, self),
    async join(ask, tables) {
      history = tables.get(historyTable);
      await ids.refill(ask);
      await keepLease(ask);
    },
    use(link, pool) {
      if (!history) return;
      const way = { link, claims: createSlotClaims(link.ask, pool, history) };
      open = way;
      setAway(undefined);
      link.lost.catch((error) => {
        if (open !== way) return;
        open = undefined;
        setAway(error instanceof Error ? error.message : String(error));
      });
      start(way);
    },
    async beat(ask) {
      await keepLease(ask);
      const machines = await listMachines(ask);
      turns.note(machines, Date.now());
      for (const one of watch.overdue(machines, self.node, performance.now()))
        if (await giveUp(ask, one.node, one.fence))
          logger.error(`machine "${one.node}" is not heard of any more; its work is taken over`);
    },
    async release(ask) {
      if (fence !== undefined) await stepOut(ask, self, fence);
    },
    async claim(rows) {
      await settling;
      claiming += 1;
      const work = withServer(async (_ask, claims) => {
        const held = await claims.held(rows);
        const found = new Map<NewExecution, number | undefined>();
        const one = async (row: NewExecution) => {
          const there = held.get(slotText(row));
          if (!there) return claimOne(claims, row);
          // Claimed by this process, whose answer was lost: it is ours, if nothing came of it yet.
          const isOurs = there.machine === self.node && there.owner === self.instance;
          return isOurs && !(await deps.executions.get(there.execution_id)) ? there.execution_id : undefined;
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
      });
      return work.finally(() => {
        claiming -= 1;
      });
    },
    async runningElsewhere(job_ids) {
      return withServer(async (ask) => {
        const counts = new Map<string, number>();
        const rows = await ask<{ job_id: string; n: number }>(
          `SELECT [job_id], COUNT(*) AS n FROM ${history?.full}
           WHERE [status] IN (N'pending', N'running')
             AND ([machine] IS NULL OR [machine] <> @node OR [owner] = N'${openOwner}') GROUP BY [job_id]`,
          (request) => request.input('node', self.node),
        );
        const wanted = new Set(job_ids);
        for (const { job_id, n } of rows) if (wanted.has(job_id)) counts.set(job_id, Number(n));
        return counts;
      });
    },
    begin: (row) => withServer((_ask, claims) => claims.begin(row, holder())),
    async agreeOn(places) {
      return withServer(async (ask) => {
        const agreed = new Map<string, number>();
        for (const { job_id, anchor, schedule_digest, cursor, schedule } of places) {
          const here = new Date(anchor).toISOString().slice(0, -1);
          await ask(
            `INSERT INTO [dbo].[schedule_state] ([job_id], [anchor], [schedule_digest], [cursor], [schedule])
             SELECT @job, @anchor, @digest, @cursor, @schedule
             WHERE NOT EXISTS (SELECT 1 FROM [dbo].[schedule_state] WHERE [job_id] = @job)`,
            (request) =>
              request
                .input('job', job_id)
                .input('anchor', here)
                .input('digest', schedule_digest)
                .input('cursor', new Date(cursor).toISOString().slice(0, -1))
                .input('schedule', schedule ?? null),
          ).catch((error: { number?: number }) => {
            if (error.number !== 2627 && error.number !== 2601) throw error;
          });
          const [row] = await ask<{ anchor: string; digest: string }>(
            `SELECT CONVERT(nvarchar(30), [anchor], 126) AS [anchor], [schedule_digest] AS [digest]
             FROM [dbo].[schedule_state] WHERE [job_id] = @job`,
            (request) => request.input('job', job_id),
          );
          if (row?.digest === schedule_digest) agreed.set(job_id, Date.parse(`${row.anchor}Z`));
        }
        return agreed;
      });
    },
    async machines() {
      const known: readonly KnownMachine[] = await withServer((ask) => listMachines(ask));
      return known.map(({ written: _written, over: _over, ...machine }): Machine => machine);
    },
    holdBack: (job_id, slot, runs_on) => turns.holdBack(job_id, slot, runs_on, Date.now()),
    attach(to) {
      host = to;
    },
    noteFree() {
      if (!isMoreWaiting || isOffered || isLeaving) return;
      isOffered = true;
      setTimeout(() => {
        isOffered = false;
        const way = open;
        if (!way || away || isLeaving) return;
        Promise.race([inheritOnce(way.claims), way.link.lost]).catch((error) =>
          logger.debug('rows that wait could not be taken', { error: String(error) }),
        );
      }, freeMs).unref();
    },
    async leave() {
      isLeaving = true;
    },
  };
}
