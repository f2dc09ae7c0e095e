import type { Certificate } from '../../../core/ports/certificate';
import { readCertificate } from '../../tls/read-certificate';
import type { SqlServerTarget } from './mssql-config';
import { parseServerAddress } from './server-address';

const lookLimitMs = 10_000;

/** The port of a named instance, which the server's browser service tells. */
async function portOf(host: string, instanceName: string, signal: AbortSignal): Promise<number> {
  const { instanceLookup } = await import('tedious/lib/instance-lookup.js');
  return instanceLookup({ server: host, instanceName, timeout: 2000, retries: 1, signal });
}

/** The certificate of a server, where it is checked; undefined where it is not, or can't be read: the login tells why. */
export async function certificateOf(
  { server, port, encrypt, trust_server_certificate }: SqlServerTarget,
  wanted: AbortSignal,
): Promise<Certificate | undefined> {
  if (!encrypt || trust_server_certificate) return undefined;
  const signal = AbortSignal.any([wanted, AbortSignal.timeout(lookLimitMs)]);
  try {
    const address = parseServerAddress(server);
    const found =
      address.instance === undefined
        ? (address.port ?? port ?? 1433)
        : await portOf(address.host, address.instance, signal);
    return await readCertificate({ host: address.host, port: found, beginning: 'tds' }, signal);
  } catch {
    return undefined;
  }
}

/** Days until a SQL login's password has to be changed; NULL where it does not have to. */
export const passwordDaysLeft = "SELECT CAST(LOGINPROPERTY(SUSER_SNAME(), 'DaysUntilExpiration') AS int)";
