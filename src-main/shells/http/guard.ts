import type { ErrorCode } from '../../../src-shared/errors';

/** What the guard sees of a request: before routing, before the body. */
export interface GuardedRequest {
  readonly method: string;
  readonly url: string;
  /** Names and values in turn, as they came: a header given twice is there twice. */
  readonly rawHeaders: readonly string[];
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly status?: number;
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE']);
/** A secret in a URL ends up in histories, logs and Referer headers. */
const secretParameter = /^(api[_-]?key|key|token|access[_-]?token|x-api-key|authorization|password)$/i;

/** The names this server answers to: exactly these, so that a rebound DNS name is a stranger (CVE-2018-7160). */
export function allowedHosts(bind: {
  readonly host: string;
  readonly port: number;
  readonly more: readonly string[];
}): ReadonlySet<string> {
  const isLoopback = /^(127\.|localhost$|::1$|\[::1\]$)/.test(bind.host);
  const names = ['127.0.0.1', 'localhost', '[::1]', ...bind.more];
  if (!isLoopback && !['0.0.0.0', '::'].includes(bind.host)) names.push(bind.host);
  if (/^127\./.test(bind.host)) names.push(bind.host);
  const withPort = names.map((name) => `${name}:${bind.port}`);
  return new Set(bind.port === 80 ? [...withPort, ...names] : withPort);
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}

/**
 * Decides about a request from its first lines alone; undefined lets it through. What it keeps out: names that
 * resolve here for another site's page (DNS rebinding), pages of other origins, requests told apart differently by two
 * readers (smuggling).
 */
export function guard(request: GuardedRequest, hosts: ReadonlySet<string>): Refusal | undefined {
  const { method, url, rawHeaders, headers } = request;
  const hostCount = rawHeaders.filter(
    (text, index) => index % 2 === 0 && text.toLowerCase() === 'host',
  ).length;
  if (hostCount !== 1)
    return { code: 'validation_failed', message: `The request has ${hostCount} Host headers; expected one` };
  const host = single(headers.host) ?? '';
  if (!hosts.has(host))
    return { code: 'forbidden', message: 'This server does not answer to the name in the Host header' };

  if (!methods.has(method))
    return { code: 'method_not_allowed', message: `The method ${method.slice(0, 20)} is not used here` };
  const [path = '', query = ''] = url.split('?', 2);
  const isWrite = method !== 'GET' && method !== 'HEAD';
  const isStream = path === '/api/events' || headers.upgrade !== undefined;
  if (isWrite || isStream) {
    const origin = single(headers.origin);
    if (origin !== undefined && origin !== `http://${host}`) {
      return { code: 'forbidden', message: 'A page of another origin may not do this' };
    }
    const site = single(headers['sec-fetch-site']);
    if (site !== undefined && site !== 'same-origin' && site !== 'none') {
      return { code: 'forbidden', message: 'A page of another site may not do this' };
    }
  }
  if (path !== '/login') {
    for (const name of query.split('&').map((part) => part.split('=', 1)[0] ?? '')) {
      if (secretParameter.test(decodeLoosely(name))) {
        return {
          code: 'validation_failed',
          message: 'A key may not stand in the address; send it as X-API-Key or Authorization: Bearer',
        };
      }
    }
  }
  return undefined;
}

function decodeLoosely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
