import type { ConnectionPool, config } from 'mssql';
import { SqlError } from '../../../core/ports/sql-client';
import { keepExactNumbers } from './exact-numbers';
import { mssqlConfig, odbcConnectionString, type SqlServerTarget } from './mssql-config';
import { refusePlainConnections } from './refuse-plain';

type Mssql = typeof import('mssql');

/** The driver for a login. Both speak mssql's language, each through classes of its own. */
export interface SqlServerDriver {
  readonly sql: Mssql;
  /** It sends a Date as the type it is given, in UTC. The other one is left to read texts, which it does everywhere. */
  readonly bindsInstants: boolean;
  /** A pool that is not connected yet; `tune` changes mssql's configuration of it. */
  createPool(target: SqlServerTarget, tune?: (base: config) => config): ConnectionPool;
}

const same = (base: config): config => base;

async function loadTedious(): Promise<SqlServerDriver> {
  keepExactNumbers();
  refusePlainConnections();
  const { default: sql } = await import('mssql');
  return {
    sql,
    bindsInstants: true,
    createPool: (target, tune = same) => new sql.ConnectionPool(tune(mssqlConfig(target))),
  };
}

/** Native and optional, and its prebuilt binary crashes Node below 22 on other systems: loaded only where it works. */
async function loadOdbc(): Promise<SqlServerDriver> {
  const major = Number(process.versions.node.split('.')[0]);
  const missing = (cause?: unknown) =>
    new SqlError(
      'Windows authentication needs Windows, the package msnodesqlv8 and an ODBC driver for SQL Server, which are not all here; use a SQL login (username and password) or Microsoft Entra',
      { cause, error_class: 'configuration' },
    );
  if (process.platform !== 'win32' && major < 22) throw missing();
  try {
    const { default: sql } = await import('mssql/msnodesqlv8.js');
    return {
      sql,
      bindsInstants: false,
      createPool(target, tune = same) {
        const base = tune(mssqlConfig(target));
        return new sql.ConnectionPool({
          ...base,
          connectionString: odbcConnectionString(target),
        } as typeof base);
      },
    };
  } catch (error) {
    throw missing(error);
  }
}

export function driverFor(target: SqlServerTarget): Promise<SqlServerDriver> {
  return target.login.kind === 'windows' ? loadOdbc() : loadTedious();
}
