import type { SqlTarget } from '../../src-main/core/ports/sql-client';

export type SqlServerTarget = Extract<SqlTarget, { driver: 'sqlserver' }>;

/**
 * The server that tests against SQL Server use, from TEST_SQLSERVER_URL, written as ADO.NET writes connections:
 * `Server=127.0.0.1,1433;Database=...;User Id=...;Password=...`. Undefined, and said once, where it is not set.
 */
export function sqlServerTarget(): SqlServerTarget | undefined {
  const url = process.env.TEST_SQLSERVER_URL;
  if (!url) {
    console.log('TEST_SQLSERVER_URL is not set: the tests against a SQL Server are skipped');
    return undefined;
  }
  const parts = new Map(
    url
      .split(';')
      .filter((part) => part.includes('='))
      .map((part) => {
        const at = part.indexOf('=');
        return [
          part.slice(0, at).trim().toLowerCase().replace(/[ _]/g, ''),
          part.slice(at + 1).trim(),
        ] as const;
      }),
  );
  const find = (...names: string[]) => names.map((name) => parts.get(name)).find((value) => value) ?? '';
  return {
    driver: 'sqlserver',
    server: find('server', 'datasource'),
    port: null,
    database: find('database', 'initialcatalog'),
    login: { kind: 'sql', username: find('userid', 'uid', 'user'), password: find('password', 'pwd') },
    encrypt: /^(true|yes)$/i.test(find('encrypt')),
    trust_server_certificate: true,
    connection_timeout_seconds: 15,
    command_timeout_seconds: 30,
    max_connections: 10,
  };
}
