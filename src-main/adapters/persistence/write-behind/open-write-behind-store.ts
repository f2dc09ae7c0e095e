import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { AppError } from '../../../../src-shared/errors';
import type { SharedStore } from '../../../core/ports/cluster';
import type { Logger } from '../../../core/ports/logger';
import type { SqlServerTarget } from '../../sql/sqlserver/mssql-config';
import { type ClusterMember, createCluster, type DrivenCluster } from '../cluster/create-cluster';
import { createIdBlocks, numberingEngine } from '../cluster/id-blocks';
import { fetchShared } from '../cluster/pull';
import { historyTable, isSharedChange, sharedTables } from '../cluster/shared-tables';
import type { Engine } from '../engine';
import { createExecutionRepository } from '../execution-repository';
import { openSqlite, storeOver } from '../sqlite/open-sqlite-store';
import { sqliteEngine } from '../sqlite/sqlite-engine';
import { connectServer, type ServerPool, storeFailure } from '../sqlserver/connect';
import { openServerDatabase } from '../sqlserver/open-sqlserver-store';
import { embeddedFile, journalFile } from '../store-files';
import { adoptEmbedded, isEmbeddedUsed } from './adopt-embedded';
import {
  type Change,
  countChanges,
  localTables,
  retryRefusals,
  setState,
  stateOf,
  watchChanges,
} from './changes';
import { claimForCluster, claimServer, identityOf, releaseServer } from './claim-server';
import { createLink, linkLimits } from './link';
import { quickestPool } from './quickest-pool';
import { type Ask, asker, type ServerTable, serverTables } from './server-tables';
import { synchronise } from './synchronise';
import { type OpenLink, type Patience, watchLink, within } from './watch-link';

const clusterConnections = 10;
/** With several questions in each beat; a lease lasts longer than both. */
const clusterPatience: Patience = { silentMs: 6000, longestMs: 12_000 };
/** A login in the middle of the work may be slow: nothing waits for it. */
const loginMs = 10_000;
/** One question of those that bring both sides together again. */
const questionMs = 8000;

/** Takes an old journal out of the way, with its side files. */
function putAside(file: string): string {
  const aside = file.replace(/\.db$/, `-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.db`);
  for (const tail of ['-wal', '-shm']) if (existsSync(file + tail)) renameSync(file + tail, aside + tail);
  renameSync(file, aside);
  return aside;
}

/** Whether the way to the server failed, and not something the server said of its tables. */
function isConnectionTrouble(error: unknown): boolean {
  const found = error as { number?: unknown; cause?: { number?: unknown } } | undefined;
  return typeof (found?.number ?? found?.cause?.number) !== 'number';
}

interface Journal {
  readonly sqlite: Awaited<ReturnType<typeof openSqlite>>;
  readonly id: string;
  /** Which database it belongs to; undefined while it belongs to none. */
  readonly identity: string | undefined;
}

async function openJournal(file: string): Promise<Journal> {
  const sqlite = await openSqlite({ file });
  await watchChanges(sqlite.db);
  const id = (await stateOf(sqlite.db, 'journal')) ?? randomUUID();
  await setState(sqlite.db, 'journal', id);
  return { sqlite, id, identity: await stateOf(sqlite.db, 'identity') };
}

/**
 * The store of one program with a SQL Server: everything is read and written in an embedded journal beside it, and
 * written to the server behind, in order, as often as it takes. A server that is away stops nothing. Only the first
 * start on a database needs it: then AppError `unavailable` says why it can't be had.
 */
export async function openWriteBehindStore(options: {
  readonly target: SqlServerTarget;
  readonly dataFolder: string;
  readonly logger: Logger;
  /** Several machines on this database, of which this is one. */
  readonly cluster?: ClusterMember;
}): Promise<SharedStore> {
  const { target, dataFolder, logger } = options;
  const file = journalFile(dataFolder);
  const embedded = embeddedFile(dataFolder);
  let journal = await openJournal(file);

  let cluster: DrivenCluster | undefined;
  let engine: Engine = sqliteEngine;

  const writerOf = () => ({ journal: journal.id, machine: hostname(), pid: process.pid });
  let configurationsTable: string | undefined;

  const prepare = async (pool: ServerPool): Promise<string> => {
    const { configurationsTable: found, made } = await openServerDatabase(pool, target);
    if (made.length > 0)
      logger.info(`the tables of ${target.database} are made or brought up to date: ${made.join(', ')}`);
    return found;
  };

  /** The journal of one database is never written into another. */
  const checkBelonging = async (identity: string, isFirst: boolean): Promise<void> => {
    if (journal.identity === undefined || journal.identity === identity) return;
    const waiting = await countChanges(journal.sqlite.db);
    if (!isFirst || waiting > 0)
      throw new AppError(
        'conflict',
        `The journal ${file} holds ${waiting} changes for another database than the one on ${target.server}, ${target.database}; name that one again until they are written, or move the file away to give them up`,
      );
    await journal.sqlite.close();
    logger.warning(
      `another database is used from now on; the journal of the last one is kept as ${putAside(file)}`,
    );
    journal = await openJournal(file);
  };

  /** A journal that belongs to no database yet: does it begin with what the embedded store holds? */
  const adopt = async (ask: Ask, tables: ReadonlyMap<string, ServerTable>): Promise<boolean> => {
    const count = (name: string) => `(SELECT COUNT(*) FROM ${tables.get(name)?.full})`;
    const [row] = await ask<{ n: number }>(
      `SELECT ${count('job_configurations')} + ${count('job_execution_history_V2')} AS n`,
    );
    const isEmpty = Number(row?.n) === 0;
    if (!isEmbeddedUsed(embedded)) return false;
    await adoptEmbedded(journal.sqlite.db, embedded, isEmpty);
    logger.info(
      isEmpty
        ? `what the embedded store holds is taken over into ${target.database}; ${embedded} stays as it is`
        : `${target.database} holds jobs or runs already and is used as it is; the embedded store ${embedded} stays beside it`,
    );
    return isEmpty;
  };

  const claim = (ask: Ask) =>
    options.cluster ? claimForCluster(ask, options.cluster.node) : claimServer(ask, writerOf());

  /** Made once, when it is known which journal is used. */
  const clusterOver = async (member: ClusterMember): Promise<DrivenCluster> => {
    if (!cluster) {
      const { db } = journal.sqlite;
      const ids = await createIdBlocks(db);
      engine = numberingEngine(ids, () => cluster?.stamp);
      cluster = createCluster({
        db,
        executions: createExecutionRepository(db, engine),
        self: { ...member, journal: journal.id, host: hostname(), pid: process.pid },
        ids,
        logger,
      });
    }
    return cluster;
  };

  /** The tables as they were found; looked at again when the server has said that something is not so. */
  let known: ReadonlyMap<string, ServerTable> | undefined;

  const connect = async (isFirst: boolean, after?: unknown): Promise<OpenLink> => {
    if (!isConnectionTrouble(after)) known = undefined;
    // A renewal of the lease must not stand behind claims of hundreds of slots.
    const max = options.cluster ? clusterConnections : linkLimits.max;
    const limits = { ...linkLimits, max };
    const isNewHere = journal.identity === undefined;
    const pool = isNewHere
      ? await connectServer(target, { ...limits, connectMs: target.connection_timeout_seconds * 1000 })
      : await (isFirst
          ? connectServer(target, limits)
          : quickestPool(target, { ...limits, connectMs: loginMs }));
    try {
      configurationsTable ??= await prepare(pool);
      const plain = asker(pool);
      // A way that falls silent again while it is opened is given up soon, not when its questions time out.
      const ask: Ask = isFirst
        ? plain
        : (text, bind) => within(plain(text, bind), questionMs, 'The server did not answer');
      const identity = await identityOf(ask, randomUUID());
      await checkBelonging(identity, isFirst);
      const writer = writerOf();
      await claim(ask);
      const { db } = journal.sqlite;
      known ??= await serverTables(ask, await localTables(db), configurationsTable);
      const found = known;
      const tables = options.cluster ? sharedTables(found) : found;
      const isNew = journal.identity === undefined;
      const isAdopted = isNew && (await adopt(ask, found));
      if (!options.cluster)
        await synchronise(db, ask, tables, isNew && !isAdopted ? 'new' : isFirst ? 'start' : 'again');
      else if (isFirst) await fetchShared(db, ask, tables, options.cluster.node, isNew && !isAdopted);
      await setState(db, 'identity', identity);
      journal = { ...journal, identity };
      await retryRefusals(db);
      if (!options.cluster) return watchLink(pool, tables, (beat) => claimServer(beat, writer));
      const member = await clusterOver(options.cluster);
      await member.join(ask, tables);
      const beatAll = async (beat: Ask) => {
        await member.beat(beat);
        await claim(beat);
      };
      const open = watchLink(pool, tables, beatAll, clusterPatience);
      member.use(open, pool);
      return open;
    } catch (error) {
      pool.abandon();
      throw storeFailure(error, target);
    }
  };

  let first: OpenLink | AppError;
  try {
    first = await connect(true);
  } catch (error) {
    const refusal = storeFailure(error, target);
    if (journal.identity === undefined || refusal.code === 'conflict') {
      await journal.sqlite.close();
      // Nothing is in it yet: the next start begins anew.
      if (journal.identity === undefined)
        for (const tail of ['', '-wal', '-shm']) rmSync(file + tail, { force: true });
      throw refusal;
    }
    first = refusal;
  }
  const { db, disk, close } = journal.sqlite;
  if (options.cluster) await clusterOver(options.cluster);
  const member = cluster;
  const link = createLink({
    db,
    target,
    logger,
    connect: (after) => connect(false, after),
    release: (ask) => (member ? member.release(ask) : releaseServer(ask, writerOf())),
    ...(member
      ? {
          isShared: (change: Change) =>
            isSharedChange(change) &&
            !(change.table === historyTable && member.isLost(Number(change.key[0]))),
        }
      : {}),
  });
  const end = async () => {
    await link.stop();
    await close();
  };
  const store = storeOver({ db, disk, close: end }, undefined, engine);
  await link.start(first);
  return { ...store, remote: link, ...(member ? { cluster: member } : {}) };
}
