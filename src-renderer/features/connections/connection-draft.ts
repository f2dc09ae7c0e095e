import {
  type Authentication,
  type Connection,
  type ConnectionChanges,
  ConnectionInput,
} from '../../../src-shared/model/connection';
import { isSqlite, loginOf, needsSecret, needsUser } from './connection-words';

/** The form as it is being filled: numbers are text until they are saved. */
export interface Draft {
  readonly connection_id: string;
  readonly name: string;
  readonly description: string;
  readonly kind: 'sqlserver' | 'sqlite';
  readonly server_name: string;
  readonly port: string;
  readonly database_name: string;
  readonly login: Authentication;
  readonly username: string;
  /** '' keeps the stored one. */
  readonly password: string;
  readonly tenant_id: string;
  readonly client_id: string;
  readonly driver: string;
  readonly encrypt: boolean;
  readonly trust_server_certificate: boolean;
  readonly connection_timeout: string;
  readonly command_timeout: string;
  readonly max_connections: string;
  readonly is_active: boolean;
}

const odbcDriver = '{ODBC Driver 17 for SQL Server}';

export const emptyDraft: Draft = {
  connection_id: '',
  name: '',
  description: '',
  kind: 'sqlserver',
  server_name: '',
  port: '1433',
  database_name: '',
  login: 'windows',
  username: '',
  password: '',
  tenant_id: '',
  client_id: '',
  driver: odbcDriver,
  encrypt: true,
  trust_server_certificate: false,
  connection_timeout: '30',
  command_timeout: '300',
  max_connections: '',
  is_active: true,
};

export function draftOf(connection: Connection): Draft {
  const text = (value: string | number | null) => (value === null ? '' : String(value));
  return {
    connection_id: connection.connection_id,
    name: connection.name,
    description: text(connection.description),
    kind: isSqlite(connection) ? 'sqlite' : 'sqlserver',
    server_name: connection.server_name,
    port: text(connection.port),
    database_name: connection.database_name,
    login: loginOf(connection),
    username: text(connection.username),
    password: '',
    tenant_id: text(connection.tenant_id),
    client_id: text(connection.client_id),
    driver: isSqlite(connection) ? odbcDriver : connection.driver,
    encrypt: connection.encrypt,
    trust_server_certificate: connection.trust_server_certificate,
    connection_timeout: text(connection.connection_timeout),
    command_timeout: text(connection.command_timeout),
    max_connections: text(connection.max_connections),
    is_active: connection.is_active,
  };
}

const numberOrNull = (text: string) => (text.trim() === '' ? null : Number(text));
const textOrNull = (text: string) => (text.trim() === '' ? null : text.trim());

/** The columns as the API takes them; what the kind or the login does not use is emptied. */
export function toColumns(draft: Draft): ConnectionChanges {
  const isServer = draft.kind === 'sqlserver';
  const { login } = draft;
  const isEntra = isServer && login.startsWith('azure-');
  return {
    name: draft.name.trim(),
    description: textOrNull(draft.description),
    server_name: isServer ? draft.server_name.trim() : '',
    port: isServer ? numberOrNull(draft.port) : null,
    database_name: draft.database_name.trim(),
    trusted_connection: isServer && login === 'windows',
    authentication: isEntra ? login : null,
    username: isServer && needsUser(login) ? textOrNull(draft.username) : null,
    tenant_id: isEntra ? textOrNull(draft.tenant_id) : null,
    client_id: isEntra ? textOrNull(draft.client_id) : null,
    driver: isServer ? draft.driver.trim() : 'sqlite',
    encrypt: draft.encrypt,
    trust_server_certificate: draft.trust_server_certificate,
    connection_timeout: Number(draft.connection_timeout),
    command_timeout: Number(draft.command_timeout),
    max_connections: isServer ? numberOrNull(draft.max_connections) : null,
    is_active: draft.is_active,
    ...(isServer && needsSecret(login)
      ? draft.password === ''
        ? {}
        : { password: draft.password }
      : { password: null }),
  };
}

export type Problems = Readonly<Partial<Record<keyof Draft, string>>>;

/** What is wrong with a draft, by field, in the words of the contract's own check. */
export function problemsOf(draft: Draft, taken: readonly string[] | undefined): Problems {
  const problems: Partial<Record<string, string>> = {};
  const isServer = draft.kind === 'sqlserver';
  if (draft.name.trim() === '') problems.name = 'Give it a name';
  if (draft.database_name.trim() === '')
    problems.database_name = isServer ? 'Which database?' : 'Which file?';
  if (isServer && draft.server_name.trim() === '') problems.server_name = 'Which server?';
  if (isServer && needsUser(draft.login) && draft.username.trim() === '')
    problems.username = 'This login needs a user';
  if (taken?.includes(draft.connection_id))
    problems.connection_id = 'There is a connection of that id already';
  const result = ConnectionInput.safeParse({ connection_id: draft.connection_id, ...toColumns(draft) });
  for (const { path, message } of result.error?.issues ?? []) {
    const field = String(path[0]);
    problems[field] ??= message;
  }
  return problems;
}
