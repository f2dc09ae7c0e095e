import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import {
  isAllowedHost,
  isPrivateAddress,
  readWebTarget,
  type WebTarget,
} from '../../../src-shared/notify/address-rules';
import type { Delivery } from '../../core/ports/notifier';

export interface WebRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface WebReply {
  readonly status: number;
  /** At most 64 KB of it. */
  readonly body: string;
  readonly retryAfterSeconds: number | undefined;
}

export interface WebRules {
  readonly allowedHosts: readonly string[];
  readonly timeoutMs: number;
  /** All addresses of a name; another one in tests. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

export type WebOutcome = WebReply | Extract<Delivery, { kind: 'failed' }>;

const mostRead = 65_536;
const mostRetryAfter = 86_400;

const failed = (error: string, isFinal: boolean): Extract<Delivery, { kind: 'failed' }> => ({
  kind: 'failed',
  error,
  isFinal,
});

const systemResolve = async (host: string): Promise<readonly string[]> =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

function retryAfter(reply: IncomingMessage): number | undefined {
  const text = reply.headers['retry-after'];
  if (text === undefined) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.min(mostRetryAfter, Math.max(0, seconds)) : undefined;
}

/** Looks a name up and checks every address of it: the first one, or why nothing may be sent there. */
export async function checkedAddress(
  target: WebTarget,
  rules: WebRules,
): Promise<{ readonly address: string } | Extract<Delivery, { kind: 'failed' }>> {
  let addresses: readonly string[];
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    addresses = target.isAddress
      ? [target.host]
      : await Promise.race([
          (rules.resolve ?? systemResolve)(target.host),
          new Promise<never>((_, reject) => {
            timer = setTimeout(() => reject(new Error('no answer in time')), rules.timeoutMs);
          }),
        ]);
  } catch (error) {
    return failed(`${target.host} can't be looked up: ${(error as Error).message}`, false);
  } finally {
    clearTimeout(timer);
  }
  const closed = addresses.find((address) => isPrivateAddress(address));
  if (closed !== undefined && !isAllowedHost(target, rules.allowedHosts)) {
    return failed(
      `${target.host} leads to ${closed}, which is this machine or a private network; an admin can allow it as "${target.host}:${target.port}" in notifications.allowed_hosts`,
      true,
    );
  }
  const [address] = addresses;
  return address === undefined ? failed(`${target.host} has no address`, false) : { address };
}

/**
 * One request to a web address somebody configured. The name is looked up here, every address of it is checked, and
 * the connection goes to the checked address and to no other: a name that changes its mind in between reaches
 * nothing. Redirects are not followed, at most 64 KB of the answer are read, and all of it ends in time.
 */
export async function webRequest(wanted: WebRequest, rules: WebRules): Promise<WebOutcome> {
  const target = readWebTarget(wanted.url, rules.allowedHosts);
  if (typeof target === 'string') return failed(`the address ${target}`, true);
  const started = performance.now();
  const found = await checkedAddress(target, rules);
  if ('kind' in found) return found;
  const left = Math.max(1, rules.timeoutMs - (performance.now() - started));
  return exchange(wanted, found.address, target.isSecure, left, rules.timeoutMs);
}

function exchange(
  { url, method, headers, body }: WebRequest,
  address: string,
  isSecure: boolean,
  leftMs: number,
  timeoutMs: number,
): Promise<WebOutcome> {
  return new Promise((resolve) => {
    const family = address.includes(':') ? 6 : 4;
    const send = isSecure ? httpsRequest : httpRequest;
    let isDone = false;
    const request = send(url, {
      method,
      headers: {
        'User-Agent': 'JobScheduler',
        ...headers,
        ...(body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
      },
      agent: false,
      maxHeaderSize: 16_384,
      // The address that was checked, whatever the name says now.
      lookup: (_name, options, callback) => {
        if (typeof options === 'object' && options.all) callback(null, [{ address, family }]);
        else callback(null, address, family);
      },
    });
    const end = (outcome: WebOutcome) => {
      if (isDone) return;
      isDone = true;
      clearTimeout(timer);
      request.destroy();
      resolve(outcome);
    };
    const seconds = Math.round(timeoutMs / 100) / 10;
    let answered: IncomingMessage | undefined;
    const parts: Buffer[] = [];
    const finish = () => {
      if (!answered) return;
      const text = Buffer.concat(parts).subarray(0, mostRead).toString('utf8');
      end({ status: answered.statusCode ?? 0, body: text, retryAfterSeconds: retryAfter(answered) });
    };
    // Its status was read: an answer that never ends changes nothing about it.
    const timer = setTimeout(
      () =>
        answered
          ? finish()
          : end(failed(`no answer within ${seconds} s; whether it arrived is not known`, false)),
      leftMs,
    );
    request.on('response', (reply) => {
      answered = reply;
      let read = 0;
      reply.on('data', (chunk: Buffer) => {
        parts.push(chunk);
        read += chunk.length;
        if (read >= mostRead) finish();
      });
      reply.on('end', finish);
      reply.on('error', finish);
      reply.on('aborted', finish);
    });
    request.on('error', (error: NodeJS.ErrnoException) =>
      answered ? finish() : end(failed(`${error.code ?? error.name}: ${error.message}`, false)),
    );
    request.end(body);
  });
}

/** What an answer means to somebody who wanted to tell something. */
export function deliveryOf(outcome: WebOutcome): Delivery {
  if ('kind' in outcome) return outcome;
  const { status, body, retryAfterSeconds } = outcome;
  if (status >= 200 && status < 300) return { kind: 'sent' };
  const said = body.replace(/\s+/g, ' ').trim().slice(0, 200);
  const answer = `it answered ${status}${said === '' ? '' : ` (${said})`}`;
  if (status >= 300 && status < 400)
    return failed(
      `it answered ${status}, a redirect; redirects are not followed: configure the final address`,
      true,
    );
  // Too early, too many, or out of time: the same request may succeed later.
  const isLater = status >= 500 || status === 408 || status === 425 || status === 429;
  return { ...failed(answer, !isLater), ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
}
