import type { Kysely } from 'kysely';
import { AppError } from '../../../../src-shared/errors';
import { placementOf } from '../../../core/cluster/placement';
import { type Cluster, type ClusterHost, type Machine, openOwner } from '../../../core/ports/cluster';
import type { Logger } from '../../../core/ports/logger';
import type { ExecutionRecord, ExecutionRepository } from '../../../core/ports/store';
import type { ServerPool } from '../sqlserver/connect';
import type { Tables } from '../tables';
import type { Ask, ServerTable } from '../write-behind/server-tables';
import type { OpenLink } from '../write-behind/watch-link';
import { agreeOn } from './agree-on';
import { createClaiming } from './claiming';
import { createSlotClaims, type SlotClaims } from './claims';
import type { IdBlocks } from './id-blocks';
import { createInheritance, type Way } from './inheritance';
import { createLease } from './lease';
import { giveUp, listMachines, type Self } from './machine-table';
import { createHistoryPull, pullTable, slowTables } from './pull';
import { historyTable } from './shared-tables';
import { createTurns } from './turns';
import { createWatch } from './watch';

/** Work of others is looked for so often; definitions every second time, old versions every thirtieth. */
const pullMs = 2000;

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
  const { db, executions, self, ids, logger } = deps;
  let host: ClusterHost | undefined;
  let history: ServerTable | undefined;
  let open: Way | undefined;
  let away: Cluster['away'] = { since: Date.now(), reason: 'It has not been reached yet' };
  let isLeaving = false;
  const watch = createWatch();
  const turns = createTurns(self);

  const setAway = (reason: string | undefined) => {
    const was = away;
    if (reason === undefined) away = undefined;
    else away ??= { since: Date.now(), reason };
    if ((was === undefined) !== (away === undefined)) host?.standing();
  };

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
    const found = await Promise.all(execution_ids.map((id) => executions.get(id)));
    return found.flatMap((one) => (one ? [one] : []));
  };

  const lease = createLease({ db, self, host: () => host, history: () => history, pulling, logger });
  const inheritance = createInheritance({
    db,
    executions,
    recordsOf,
    self,
    lease,
    host: () => host,
    pulling,
    way: () => open,
    mayTake: () => away === undefined,
    isLeaving: () => isLeaving,
    logger,
  });
  const claiming = createClaiming({
    executions,
    self,
    lease,
    ids,
    host: () => host,
    onOpen(row) {
      if (row.owner === openOwner) inheritance.noteWaiting();
    },
  });

  /** Asks the server, and gives up when the way to it is lost. */
  const withServer = async <T>(work: (ask: Ask, claims: SlotClaims) => Promise<T>): Promise<T> => {
    const way = open;
    if (!way || away)
      throw new AppError('unavailable', `The database is away: ${away?.reason ?? 'no connection'}`);
    if (!lease.isHeld)
      throw new AppError(
        'unavailable',
        'This machine was not heard of for too long and has to join again first',
      );
    return Promise.race([work(way.link.ask, way.claims), way.link.lost]);
  };

  const start = (way: Way) => {
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

  const lookAround = async ({ link, claims }: Way, round: number) => {
    await ids.refill(link.ask);
    // What comes before the program is ready is read by its start.
    if (!host) return;
    await inheritance.look(claims);
    await claiming.freeForgotten(claims);
    const changedRuns = await recordsOf(await pulling.pull(link.ask));
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
    if (changedRuns.length > 0 || changed.tables.size > 0)
      await host?.changed({ executions: changedRuns, ...changed });
  };

  return {
    node: self.node,
    tags: self.tags,
    get stamp() {
      return { machine: self.node, fence: lease.fence };
    },
    get away() {
      return away;
    },
    get isHeld() {
      return lease.isHeld;
    },
    isLost: pulling.isLost,
    placementOf: (runs_on) => placementOf(runs_on, self),
    async join(ask, tables) {
      history = tables.get(historyTable);
      await ids.refill(ask);
      await lease.keep(ask);
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
      await lease.keep(ask);
      const machines = await listMachines(ask);
      turns.note(machines, Date.now());
      for (const one of watch.overdue(machines, self.node, performance.now()))
        if (await giveUp(ask, one.node, one.fence))
          logger.error(`machine "${one.node}" is not heard of any more; its work is taken over`);
    },
    release: lease.release,
    claim: (rows) => claiming.claim(rows, (work) => withServer((_ask, claims) => work(claims))),
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
    begin: (row) => withServer((_ask, claims) => claims.begin(row, lease.holder())),
    agreeOn: (places) => withServer((ask) => agreeOn(ask, places)),
    async machines() {
      const known = await withServer((ask) => listMachines(ask));
      return known.map(({ written: _written, over: _over, ...machine }): Machine => machine);
    },
    holdBack: (job_id, slot, runs_on) => turns.holdBack(job_id, slot, runs_on, Date.now()),
    attach(to) {
      host = to;
    },
    noteFree: inheritance.noteFree,
    async leave() {
      isLeaving = true;
    },
  };
}
