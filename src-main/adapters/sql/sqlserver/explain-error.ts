import { SqlError } from '../../../core/ports/sql-client';
import type { SqlServerTarget } from './mssql-config';

interface DriverError {
  readonly message?: string;
  readonly code?: string;
  readonly number?: number;
  readonly lineNumber?: number;
  readonly originalError?: DriverError;
}

/** What the server's own numbers mean for an admin. Source: Microsoft, "Database engine events and errors". */
function byNumber(number: number | undefined, message: string, target: SqlServerTarget): string | undefined {
  const who = target.trusted_connection
    ? 'the Windows account of this program'
    : `the login "${target.username ?? ''}"`;
  switch (number) {
    case 18456:
      return `SQL Server refused ${who}: wrong password, unknown login, or SQL logins are switched off (${message})`;
    case 4060:
      return `The database "${target.database}" does not exist on ${target.server}, or ${who} may not open it`;
    case 229:
      return `Missing right: ${message}; grant it to ${who}`;
    case 208:
      return `${message} It may stand in another database or schema than "${target.database}"`;
    case 1205:
      return `The server chose this query as the victim of a deadlock and undid it; running it again usually helps`;
    default:
      return undefined;
  }
}

function byCode(code: string | undefined, message: string, target: SqlServerTarget): string | undefined {
  if (/self.signed|certificate|unable to verify/i.test(message)) {
    return `The certificate of ${target.server} is not trusted (${message}); install one that is, or set trust_server_certificate for a server you know`;
  }
  switch (code) {
    case 'ESOCKET':
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
      return `${target.server} can't be reached (${message}); is SQL Server running there, with TCP/IP switched on, and is the port open?`;
    case 'ETIMEOUT':
      return `${target.server} did not answer in time (${message})`;
    case 'EINSTLOOKUP':
      return `The instance of ${target.server} was not found (${message}); is the SQL Server Browser service running, and the name right?`;
    case 'ECANCEL':
      return 'The query was cancelled';
    default:
      return undefined;
  }
}

/** A driver's error as a SqlError that says what to do. Never holds the password: drivers don't put it in. */
export function explainSqlServerError(error: unknown, target: SqlServerTarget): SqlError {
  if (error instanceof SqlError) return error;
  const found = (error ?? {}) as DriverError;
  const message = found.message ?? String(error);
  const number = found.number ?? found.originalError?.number;
  const text = byNumber(number, message, target) ?? byCode(found.code, message, target) ?? message;
  return new SqlError(text, { number, line: found.lineNumber, cause: error });
}
