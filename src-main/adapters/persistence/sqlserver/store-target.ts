import { AppError } from '../../../../src-shared/errors';
import { nearest } from '../../../../src-shared/job-document/nearest';
import type { SqlServerLogin } from '../../../core/ports/sql-client';
import type { Settings } from '../../settings/settings';
import type { SqlServerTarget } from '../../sql/sqlserver/mssql-config';
import { parseOdbcString } from '../../sql/sqlserver/odbc-string';
import { parseServerAddress } from '../../sql/sqlserver/server-address';

type DatabaseSettings = Settings['database'];

/** Where the store is, and what of the settings was passed over. */
export interface StoreTarget {
  readonly target: SqlServerTarget;
  /** Seconds to wait for a free connection. */
  readonly poolTimeoutSeconds: number;
  readonly warnings: readonly string[];
}

/** One name for each keyword: those of the ODBC drivers 11 to 18, and ADO.NET's for the same things. */
const keywords: Readonly<Record<string, string>> = {
  driver: 'driver',
  server: 'server',
  addr: 'server',
  address: 'server',
  'network address': 'server',
  'data source': 'server',
  database: 'database',
  'initial catalog': 'database',
  uid: 'username',
  user: 'username',
  'user id': 'username',
  pwd: 'password',
  password: 'password',
  trusted_connection: 'trusted_connection',
  'integrated security': 'trusted_connection',
  encrypt: 'encrypt',
  trustservercertificate: 'trust_server_certificate',
  'trust server certificate': 'trust_server_certificate',
  authentication: 'authentication',
  'connection timeout': 'connection_timeout',
  'connect timeout': 'connection_timeout',
  logintimeout: 'connection_timeout',
  timeout: 'connection_timeout',
};

/** Known to the drivers, without meaning here. */
const passedOver = new Set(
  'app wsid description language autotranslate quotedid ansinpw multisubnetfailover mars_connection applicationintent columnencryption connectretrycount connectretryinterval failover_partner serverspn hostnameincertificate servercertificate transparentnetworkipresolution usefmtonly keepalive keepaliveinterval regional packet size'
    .split(' ')
    .concat(
      'application name',
      'packet size',
      'persist security info',
      'pooling',
      'multipleactiveresultsets',
    ),
);

const driverNames =
  /^(ODBC Driver (11|13|13\.1|17|18) for SQL Server|SQL Server( Native Client 1[01]\.0)?|FreeTDS)$/i;
const defaultDriver = '{ODBC Driver 17 for SQL Server}';

const authentications: Readonly<Record<string, SqlServerLogin['kind'] | 'unsupported'>> = {
  sqlpassword: 'sql',
  activedirectorypassword: 'azure-active-directory-password',
  activedirectorymsi: 'azure-active-directory-msi-vm',
  activedirectorymanagedidentity: 'azure-active-directory-msi-vm',
  activedirectoryserviceprincipal: 'azure-active-directory-service-principal-secret',
  activedirectorydefault: 'azure-active-directory-default',
  activedirectoryintegrated: 'unsupported',
  activedirectoryinteractive: 'unsupported',
};

function refuse(message: string): never {
  throw new AppError('validation_failed', message);
}

function flag(name: string, value: string): boolean {
  const word = value.toLowerCase();
  if (['yes', 'true', '1', 'sspi', 'mandatory', 'strict'].includes(word)) return true;
  if (['no', 'false', '0', 'optional', ''].includes(word)) return false;
  return refuse(`database.connection_string: ${name} is "${value}"; expected yes or no`);
}

/** What both ways of writing come down to. */
interface Given {
  readonly driver?: string;
  readonly server?: string;
  readonly port?: number;
  readonly database?: string;
  readonly username?: string;
  readonly password?: string;
  readonly trusted_connection?: boolean;
  readonly encrypt?: boolean;
  readonly trust_server_certificate?: boolean;
  readonly authentication?: SqlServerLogin['kind'];
  readonly tenant_id?: string;
  readonly client_id?: string;
  readonly connection_timeout?: number;
}

function fromString(text: string, warnings: string[]): Given {
  if (/^[a-z+]+:\/\//i.test(text))
    refuse(
      'database.connection_string is a URL; expected ODBC form: DRIVER={ODBC Driver 17 for SQL Server};SERVER=HOST\\INSTANCE;DATABASE=name;Trusted_Connection=yes',
    );
  let pairs: ReturnType<typeof parseOdbcString>;
  try {
    pairs = parseOdbcString(text);
  } catch (error) {
    return refuse(`database.connection_string ${(error as Error).message}`);
  }
  const values = new Map<string, string>();
  for (const { keyword, value } of pairs) {
    const word = keyword.toLowerCase().replace(/\s+/g, ' ');
    if (word === 'dsn' || word === 'filedsn')
      refuse(
        `database.connection_string names a data source (${keyword}); write SERVER and DATABASE instead`,
      );
    const name = keywords[word];
    if (name === undefined) {
      if (passedOver.has(word)) continue;
      const meant = nearest(word, Object.keys(keywords));
      warnings.push(
        `database.connection_string: ${keyword} is no keyword of SQL Server and is passed over${meant ? `; did you mean ${meant}?` : ''}`,
      );
    } else if (values.has(name)) {
      // As the driver manager does.
      warnings.push(`database.connection_string: ${keyword} stands there twice; the first counts`);
    } else values.set(name, value);
  }
  const seconds = values.get('connection_timeout');
  if (seconds !== undefined && !/^\d{1,4}$/.test(seconds))
    refuse(`database.connection_string: Connection Timeout is "${seconds}"; expected seconds`);
  const bits = Object.fromEntries(
    (['trusted_connection', 'encrypt', 'trust_server_certificate'] as const).flatMap((name) => {
      const value = values.get(name);
      return value === undefined ? [] : [[name, flag(name.replaceAll('_', ''), value)]];
    }),
  );
  const texts = Object.fromEntries(
    ['driver', 'server', 'database', 'username', 'password'].flatMap((name) => {
      const value = values.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const written = values.get('authentication');
  const authentication = written === undefined ? undefined : authentications[written.toLowerCase()];
  if (written !== undefined && (authentication === undefined || authentication === 'unsupported'))
    refuse(
      `database.connection_string: Authentication is "${written}"; expected SqlPassword, ActiveDirectoryPassword, ActiveDirectoryServicePrincipal, ActiveDirectoryMsi or ActiveDirectoryDefault`,
    );
  return {
    ...texts,
    ...bits,
    ...(seconds === undefined ? {} : { connection_timeout: Number(seconds) }),
    ...(authentication === undefined || authentication === 'unsupported' ? {} : { authentication }),
  };
}

function driverOf(given: Given, where: string): string {
  const written = (given.driver ?? defaultDriver).trim().replace(/^\{(.*)\}$/, '$1');
  if (!driverNames.test(written))
    refuse(
      `${where}DRIVER is "${written}", which is no driver for SQL Server; expected {ODBC Driver 17 for SQL Server} or {ODBC Driver 18 for SQL Server} (odbcad32.exe, page Drivers, lists what is installed)`,
    );
  return written;
}

function loginOf(given: Given, odbc_driver: string, where: string): SqlServerLogin {
  const { username = null, password = null, tenant_id = null, client_id = null } = given;
  const kind = given.authentication ?? (given.trusted_connection ? 'windows' : 'sql');
  if (given.trusted_connection && given.authentication && given.authentication !== 'windows')
    refuse(`${where}trusted_connection and authentication exclude each other; take one out`);
  if (kind === 'windows') return { kind, odbc_driver };
  if (kind === 'sql') {
    if (!username)
      refuse(
        `${where}nobody to log in as: expected Trusted_Connection=yes (the Windows account of this program), or UID and PWD of a SQL login`,
      );
    return { kind, username: username ?? '', password: password ?? '' };
  }
  // An application logs in by its id; ODBC has it in UID.
  const isPrincipal = kind === 'azure-active-directory-service-principal-secret';
  return { kind, username, password, tenant_id, client_id: client_id ?? (isPrincipal ? username : null) };
}

/**
 * The SQL Server that the settings name as the store; undefined: the embedded one. Throws `validation_failed` that
 * names the key and what was expected, and never shows a password.
 */
export function storeTarget(settings: DatabaseSettings): StoreTarget | undefined {
  const { connection_string, pool_size, max_overflow, pool_timeout } = settings;
  const warnings: string[] = [];
  const isString = connection_string !== undefined && connection_string.trim() !== '';
  if (!isString && settings.server === undefined) {
    const stray = (['database', 'username', 'password', 'trusted_connection'] as const).find(
      (key) => settings[key] !== undefined,
    );
    if (stray) refuse(`database.${stray} is set without database.server; expected both, or neither`);
    return undefined;
  }
  if (isString && settings.server !== undefined)
    refuse('database.connection_string and database.server are both set; take one out');
  // A password that is better not written into the string stands beside it, or in the environment.
  const { password } = settings;
  const given: Given = isString
    ? { ...(password === undefined ? {} : { password }), ...fromString(connection_string, warnings) }
    : settings;
  const where = isString ? 'database.connection_string: ' : 'database: ';
  const driver = driverOf(given, where);
  const { server, database } = given;
  if (!server) return refuse(`${where}SERVER is missing; expected HOST, HOST\\INSTANCE or HOST,PORT`);
  if (!database) return refuse(`${where}DATABASE is missing; expected the name of the database`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  if (/[\u0000-\u001f]/.test(server))
    refuse(`${where}SERVER holds a control character; in YAML write it in single quotes: 'HOST\\INSTANCE'`);
  try {
    parseServerAddress(server);
  } catch (error) {
    refuse(`${where}${(error as Error).message}`);
  }
  return {
    target: {
      driver: 'sqlserver',
      server,
      port: given.port ?? null,
      database,
      login: loginOf(given, driver, where),
      // What the drivers do that are named: from 18 on, connections are encrypted unless that is switched off.
      encrypt: given.encrypt ?? /\b18\b/.test(driver),
      trust_server_certificate: given.trust_server_certificate ?? false,
      connection_timeout_seconds: given.connection_timeout ?? 15,
      command_timeout_seconds: 30,
      max_connections: pool_size + max_overflow,
    },
    poolTimeoutSeconds: pool_timeout,
    warnings,
  };
}
