import type { Issue } from '../../../src-shared/model/issue';
import type { InlineConnection, SqlConfig } from './schema';

/**
 * Query text without strings, quoted names and comments: words inside those mean nothing. What is not closed goes to
 * the end of the text, which also keeps the search from beginning anew at each of many openings.
 */
export function bareSql(query: string): string {
  return query.replace(/'[^']*(?:'|$)|"[^"]*(?:"|$)|\[[^\]]*(?:\]|$)|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, ' ');
}

/** Doubts about an SQL job that is valid as such. */
export function adviseSql(config: SqlConfig): Issue[] {
  const issues: Issue[] = [];
  const warn = (path: string, message: string) => issues.push({ path, message, severity: 'warning' });
  if (config.connection.driver === 'sqlite') return issues;
  const inline = config.connection as InlineConnection;
  if (config.query !== undefined && /\bDATE\s*\(/i.test(bareSql(config.query))) {
    warn('query', 'DATE(...) is not T-SQL and fails on SQL Server; write CAST(... AS date)');
  }
  if (inline.password !== undefined) {
    warn(
      'connection.password',
      'a password stands in the job text; save it as a connection, where it is encrypted',
    );
  }
  if (inline.encrypt === false)
    warn('connection.encrypt', 'encryption is off: data and possibly the login can be read on the way');
  if (inline.trust_server_certificate === true) {
    warn(
      'connection.trust_server_certificate',
      'any certificate is trusted: the server is not verified and can be impersonated',
    );
  }
  if (inline.connection_id !== undefined && inline.server !== undefined) {
    warn(
      'connection.server',
      `connection_id "${inline.connection_id}" comes first; the server given here is used only while no such connection exists`,
    );
  }
  return issues;
}
