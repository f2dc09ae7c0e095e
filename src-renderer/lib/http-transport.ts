import type { Transport } from '../../src-shared/client';
import { AppError } from '../../src-shared/errors';
import { addressOf, type CallParts } from '../../src-shared/operation-address';
import { noteServerDate } from './clock';

async function send(
  method: string,
  address: string,
  { body, ifMatch }: Pick<CallParts, 'body' | 'ifMatch'>,
): Promise<Response> {
  try {
    const hasBody = method !== 'GET' && body !== undefined;
    return await fetch(address, {
      method,
      headers: {
        ...(hasBody ? { 'Content-Type': 'application/json' } : {}),
        ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
      },
      ...(hasBody ? { body: JSON.stringify(body) } : {}),
    });
  } catch (error) {
    throw new AppError('unavailable', 'The program does not answer', { cause: error });
  }
}

/** Calls over HTTP. `onSignedOut` is told when the program no longer knows who we are. */
export function createHttpTransport(onSignedOut: () => void): Transport {
  return async ({ operation }, input) => {
    const parts = (input ?? {}) as CallParts;
    const reply = await send(operation.method, addressOf(operation.path, parts), parts);
    noteServerDate(reply.headers.get('Date'));
    if (reply.status === 401) onSignedOut();
    const contentType = reply.headers.get('Content-Type') ?? '';
    if (operation.kind === 'raw' && reply.ok) {
      const raw = { contentType, body: await reply.text(), headers: Object.fromEntries(reply.headers) };
      return { status: reply.status, body: undefined, raw };
    }
    if (!contentType.includes('json')) {
      throw new AppError('internal', `The program answered ${reply.status} without a message`);
    }
    return { status: reply.status, body: await reply.json() };
  };
}
