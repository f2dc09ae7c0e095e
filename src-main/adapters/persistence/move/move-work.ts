import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../../src-shared/errors';
import type { MovedTable } from '../../../../src-shared/model/store';
import { openSqlite } from '../sqlite/open-sqlite-store';
import { connectServer, type ServerPool } from '../sqlserver/connect';
import { openServerDatabase } from '../sqlserver/open-sqlserver-store';
import type { StoreTarget } from '../sqlserver/store-target';
import { type LocalTable, localTables } from '../write-behind/changes';
import { type Ask, asker, serverTables } from '../write-behind/server-tables';
import {
  type Copied,
  catchUp,
  compareTable,
  copyTable,
  type MoveSide,
  removeExtras,
  type Walk,
} from './copy-rows';
import { keepNumbers, openReading, serverDigests, serverSide } from './sides';

const requestMs = 120_000;

/** Told as a move goes on. */
export interface MoveReport {
  table(name: string, change: Partial<MovedTable>): void;
  step(step: 'copying' | 'comparing'): void;
  rows(count: number): void;
}

/** How the rows of each table looked when they were copied. */
export type Copies = ReadonlyMap<string, Copied>;

/** A move that was made: its setting is written, and the rest is brought when the store is closed. */
export interface MadeMove {
  readonly target: StoreTarget;
  readonly copies: Copies;
  readonly digestOf: Walk['digestOf'];
  readonly identity: string;
}

/** A server that is open for a move. */
export interface OpenServer {
  readonly pool: ServerPool;
  readonly ask: Ask;
  readonly configurationsTable: string;
  close(): Promise<void>;
}

/** Connects for a move and makes the tables that are missing. Throws `unavailable`. */
export async function openServer({ target }: StoreTarget): Promise<OpenServer> {
  const pool = await connectServer(target, {
    connectMs: target.connection_timeout_seconds * 1000,
    requestMs,
    acquireMs: 30_000,
    max: 2,
  });
  const close = () => pool.pool.close().catch(() => undefined);
  try {
    const { configurationsTable } = await openServerDatabase(pool, target);
    return { pool, ask: asker(pool), configurationsTable, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Both sides of a move, with the tables that both have. */
export interface OpenSides {
  readonly tables: readonly LocalTable[];
  readonly embedded: MoveSide;
  readonly server: MoveSide;
  readonly digestOf: Walk['digestOf'];
  close(): Promise<void>;
}

/** The embedded database `file` (read only) and a server. */
export async function openSides(
  file: string,
  { pool, ask, configurationsTable }: Pick<OpenServer, 'pool' | 'ask' | 'configurationsTable'>,
  embeddedOver: (db: ReturnType<typeof openReading>['db']) => MoveSide,
): Promise<OpenSides> {
  const { db, close } = openReading(file);
  try {
    const found = await serverTables(ask, await localTables(db), configurationsTable);
    return {
      tables: [...found.values()].map(({ local }) => local),
      embedded: embeddedOver(db),
      server: serverSide(pool, ask, found),
      digestOf: serverDigests(found),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const shown = (digest: string) => digest.slice(0, 12);

/** Copies all tables and reads the target again: what does not come out as it went in is named. */
export async function copyAndCompare(options: {
  readonly tables: readonly LocalTable[];
  readonly source: MoveSide;
  readonly target: MoveSide;
  readonly digestOf: Walk['digestOf'];
  readonly signal: AbortSignal;
  readonly report: MoveReport;
  /** Rows of the target that the source does not have are taken away: it holds a copy of this source alone. */
  readonly isWhole?: boolean;
}): Promise<{ readonly copies: Copies; readonly differing: readonly string[] }> {
  const { tables, source, target, report } = options;
  const walk: Walk = { ...options, onRows: (_table, rows) => report.rows(rows) };
  const copies = new Map<string, Copied>();
  report.step('copying');
  for (const table of tables) {
    report.table(table.name, { state: 'copying' });
    const copied = await copyTable(source, target, table, walk);
    copies.set(table.name, copied);
    if (options.isWhole) await removeExtras(target, table, copied.seen, walk);
    report.table(table.name, { source: copied.rows });
  }
  report.step('comparing');
  const differing: string[] = [];
  for (const table of tables) {
    const copied = copies.get(table.name);
    if (!copied) continue;
    report.table(table.name, { state: 'comparing' });
    const found = await compareTable(target, table, copied.seen, walk);
    const isSame = found.rows === copied.rows && found.digest === copied.digest;
    if (!isSame) differing.push(table.name);
    report.table(table.name, {
      target: found.rows,
      state: isSame ? 'same' : 'differs',
      digest: isSame ? shown(found.digest) : null,
    });
  }
  return { copies, differing };
}

/** Brings what changed since the copy. How many rows that were. Throws `conflict` where the counts differ then. */
export async function bringRest(options: {
  readonly tables: readonly LocalTable[];
  readonly source: MoveSide;
  readonly target: MoveSide;
  readonly digestOf: Walk['digestOf'];
  readonly copies: Copies;
}): Promise<number> {
  const { tables, source, target, copies } = options;
  const walk: Walk = { ...options, signal: new AbortController().signal, onRows: () => undefined };
  let changed = 0;
  for (const table of tables) {
    const copied = copies.get(table.name);
    if (copied) changed += await catchUp(source, target, table, copied.seen, walk);
  }
  for (const table of tables) {
    const [here, there] = [await source.count(table), await target.count(table)];
    if (here !== there)
      throw new AppError(
        'conflict',
        `${table.name} has ${here} rows here and ${there} where it was moved to`,
      );
  }
  return changed;
}

/** The file that a move away from a server writes, until it is put in its place. */
export const incomingFile = (dataFolder: string): string => join(dataFolder, 'store-move.db');

/** Makes that file empty, with tables of today. */
export async function openIncoming(dataFolder: string): Promise<Awaited<ReturnType<typeof openSqlite>>> {
  const file = incomingFile(dataFolder);
  for (const tail of ['', '-wal', '-shm']) if (existsSync(file + tail)) rmSync(file + tail);
  return openSqlite({ file });
}

export { keepNumbers };
