import type { ConnectionPool } from 'mssql';
import { AppError } from '../../../../src-shared/errors';
import { SqlError } from '../../../core/ports/sql-client';
import { driverFor, type SqlServerDriver } from '../../sql/sqlserver/drivers';
import { explainSqlServerError } from '../../sql/sqlserver/explain-error';
import type { SqlServerTarget } from '../../sql/sqlserver/mssql-config';

/** A pool of connections to the store's server, with the driver it is made by. */
export interface ServerPool {
  readonly driver: SqlServerDriver;
  readonly pool: ConnectionPool;
  /** Closes it at once, whatever is under way: a connection whose other end is silent is waited for by nobody. */
  abandon(): void;
}

/** A connection of tedious; the other driver's are not known before they are open. */
interface Closable {
  close?(): void;
  once?(event: 'end', listener: () => void): void;
  readonly socket?: { readonly bytesRead: number };
}

/** How many bytes have come in over connections, opened or being opened. */
export type BytesHeard = () => number;

export interface PoolLimits {
  readonly connectMs: number;
  readonly requestMs: number;
  readonly acquireMs: number;
  readonly max: number;
}

/** A failure of the server, or of the way to it, as AppError `unavailable` in the words the jobs' connections use. */
export function storeFailure(error: unknown, target: SqlServerTarget): AppError {
  if (error instanceof AppError) return error;
  const { message } = error instanceof SqlError ? error : explainSqlServerError(error, target);
  return new AppError('unavailable', message, { cause: error });
}

/**
 * mssql logs in once to see that it can, ends that, and logs in again for the first question. Here the first login is
 * the first connection of the pool: a server that is busy takes its time for each.
 */
async function connectOnce(pool: ConnectionPool): Promise<void> {
  const inner = pool as unknown as {
    _poolCreate(): Promise<Closable & { closed?: boolean }>;
    _poolDestroy(connection: Closable): Promise<void>;
    acquire(requester: object): Promise<Closable>;
    release(connection: Closable): void;
  };
  const [create, destroy] = [inner._poolCreate.bind(pool), inner._poolDestroy.bind(pool)];
  let first: (Closable & { closed?: boolean }) | undefined;
  inner._poolDestroy = async (connection) => {
    inner._poolDestroy = destroy;
    first = connection;
  };
  inner._poolCreate = async () => {
    const kept = first;
    first = undefined;
    return kept && !kept.closed ? kept : create();
  };
  await pool.connect();
  // Into the pool with it at once: what the pool does not have it does not close.
  inner.release(await inner.acquire({}));
}

/** Opens a pool and connects once. Throws AppError `unavailable`: what is wrong, and what to do about it. */
export async function connectServer(
  target: SqlServerTarget,
  limits: PoolLimits,
  onBegin: (heard: BytesHeard) => void = () => undefined,
): Promise<ServerPool> {
  try {
    const driver = await driverFor(target);
    const made = new Set<Closable>();
    const pool = driver.createPool(target, (base) => ({
      ...base,
      beforeConnect(connection) {
        const one = connection as Closable;
        if (!one.close || !one.once) return;
        made.add(one);
        one.once('end', () => made.delete(one));
      },
      // What is closed is seen; a question before each question would be a second journey to the server.
      validateConnection: 'socket',
      connectionTimeout: limits.connectMs,
      requestTimeout: limits.requestMs,
      pool: {
        ...base.pool,
        max: limits.max,
        acquireTimeoutMillis: limits.acquireMs,
        createTimeoutMillis: limits.connectMs + 1000,
      },
      // A claim that is refused (2627) must leave its transaction as it is.
      options: { ...base.options, abortTransactionOnError: false },
    }));
    // A lost connection is found when it is used next; without a listener it would end the whole program.
    pool.on('error', () => undefined);
    onBegin(() => [...made].reduce((sum, { socket }) => sum + (socket?.bytesRead ?? 0), 0));
    await connectOnce(pool);
    const abandon = () => {
      pool.close().catch(() => undefined);
      for (const connection of [...made]) connection.close?.();
    };
    return { driver, pool, abandon };
  } catch (error) {
    throw storeFailure(error, target);
  }
}
