import {
  type Client,
  type Contract,
  type NamedOperation,
  operations,
  type RawReply,
} from './contract/operation';
import { AppError, type ErrorBody } from './errors';

/** What a transport brings back: the status and the body, parsed JSON or raw. */
export interface TransportReply {
  readonly status: number;
  readonly body: unknown;
  readonly raw?: RawReply;
}

/** Carries one call to the program: over HTTP or IPC. */
export type Transport = (operation: NamedOperation, input: unknown) => Promise<TransportReply>;

function isErrorBody(body: unknown): body is ErrorBody {
  return typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'object';
}

/**
 * A typed client of every operation over any transport. A refused call throws AppError with the server's
 * code, message and issues; a reply that is no error body of ours throws `internal`.
 */
export function createClient<C extends Contract>(contract: C, transport: Transport): Client<C> {
  const groups: Record<string, Record<string, unknown>> = {};
  for (const named of operations(contract)) {
    if (named.operation.kind === 'events') continue;
    const [group = '', name = ''] = named.id.split('.');
    groups[group] ??= {};
    groups[group][name] = async (input: unknown) => {
      const reply = await transport(named, input);
      if (reply.status >= 400 && isErrorBody(reply.body)) {
        const { code, message, issues, difference } = reply.body.error;
        throw new AppError(code, message, { issues, difference });
      }
      return reply.raw ?? reply.body;
    };
  }
  return groups as Client<C>;
}
