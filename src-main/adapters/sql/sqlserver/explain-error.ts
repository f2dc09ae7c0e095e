import { SqlError } from '../../../core/ports/sql-client';
import type { SqlServerTarget } from './mssql-config';

/** What the drivers, and mssql around them, hang on their errors. */
export interface DriverError {
  readonly message?: string;
  readonly code?: string;
  readonly number?: number | string;
  readonly class?: number;
  readonly lineNumber?: number;
  readonly procName?: string;
  readonly originalError?: DriverError;
  readonly cause?: DriverError;
  readonly errors?: readonly DriverError[];
}

function whoOf({ login }: SqlServerTarget): string {
  switch (login.kind) {
    case 'windows':
      return 'the Windows account of this program';
    case 'sql':
      return `the login "${login.username}"`;
    default:
      return login.username ? `the Entra user "${login.username}"` : 'the Entra identity';
  }
}

/** `HOST\INSTANCE`, or HOST with its port. */
function whereOf({ server, port }: SqlServerTarget): string {
  return /[\\,]/.test(server) || port === null ? server : `${server},${port}`;
}

/** What the server's own numbers mean for an admin. Source: Microsoft, "Database engine events and errors". */
function byNumber(number: number | undefined, message: string, target: SqlServerTarget): string | undefined {
  const who = whoOf(target);
  switch (number) {
    case 18456:
      return `SQL Server refused ${who}: wrong password, unknown or disabled login, or the server takes Windows logins only (${message})`;
    case 18452:
      return `SQL Server refused ${who}: it comes from a domain that the server does not trust, or the server takes Windows logins only; use a SQL login, or run this program as a user of the server's domain (${message})`;
    case 18470:
      return `SQL Server refused ${who}: the login is disabled (${message})`;
    case 18486:
    case 18487:
    case 18488:
      return `SQL Server refused ${who}: the login is locked, or its password has expired and must be changed (${message})`;
    case 4060:
    case 4064:
      return `The database "${target.database}" does not exist on ${whereOf(target)}, or ${who} may not open it (${message})`;
    case 911:
      return `${message} Check the name, and that ${who} may see it on ${whereOf(target)}`;
    case 916:
      return `${message} Map ${who} to a user of that database`;
    case 229:
    case 230:
    case 262:
    case 297:
    case 300:
      return `Missing right: ${message.replace(/\.$/, '')}; an administrator of the database can grant it to ${who}`;
    case 208:
      return `${message} It may stand in another database or schema than "${target.database}", and needs its schema in front (dbo.name)`;
    case 2812:
      return `${message} It may stand in another database or schema than "${target.database}"`;
    case 1205:
      return `The server chose this query as the victim of a deadlock and undid its transaction; running it again usually helps (max_retries) (${message})`;
    case 1222:
      return `Another session holds a lock that was waited for too long (${message})`;
    case 1105:
    case 9002:
      return `The server is out of space: ${message}`;
    case 3960:
      return `Another transaction changed the same rows first (isolation_level snapshot); run it again (${message})`;
    case 102:
      return /'GO'/i.test(message)
        ? `${message} GO must stand alone on its line, without a semicolon`
        : undefined;
    case 137:
      return `${message} Give it in query_parameters, or declare it in this batch: variables end at GO`;
    default:
      return undefined;
  }
}

const browserAdvice =
  'is the name of the instance right, and is the SQL Server Browser service running (UDP 1434 open)? Or give its port: HOST,PORT';

/** What a way to the server that failed means. The drivers tell much of it only in words. */
function byCode(code: string | undefined, message: string, target: SqlServerTarget): string | undefined {
  const where = whereOf(target);
  const { command_timeout_seconds: limit, connection_timeout_seconds: connectLimit } = target;
  if (/self.signed|certificate|unable to verify|ERR_TLS_CERT|altname/i.test(message)) {
    return `The certificate of ${where} is not trusted (${message}); install one that this machine trusts, or set trust_server_certificate for a server you know`;
  }
  if (
    /wrong version number|ECONNRESET.*(TLS|handshake)|unsupported protocol|handshake|ssl|no protocols available/i.test(
      message,
    )
  ) {
    return `No encrypted connection to ${where} could be made (${message}); the server may be too old for TLS 1.2, or not take encryption: update it, or set encrypt to false on a network you trust`;
  }
  if (/server (does not support|requires) encryption/i.test(message)) {
    return target.encrypt
      ? `${where} offers no encryption, so nothing was sent to it, the login neither: give it a certificate, or set encrypt to false on a network you trust`
      : `Encryption does not fit: ${message}. Set encrypt to true for ${where}`;
  }
  if (/\bIM00[23]\b|no default driver specified|driver could not be loaded/i.test(message)) {
    const driver = target.login.kind === 'windows' ? target.login.odbc_driver : '';
    return `The ODBC driver "${driver}" is not installed on this machine (${message}); install it, or name one that is: odbcad32.exe, page Drivers, lists them`;
  }
  if (poolTimeout.test(message))
    return `${where} gave no connection in time: it does not answer, or all connections to it are in use; is it on, and is the network well?`;
  switch (code) {
    case 'ETIMEOUT':
      if (/request|query/i.test(message)) {
        return `The query ran longer than the command timeout of ${limit} s and was cancelled on the server; raise command_timeout, or 0 for no limit`;
      }
      return target.server.includes('\\') && !target.server.includes(',')
        ? `${where} did not answer in time (${connectLimit} s): ${message}; ${browserAdvice}`
        : `${where} did not answer in time (${connectLimit} s): ${message}; is it on, and is its port open in the firewall?`;
    case 'EINSTLOOKUP':
      return `The instance of ${where} was not found (${message}); ${browserAdvice}`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `There is no machine ${target.server.split(/[\\,]/)[0]} by that name (${message})`;
    case 'ECONNREFUSED':
      return `${where} can't be reached (${message}); is SQL Server running there, with TCP/IP switched on (SQL Server Configuration Manager), and is the port right?`;
    case 'ESOCKET':
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ECONNCLOSED':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `${where} can't be reached, or the connection broke (${message}); is SQL Server running there, with TCP/IP switched on, and is the port open?`;
    case 'ECANCEL':
      return 'The query was cancelled';
    case 'EABORT':
      return `The server undid the transaction (${message})`;
    case 'EINJECT':
    case 'EPARAM':
      return message;
    case 'ELOGIN':
      // Servers that speak the protocol without SQL Server's numbers.
      if (/database .*does not exist/i.test(message)) return byNumber(4060, message, target);
      return `SQL Server refused ${whoOf(target)} (${message})`;
    default:
      return undefined;
  }
}

/** The pool's own words when nothing was to be had; they name neither the server nor what to do. */
const poolTimeout = /acquire a connection from the pool|operation timed out for an unknown reason/i;

/** The error that holds the reason: mssql wraps the driver's, which wraps the system's. */
function innermost(error: DriverError, depth = 0): DriverError {
  const inner = error.originalError ?? error.errors?.[0] ?? error.cause;
  return inner && depth < 5 ? innermost(inner, depth + 1) : error;
}

/** The system's own code, such as ECONNREFUSED, is more exact than the driver's ESOCKET. */
function systemCode(message: string): string | undefined {
  return /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|EPIPE)\b/.exec(
    message,
  )?.[1];
}

/** Logins that were refused: trying again changes nothing, and may lock the account. */
const refusedLogins: ReadonlySet<number> = new Set([18456, 18470, 18486, 18487, 18488]);
/** Nothing is served yet, or not any more: the server starts, stops or moves. */
const notReady: ReadonlySet<number> = new Set([
  4060, 4064, 6005, 17142, 18401, 18451, 18452, 40613, 40197, 40501,
]);

/** For `retry_on`: the way to the server, what trying again does not change, or the query. */
function classOf(
  code: string | undefined,
  number: number | undefined,
  message: string,
): SqlError['error_class'] {
  if (number !== undefined && refusedLogins.has(number)) return 'configuration';
  if (number !== undefined && notReady.has(number)) return 'connection';
  if (/self.signed|unable to verify|ERR_TLS_CERT|altname|\bIM00[23]\b|no default driver/i.test(message))
    return 'configuration';
  if (poolTimeout.test(message)) return 'connection';
  switch (code) {
    case 'ETIMEOUT':
      return /request|query/i.test(message) ? 'sql' : 'connection';
    case 'ELOGIN':
      return /password|login failed/i.test(message) ? 'configuration' : 'connection';
    case 'EINJECT':
    case 'EPARAM':
    case 'EENCRYPT':
      return 'configuration';
    case 'EINSTLOOKUP':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'ECONNREFUSED':
    case 'ESOCKET':
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ECONNCLOSED':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'connection';
    default:
      return 'sql';
  }
}

const asNumber = (value: number | string | undefined) => (typeof value === 'number' ? value : undefined);

/**
 * A driver's error as a SqlError that says what to do. Drivers put no password and no connection string in their
 * messages; `lineOf` maps the server's line into the whole script.
 */
export function explainSqlServerError(
  error: unknown,
  target: SqlServerTarget,
  lineOf: (error: DriverError) => number | undefined = ({ lineNumber }) => lineNumber,
): SqlError {
  if (error instanceof SqlError) return error;
  const found = (error ?? {}) as DriverError;
  const inner = innermost(found);
  const message = (found.message || inner.message || String(error)).trim();
  const number = asNumber(found.number) ?? asNumber(inner.number);
  const code = systemCode(message) ?? systemCode(inner.message ?? '') ?? found.code ?? inner.code;
  const text = byNumber(number, message, target) ?? byCode(code, message, target) ?? message;
  const line = lineOf(found);
  return new SqlError(text, {
    ...(number === undefined ? {} : { number }),
    ...(line === undefined || line === 0 ? {} : { line }),
    ...(found.procName ? { procedure: found.procName } : {}),
    error_class: classOf(code, number, message),
    cause: error,
  });
}
