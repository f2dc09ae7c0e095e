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
}

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

/** Opens a pool and connects once. Throws AppError `unavailable`: what is wrong, and what to do about it. */
export async function connectServer(target: SqlServerTarget, limits: PoolLimits): Promise<ServerPool> {
  try {
    const driver = await driverFor(target);
    const pool = driver.createPool(target, (base) => ({
      ...base,
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
    await pool.connect();
    return { driver, pool };
  } catch (error) {
    throw storeFailure(error, target);
  }
}
