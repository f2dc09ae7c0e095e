import { createHash } from 'node:crypto';
import type { ConnectionPool } from 'mssql';
import type { SqlPoolStatus } from '../../../core/ports/sql-client';
import { driverFor, type SqlServerDriver } from './drivers';
import type { SqlServerTarget } from './mssql-config';

/** Pools unused for long close their connections by themselves; this bounds how many targets are remembered. */
const mostPools = 50;
const longestCloseMs = 8000;

export interface OpenPool {
  readonly pool: ConnectionPool;
  readonly driver: SqlServerDriver;
}

/** One pool a login, shared by its jobs. */
export interface PoolRegistry {
  /** The pool of a target, which is connected once to see that it can be. */
  open(target: SqlServerTarget): Promise<OpenPool>;
  status(): SqlPoolStatus[];
  /** Closes the pools of a saved connection as soon as nothing uses them. */
  forget(connection_id: string): void;
  close(): Promise<void>;
}

interface Entry {
  readonly target: SqlServerTarget;
  readonly opening: Promise<OpenPool>;
  opened: ConnectionPool | undefined;
}

export function createPoolRegistry(): PoolRegistry {
  const entries = new Map<string, Entry>();

  const keyOf = (target: SqlServerTarget) =>
    createHash('sha256').update(JSON.stringify(target)).digest('hex');

  const drop = (key: string) => {
    const entry = entries.get(key);
    entries.delete(key);
    // Waits for what runs: a pool that closes lets its borrowed connections finish.
    void entry?.opening.then(({ pool }) => pool.close()).catch(() => undefined);
  };

  const connect = async (target: SqlServerTarget): Promise<OpenPool> => {
    const driver = await driverFor(target);
    const pool = driver.createPool(target);
    // A lost connection is found when it is borrowed next; without a listener it would end the whole program.
    pool.on('error', () => undefined);
    await pool.connect();
    return { pool, driver };
  };

  return {
    open(target) {
      const key = keyOf(target);
      const known = entries.get(key);
      if (known) return known.opening;
      if (entries.size >= mostPools) drop(entries.keys().next().value ?? '');
      const entry: Entry = { target, opening: connect(target), opened: undefined };
      entries.set(key, entry);
      entry.opening.then(
        ({ pool }) => {
          entry.opened = pool;
        },
        () => {
          if (entries.get(key) === entry) entries.delete(key);
        },
      );
      return entry.opening;
    },
    status() {
      return [...entries.values()].map(({ target, opened }) => ({
        connection_id: target.connection_id ?? null,
        server: target.server,
        database: target.database,
        max: target.max_connections,
        open: opened?.connected ? opened.size : 0,
        in_use: opened?.connected ? opened.borrowed : 0,
        waiting: opened?.connected ? opened.pending : 0,
      }));
    },
    forget(connection_id) {
      for (const [key, { target }] of entries) if (target.connection_id === connection_id) drop(key);
    },
    async close() {
      const open = [...entries.values()];
      entries.clear();
      const closing = Promise.allSettled(open.map(async ({ opening }) => (await opening).pool.close()));
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, longestCloseMs);
      });
      // A server that does not answer must not hold up the end of the program.
      await Promise.race([closing, late]);
      clearTimeout(timer);
    },
  };
}
