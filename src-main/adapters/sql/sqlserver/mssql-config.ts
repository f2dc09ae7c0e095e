import type { config } from 'mssql';
import type { SqlTarget } from '../../../core/ports/sql-client';
import { parseServerAddress } from './server-address';

export type SqlServerTarget = Extract<SqlTarget, { driver: 'sqlserver' }>;

/** mssql's configuration for a target. Windows authentication goes through another driver, with its own string. */
export function mssqlConfig(target: SqlServerTarget): config {
  const { host, instance, port } = parseServerAddress(target.server);
  return {
    server: host,
    // 1433 is only a default: with an instance name the server's browser service tells the port.
    ...(instance === undefined ? { port: port ?? target.port ?? 1433 } : {}),
    database: target.database,
    user: target.username ?? undefined,
    password: target.password ?? undefined,
    connectionTimeout: Math.max(1, target.connection_timeout_seconds) * 1000,
    requestTimeout: target.command_timeout_seconds * 1000,
    pool: { min: 0, max: 10, idleTimeoutMillis: 30_000 },
    options: {
      encrypt: target.encrypt,
      trustServerCertificate: target.trust_server_certificate,
      ...(instance === undefined ? {} : { instanceName: instance }),
      appName: 'Job Scheduler',
      abortTransactionOnError: true,
      useUTC: true,
    },
  };
}

const braced = (value: string): string => `{${value.replaceAll('}', '}}')}}`;

/** The ODBC connection string for Windows authentication. */
export function odbcConnectionString(target: SqlServerTarget): string {
  const { host, instance, port } = parseServerAddress(target.server);
  const server = instance ? `${host}\\${instance}` : `${host},${port ?? target.port ?? 1433}`;
  const driver = target.odbc_driver.replace(/^\{|\}$/g, '');
  return [
    `Driver=${braced(driver)}`,
    `Server=${server}`,
    `Database=${braced(target.database)}`,
    'Trusted_Connection=yes',
    `Encrypt=${target.encrypt ? 'yes' : 'no'}`,
    `TrustServerCertificate=${target.trust_server_certificate ? 'yes' : 'no'}`,
  ].join(';');
}
