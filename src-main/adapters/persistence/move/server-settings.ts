import type { StoreServer } from '../../../../src-shared/model/store';
import type { ServerSettings } from '../../settings/server-keys';
import { parseOdbcString } from '../../sql/sqlserver/odbc-string';
import type { StoreTarget } from '../sqlserver/store-target';

/** A value as ODBC reads it back. */
const written = (value: string): string =>
  /^[^\s{};]([^{};]*[^\s{};])?$/.test(value) || value === '' ? value : `{${value.replaceAll('}', '}}')}`;

/** Without the password, which is sealed and stands beside it. */
function withoutPassword(text: string): string {
  return parseOdbcString(text)
    .filter(({ keyword }) => !/^(pwd|password)$/i.test(keyword))
    .map(({ keyword, value }) => {
      // Driver names stand in braces by custom.
      const isDriver = keyword.toLowerCase() === 'driver';
      return `${keyword}=${isDriver ? `{${value.replace(/^\{(.*)\}$/, '$1')}}` : written(value)}`;
    })
    .join(';');
}

/** A server as the configuration keeps it: what was given, the password sealed. */
export function serverSettings(
  { password, ...server }: StoreServer,
  { target }: StoreTarget,
  seal: (password: string) => string,
): ServerSettings {
  const { login } = target;
  const secret = login.kind === 'windows' ? undefined : (login.password ?? password);
  return {
    ...server,
    ...(server.connection_string === undefined
      ? {}
      : { connection_string: withoutPassword(server.connection_string) }),
    ...(secret ? { sealed_password: seal(secret) } : {}),
  };
}
