import { AppError } from '../../../src-shared/errors';
import type { ConnectionResolver } from '../../core/ports/connection-resolver';
import type { Host } from '../../core/ports/host';
import type { SqlTarget } from '../../core/ports/sql-client';
import { resolvePath } from '../run-process';
import type { InlineConnection, SqlConfig } from './schema';

const defaultDriver = 'ODBC Driver 17 for SQL Server';

function inlineTarget(inline: InlineConnection): SqlTarget {
  return {
    driver: 'sqlserver',
    server: inline.server ?? '',
    port: inline.port ?? null,
    database: inline.database ?? '',
    trusted_connection: inline.trusted_connection ?? inline.username === undefined,
    username: inline.username ?? null,
    password: inline.password ?? null,
    odbc_driver: inline.driver ?? defaultDriver,
    encrypt: inline.encrypt ?? true,
    trust_server_certificate: inline.trust_server_certificate ?? false,
    connection_timeout_seconds: inline.connection_timeout ?? 30,
    command_timeout_seconds: inline.command_timeout ?? 300,
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
    const { database = '' } = connection;
    return { driver: 'sqlite', file: resolvePath(deps.host, database), command_timeout_seconds: 300 };
  }
  const inline = connection as InlineConnection;
  const { connection_id } = inline;
  if (connection_id === undefined) return inlineTarget(inline);
  try {
    const target = await deps.connections.resolve(connection_id);
    return target.driver === 'sqlite' ? { ...target, file: resolvePath(deps.host, target.file) } : target;
  } catch (error) {
    const isMissing = error instanceof AppError && error.code === 'not_found';
    if (!isMissing || inline.server === undefined || inline.database === undefined) throw error;
    deps.note(`There is no connection "${connection_id}"; the server written in the job is used`);
    return inlineTarget(inline);
  }
}
