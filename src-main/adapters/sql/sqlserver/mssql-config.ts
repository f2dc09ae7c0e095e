import type { config } from 'mssql';
import type { SqlTarget } from '../../../core/ports/sql-client';
import { parseServerAddress } from './server-address';

export type SqlServerTarget = Extract<SqlTarget, { driver: 'sqlserver' }>;

/** Waiting for a free connection ends with the run that waits, not by a limit of the pool. */
const longestWaitMs = 86_400_000;

/** The login as mssql takes it. Windows logins go through another driver, with a string of their own. */
function authentication({ login }: SqlServerTarget): Partial<config> {
  if (login.kind === 'windows') return {};
  if (login.kind === 'sql') return { user: login.username, password: login.password };
  const { username, password, tenant_id, client_id } = login;
  const isPrincipal = login.kind === 'azure-active-directory-service-principal-secret';
  const options = {
    userName: isPrincipal ? null : username,
    password: isPrincipal ? null : password,
    clientId: client_id,
    tenantId: tenant_id,
    clientSecret: isPrincipal ? password : null,
  };
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null));
  return { authentication: { type: login.kind, options: given } } as unknown as Partial<config>;
}

/** mssql's configuration for a target. */
export function mssqlConfig(target: SqlServerTarget): config {
  const { host, instance, port } = parseServerAddress(target.server);
  const connectMs = Math.max(1, target.connection_timeout_seconds) * 1000;
  return {
    server: host,
    // 1433 is only a default: with an instance name the server's browser service tells the port.
    ...(instance === undefined ? { port: port ?? target.port ?? 1433 } : {}),
    database: target.database,
    ...authentication(target),
    connectionTimeout: connectMs,
    // Watched over by the client itself.
    requestTimeout: 0,
    pool: {
      min: 0,
      max: target.max_connections,
      idleTimeoutMillis: 30_000,
      acquireTimeoutMillis: longestWaitMs,
      // The driver's own limit comes first, with a message that says which step failed.
      createTimeoutMillis: connectMs + 5000,
    },
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
  const odbcDriver = target.login.kind === 'windows' ? target.login.odbc_driver : '';
  return [
    `Driver=${braced(odbcDriver.replace(/^\{|\}$/g, ''))}`,
    `Server=${server}`,
    `Database=${braced(target.database)}`,
    'Trusted_Connection=yes',
    `Encrypt=${target.encrypt ? 'yes' : 'no'}`,
    `TrustServerCertificate=${target.trust_server_certificate ? 'yes' : 'no'}`,
  ].join(';');
}
