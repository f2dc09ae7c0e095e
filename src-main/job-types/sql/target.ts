import { AppError } from '../../../src-shared/errors';
import type { ConnectionResolver } from '../../core/ports/connection-resolver';
import type { Host } from '../../core/ports/host';
import { defaultMaxConnections, type SqlServerLogin, type SqlTarget } from '../../core/ports/sql-client';
import { resolvePath } from '../run-process';
import type { InlineConnection, SqlConfig } from './schema';

const defaultDriver = 'ODBC Driver 17 for SQL Server';
const defaultCommandTimeout = 300;

function loginOf(inline: InlineConnection): SqlServerLogin {
  const isTrusted = inline.trusted_connection ?? inline.username === undefined;
  const kind = inline.authentication ?? (isTrusted ? 'windows' : 'sql');
  const { username = null, password = null, tenant_id = null, client_id = null } = inline;
  if (kind === 'windows') return { kind, odbc_driver: inline.driver ?? defaultDriver };
  if (kind === 'sql') return { kind, username: username ?? '', password: password ?? '' };
  return { kind, username, password, tenant_id, client_id };
}

function inlineTarget(inline: InlineConnection): SqlTarget {
  return {
    driver: 'sqlserver',
    server: inline.server ?? '',
    port: inline.port ?? null,
    database: inline.database ?? '',
    login: loginOf(inline),
    encrypt: inline.encrypt ?? true,
    trust_server_certificate: inline.trust_server_certificate ?? false,
    connection_timeout_seconds: inline.connection_timeout ?? 30,
    command_timeout_seconds: inline.command_timeout ?? defaultCommandTimeout,
    max_connections: defaultMaxConnections,
  };
}

/**
 * Where a job's query goes. A saved connection comes first; when it does not exist and the job also spells out a
 * server (as the specification's sample does), that is used and said so. Throws AppError otherwise.
 */
export async function findTarget(
  connection: SqlConfig['connection'],
  deps: {
    readonly connections: ConnectionResolver;
    readonly host: Host;
    readonly note: (line: string) => void;
  },
): Promise<SqlTarget> {
  if (connection.driver === 'sqlite') {
    const { database = '', command_timeout = defaultCommandTimeout } = connection;
    return {
      driver: 'sqlite',
      file: resolvePath(deps.host, database),
      command_timeout_seconds: command_timeout,
      read_only: 'read_only' in connection && connection.read_only === true,
    };
  }
  const inline = connection as InlineConnection;
  const { connection_id } = inline;
  if (connection_id === undefined) return inlineTarget(inline);
  try {
    return await deps.connections.resolve(connection_id);
  } catch (error) {
    const isMissing = error instanceof AppError && error.code === 'not_found';
    if (!isMissing || inline.server === undefined || inline.database === undefined) throw error;
    deps.note(`There is no connection "${connection_id}"; the server written in the job is used`);
    return inlineTarget(inline);
  }
}
