import { AppError } from '../../../src-shared/errors';
import { defaultMaxConnections, type SqlServerLogin, type SqlTarget } from '../ports/sql-client';
import type { ConnectionRecord } from '../ports/store';

export function isSqlite(record: { readonly driver: string }): boolean {
  return record.driver.trim().toLowerCase() === 'sqlite';
}

function loginKind(record: ConnectionRecord): SqlServerLogin['kind'] {
  return record.authentication ?? (record.trusted_connection ? 'windows' : 'sql');
}

/** Settings that weaken a connection, in words (negative test S60). */
export function weaknesses(record: ConnectionRecord): string[] {
  if (isSqlite(record)) return [];
  const warnings: string[] = [];
  if (!record.encrypt)
    warnings.push('encrypt is off: queries, results and possibly the login cross the network in the clear');
  if (record.trust_server_certificate) {
    warnings.push('trust_server_certificate is on: the server is not verified and can be impersonated');
  }
  return warnings;
}

/** What a login needs is asked for at save, not at the first run. Throws `validation_failed`. */
export function checkConnection(record: ConnectionRecord): void {
  const refuse = (path: string, message: string) => {
    throw new AppError('validation_failed', `${path}: ${message}`, {
      issues: [{ path, message, severity: 'error' }],
    });
  };
  if (isSqlite(record)) return;
  if (!record.server_name) refuse('server_name', 'must not be empty for SQL Server');
  const kind = loginKind(record);
  const needs = (fields: readonly ('username' | 'password' | 'tenant_id' | 'client_id')[], why: string) => {
    for (const field of fields) if (!record[field]) refuse(field, `is needed ${why}`);
  };
  switch (kind) {
    case 'sql':
      needs(
        ['username'],
        record.authentication ? 'when authentication is sql' : 'when trusted_connection is false',
      );
      break;
    case 'azure-active-directory-password':
      needs(['username', 'password', 'client_id', 'tenant_id'], `when authentication is ${kind}`);
      break;
    case 'azure-active-directory-service-principal-secret':
      needs(
        ['client_id', 'tenant_id', 'password'],
        `when authentication is ${kind} (the secret is the password)`,
      );
      break;
    default:
      break;
  }
  const isEntra = kind.startsWith('azure-');
  if (isEntra && !record.encrypt) refuse('encrypt', `must be true when authentication is ${kind}`);
}

function loginOf(record: ConnectionRecord, openSecret: (sealed: string) => string): SqlServerLogin {
  const kind = loginKind(record);
  const password = () => (record.password === null ? null : openSecret(record.password));
  switch (kind) {
    case 'windows':
      return { kind, odbc_driver: record.driver };
    case 'sql':
      return { kind, username: record.username ?? '', password: password() ?? '' };
    default: {
      const { username, tenant_id, client_id } = record;
      return { kind, username, password: password(), tenant_id, client_id };
    }
  }
}

/** A saved connection with its secrets opened by `openSecret`. */
export function toTarget(record: ConnectionRecord, openSecret: (sealed: string) => string): SqlTarget {
  const { connection_id } = record;
  if (isSqlite(record)) {
    return {
      driver: 'sqlite',
      connection_id,
      file: record.database_name,
      command_timeout_seconds: record.command_timeout,
    };
  }
  return {
    driver: 'sqlserver',
    connection_id,
    server: record.server_name,
    port: record.port,
    database: record.database_name,
    login: loginOf(record, openSecret),
    encrypt: record.encrypt,
    trust_server_certificate: record.trust_server_certificate,
    connection_timeout_seconds: record.connection_timeout,
    command_timeout_seconds: record.command_timeout,
    max_connections: record.max_connections ?? defaultMaxConnections,
  };
}
