import { Kysely } from 'kysely';
import { AppError } from '../../../../src-shared/errors';
import type { Store } from '../../../core/ports/store';
import type { SqlServerTarget } from '../../sql/sqlserver/mssql-config';
import { createStore } from '../store';
import type { Tables } from '../tables';
import { connectServer, type ServerPool, storeFailure } from './connect';
import { MssqlPoolDialect } from './mssql-dialect';
import { findConfigurationsTable, missingRights, prepareSchema } from './prepare-schema';
import { sqlServerEngine } from './sqlserver-engine';
import { storedFormPlugin } from './stored-form-plugin';

/** A database whose tables are up to date. */
export interface ServerDatabase {
  readonly db: Kysely<Tables>;
  readonly configurationsTable: string;
  /** Migrations that were done now. */
  readonly made: readonly string[];
}

const scriptAdvice =
  'a database administrator can make the tables with the script that "npm run cli -- init-db --script" prints';

/** Kysely over an open pool, in the form of the tables there. */
export function kyselyOver({ driver, pool }: ServerPool, configurationsTable: string): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: new MssqlPoolDialect(driver, pool),
    plugins: [storedFormPlugin(configurationsTable)],
  }).withSchema('dbo');
}

/** Finds the tables, makes what is missing, and sees that the login may use them. Throws AppError `unavailable`. */
export async function openServerDatabase(pool: ServerPool, target: SqlServerTarget): Promise<ServerDatabase> {
  try {
    const plain = kyselyOver(pool, 'job_configurations');
    const configurationsTable = await findConfigurationsTable(plain);
    const db = kyselyOver(pool, configurationsTable);
    const made = await prepareSchema(db);
    const lacking = await missingRights(db, configurationsTable);
    if (lacking.length > 0) {
      throw new AppError(
        'unavailable',
        `Missing rights in the database "${target.database}": an administrator can give them with ${lacking.join('; ')} to the login of this program`,
      );
    }
    return { db, configurationsTable, made };
  } catch (error) {
    const failure = storeFailure(error, target);
    const number = (error as { number?: number } | null)?.number;
    if (number === 262 || number === 2760)
      throw new AppError('unavailable', `${failure.message}; or ${scriptAdvice}`, { cause: error });
    throw failure;
  }
}

/** The store on SQL Server alone, every question answered there. Throws AppError `unavailable`. */
export async function openSqlServerStore(options: {
  readonly target: SqlServerTarget;
  readonly poolTimeoutSeconds: number;
}): Promise<Store> {
  const { target } = options;
  const pool = await connectServer(target, {
    connectMs: target.connection_timeout_seconds * 1000,
    requestMs: target.command_timeout_seconds * 1000,
    acquireMs: options.poolTimeoutSeconds * 1000,
    max: target.max_connections,
  });
  try {
    const { db } = await openServerDatabase(pool, target);
    return createStore(db, sqlServerEngine, () => pool.pool.close());
  } catch (error) {
    await pool.pool.close().catch(() => undefined);
    throw error;
  }
}
