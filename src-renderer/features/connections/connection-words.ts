import type { Authentication, Connection } from '../../../src-shared/model/connection';

export function isSqlite({ driver }: { readonly driver: string }): boolean {
  return driver.trim().toLowerCase() === 'sqlite';
}

/** The ways to log in to SQL Server, as an admin calls them. */
export const loginWords: Readonly<Record<Authentication, string>> = {
  sql: 'SQL Server login (user and password)',
  windows: 'Windows login (the account this program runs as)',
  'azure-active-directory-default': 'Microsoft Entra: default credentials of this machine',
  'azure-active-directory-password': 'Microsoft Entra: user and password',
  'azure-active-directory-service-principal-secret': 'Microsoft Entra: service principal and secret',
  'azure-active-directory-msi-vm': 'Microsoft Entra: managed identity of a virtual machine',
  'azure-active-directory-msi-app-service': 'Microsoft Entra: managed identity of an app service',
};

export function loginOf(
  connection: Pick<Connection, 'authentication' | 'trusted_connection'>,
): Authentication {
  return connection.authentication ?? (connection.trusted_connection ? 'windows' : 'sql');
}

export const needsUser = (login: Authentication) =>
  login === 'sql' || login === 'azure-active-directory-password';
export const needsSecret = (login: Authentication) =>
  needsUser(login) || login === 'azure-active-directory-service-principal-secret';
export const needsTenant = (login: Authentication) =>
  login === 'azure-active-directory-password' || login === 'azure-active-directory-service-principal-secret';
export const takesClient = (login: Authentication) =>
  login.startsWith('azure-') && login !== 'azure-active-directory-default';

/** Who logs in, for the list: "etl", "Windows account", "Entra identity". */
export function loginText(connection: Connection): string {
  if (isSqlite(connection)) return 'no login';
  const login = loginOf(connection);
  if (login === 'windows') return 'Windows account';
  if (needsUser(login)) return connection.username || 'no user yet';
  return 'Microsoft Entra';
}

/** Where it leads: `HOST\INSTANCE / database`, or the file. */
export function placeText(connection: Connection): string {
  return isSqlite(connection)
    ? connection.database_name
    : `${connection.server_name} / ${connection.database_name}`;
}

/** A failure's first meaning and what to try, by what the server or the way to it said. */
export function adviceOn(message: string): string | undefined {
  const known: readonly (readonly [RegExp, string])[] = [
    [
      /does not exist/i,
      'Check the path, as the machine of the program sees it. A job that creates the file makes it.',
    ],
    [
      /login failed|18456|password did not match/i,
      'Check the user and the password; enter the password anew and save.',
    ],
    [
      /cannot open database|4060/i,
      'The login works; check the name of the database and whether this user may open it.',
    ],
    [
      /certificate|self.signed|unable to verify/i,
      'The server shows a certificate this machine does not trust: install its authority, or trust the certificate without checking it.',
    ],
    [
      /ENOTFOUND|getaddrinfo|not known|no such host/i,
      'The name of the server is not known here: check its spelling and the name service.',
    ],
    [
      /ECONNREFUSED|refused/i,
      'Nothing listens there: check the port, and that TCP/IP is on in SQL Server Configuration Manager.',
    ],
    [
      /timed? ?out|no answer|ETIMEDOUT|silent/i,
      'No answer came: check the address, the firewall, and that the server runs.',
    ],
    [
      /instance|SQL Browser|1434/i,
      'A named instance is found by SQL Server Browser (UDP 1434): start it, or give the port.',
    ],
    [/not a database|file is not/i, 'The file is no SQLite database.'],
    [/EACCES|permission|readonly/i, 'The account of the program may not use this file.'],
  ];
  return known.find(([pattern]) => pattern.test(message))?.[1];
}
