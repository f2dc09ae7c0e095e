import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { Certificate } from '../../core/ports/certificate';
import { startTlsOfMail } from './mail-handshake';
import { beginTds } from './tds-handshake';

/** How a server begins TLS: at once, after STARTTLS (mail), or within TDS packets (SQL Server). */
export type TlsBeginning = 'at once' | 'mail' | 'tds';

export interface TlsPeer {
  /** The name the certificate is asked for. */
  readonly host: string;
  /** Where to connect; the host itself when left out. */
  readonly address?: string;
  readonly port: number;
  readonly beginning: TlsBeginning;
}

const failed = (error: NodeJS.ErrnoException): Error => new Error(error.code ?? error.message);

/** Runs a step that ends early when the signal aborts or the connection breaks; that is then what it throws. */
function guarded<T>(socket: Socket, signal: AbortSignal, step: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new Error('no answer in time'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    socket.on('error', (error) => reject(failed(error)));
    socket.on('close', () => reject(new Error('it closed the connection')));
    step.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('connect', resolve));
}

function certificateOf(stream: Duplex, host: string): Promise<Certificate> {
  return new Promise((resolve, reject) => {
    // Read, and not relied on: whether it is trusted is for those who send something over it.
    const secure = connectTls({
      socket: stream as Socket,
      rejectUnauthorized: false,
      ...(isIP(host) ? {} : { servername: host }),
    });
    secure.once('error', (error) => reject(failed(error)));
    secure.once('secureConnect', () => {
      const { valid_to, subject } = secure.getPeerCertificate();
      const expires_at = Date.parse(valid_to ?? '');
      if (Number.isNaN(expires_at)) return reject(new Error('it showed no certificate'));
      const name = [subject?.CN].flat()[0];
      resolve({ expires_at, subject: typeof name === 'string' ? name.slice(0, 200) : host });
    });
  });
}

/**
 * The certificate a server shows; undefined when it offers no TLS. Nothing is sent but what begins TLS. Throws with a few
 * words when nobody answers, or not in time: the signal says how long.
 */
export async function readCertificate(peer: TlsPeer, signal: AbortSignal): Promise<Certificate | undefined> {
  const { host, port, beginning } = peer;
  const socket = connectTcp({ host: peer.address ?? host, port });
  const work = async () => {
    await connected(socket);
    const stream =
      beginning === 'mail'
        ? await startTlsOfMail(socket)
        : beginning === 'tds'
          ? await beginTds(socket)
          : socket;
    return stream && certificateOf(stream, host);
  };
  try {
    return await guarded(socket, signal, work());
  } finally {
    // What comes of a connection that is given up concerns nobody.
    socket.on('error', () => undefined);
    socket.destroy();
  }
}
