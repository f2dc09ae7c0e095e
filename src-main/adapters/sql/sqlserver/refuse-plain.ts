import { createRequire } from 'node:module';

interface Negotiating {
  readonly config: { readonly options: { readonly encrypt?: boolean | 'strict' } };
}
type Negotiate = (
  this: Negotiating,
  answer: { readonly encryptionString?: string },
  signal: AbortSignal,
) => Promise<void>;

let isDone = false;

/**
 * Asked for encryption, tedious goes on without it when the server says that it has none, and sends the login in the
 * clear: whoever sits in between only has to say so. Its negotiation is preceded by one that gives up there. The
 * answers are those of MS-TDS 2.2.6.5: OFF and NOT_SUP mean that nothing behind the login is encrypted. Throws
 * Error where the driver is another one than this was written for: better no connection than one in the clear.
 */
export function refusePlainConnections(): void {
  if (isDone) return;
  const Connection = createRequire(import.meta.url)('tedious/lib/connection.js') as {
    readonly prototype: { performTlsNegotiation?: Negotiate };
  };
  const negotiate = Connection.prototype.performTlsNegotiation;
  if (typeof negotiate !== 'function')
    throw new Error(
      'This version of the SQL Server driver can not be kept from logging in without encryption',
    );
  Connection.prototype.performTlsNegotiation = async function guarded(answer, signal) {
    const isEncrypted = answer.encryptionString === 'ON' || answer.encryptionString === 'REQ';
    if (this.config.options.encrypt === true && !isEncrypted)
      throw Object.assign(new Error('The server does not support encryption'), { code: 'EENCRYPT' });
    await negotiate.call(this, answer, signal);
  };
  isDone = true;
}
