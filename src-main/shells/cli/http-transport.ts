import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Transport } from '../../../src-shared/client';
import { AppError } from '../../../src-shared/errors';
import { addressOf, type CallParts } from '../../../src-shared/operation-address';

/** Where a running program is reached, and with which key. */
export interface Target {
  /** `http://127.0.0.1:5000`; with `socket` only a name. */
  readonly address: string;
  /** A socket file, or a pipe on Windows, instead of the network. */
  readonly socket?: string;
  readonly key: string | undefined;
}

function unreachable(target: Target, error: NodeJS.ErrnoException): AppError {
  const where = target.socket ?? target.address;
  const reason = error.code === 'ECONNREFUSED' ? 'nothing listens there' : error.message || error.code;
  return new AppError('unavailable', `No program answers at ${where}: ${reason}`, { cause: error });
}

/** Sends one request; the answer's head, its body still to be read. Throws `unavailable` when nobody answers. */
export function send(
  target: Target,
  call: {
    readonly method: string;
    readonly path: string;
    readonly body?: string;
    readonly ifMatch?: string;
    readonly signal?: AbortSignal;
  },
): Promise<IncomingMessage> {
  const url = new URL(call.path, target.address);
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: call.method,
        ...(target.socket === undefined ? {} : { socketPath: target.socket }),
        ...(call.signal ? { signal: call.signal } : {}),
        headers: {
          Accept: '*/*',
          ...(target.key === undefined ? {} : { 'X-API-Key': target.key }),
          ...(call.ifMatch === undefined ? {} : { 'If-Match': call.ifMatch }),
          ...(call.body === undefined
            ? {}
            : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(call.body) }),
        },
      },
      resolve,
    );
    sent.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.name === 'AbortError' ? error : unreachable(target, error)),
    );
    sent.end(call.body);
  });
}

/** All of an answer's body. */
export async function bytesOf(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Calls a running program over HTTP. Raw answers come as a stream of bytes; the signal ends what has not come. */
export function createHttpTransport(target: Target, signal?: AbortSignal): Transport {
  return async ({ operation }, input) => {
    const parts = (input ?? {}) as CallParts;
    const hasBody = operation.method !== 'GET' && parts.body !== undefined;
    const answer = await send(target, {
      method: operation.method,
      path: addressOf(operation.path, parts),
      ...(signal ? { signal } : {}),
      ...(hasBody ? { body: JSON.stringify(parts.body) } : {}),
      ...(parts.ifMatch === undefined ? {} : { ifMatch: parts.ifMatch }),
    });
    const status = answer.statusCode ?? 500;
    const contentType = answer.headers['content-type'] ?? '';
    if (operation.kind === 'raw' && status < 400) {
      const headers = Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
      );
      return {
        status,
        body: undefined,
        raw: { contentType, body: answer as AsyncIterable<Uint8Array>, headers },
      };
    }
    const text = (await bytesOf(answer)).toString('utf8');
    try {
      if (contentType.includes('json')) return { status, body: JSON.parse(text) as unknown };
    } catch {
      // Said below.
    }
    throw new AppError(
      'unavailable',
      `What answers at ${target.address} is not Job Scheduler: ${status} ${contentType || 'without a content type'}`,
    );
  };
}
