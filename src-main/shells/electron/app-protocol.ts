import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { contract } from '../../../src-shared/contract/index';
import { operations } from '../../../src-shared/contract/operation';
import type { ApiContext, Invoke } from '../../api/invoke';
import { securityHeaders } from '../http/security-headers';
import { isPagePath, isPublicFile } from '../pages';
import { isOwnAddress } from './scheme';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
};

/** Operations whose answer is a file: links of the pages lead to them, everything else is called over IPC. */
const files = operations(contract)
  .filter(({ operation }) => operation.kind === 'raw' && operation.method === 'GET')
  .map(({ id, operation }) => ({
    id,
    pattern: new RegExp(`^${operation.path.replace(/[.]/g, '\\.').replace(/:([a-z_]+)/g, '(?<$1>[^/]+)')}$`),
  }));

const text = (status: number, message: string): Response =>
  new Response(message, {
    status,
    headers: { ...securityHeaders, 'Content-Type': 'text/plain; charset=utf-8' },
  });

function decoded(groups: Readonly<Record<string, string>>): Record<string, string> | undefined {
  try {
    return Object.fromEntries(
      Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
  } catch {
    return undefined;
  }
}

/**
 * Answers the window's own scheme: the renderer's files, its page for every address of a page, and the files the
 * API gives (output, artifacts, exports) as downloads. Everything carries the same policy as over HTTP.
 */
export function createAppProtocol(deps: {
  readonly rendererFolder: string;
  readonly invoke: Invoke;
  readonly caller: ApiContext;
}): (request: Request) => Promise<Response> {
  // At once: a window opens while the program is composed, and each wait for a file stands behind a piece of that work.
  const sendFile = (name: string, lifetime: string): Response => {
    try {
      const bytes = readFileSync(join(deps.rendererFolder, name));
      return new Response(new Uint8Array(bytes), {
        headers: {
          ...securityHeaders,
          'Content-Type': contentTypes[extname(name)] ?? 'application/octet-stream',
          'Cache-Control': lifetime,
        },
      });
    } catch {
      return text(404, 'There is nothing at this address');
    }
  };

  const sendDownload = async (url: URL): Promise<Response | undefined> => {
    for (const { id, pattern } of files) {
      const match = pattern.exec(url.pathname);
      if (!match) continue;
      const params = decoded(match.groups ?? {});
      if (!params) return text(400, 'The address is not encoded as it should be');
      const raw = {
        ...(match.groups ? { params } : {}),
        ...(url.search ? { query: Object.fromEntries(url.searchParams) } : {}),
      };
      const answer = await deps.invoke(id, raw, deps.caller);
      if (answer.kind === 'json') {
        return new Response(JSON.stringify(answer.body), {
          status: answer.status,
          headers: { ...securityHeaders, 'Content-Type': 'application/json; charset=utf-8' },
        });
      }
      const { body, contentType, headers } = answer.reply;
      const content = typeof body === 'string' || body instanceof Uint8Array ? body : streamOf(body);
      return new Response(content as ConstructorParameters<typeof Response>[0], {
        status: answer.status,
        headers: { ...securityHeaders, ...headers, 'Content-Type': contentType },
      });
    }
    return undefined;
  };

  return async (request) => {
    if (!isOwnAddress(request.url)) return text(403, 'This is no address of the window');
    if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'Only GET is possible here');
    const url = new URL(request.url);
    if (isPublicFile(url.pathname)) return sendFile(url.pathname.slice(1), 'public, max-age=31536000');
    const download = await sendDownload(url);
    if (download) return download;
    if (isPagePath(url.pathname)) return sendFile('index.html', 'no-store');
    return text(404, 'There is nothing at this address');
  };
}

function streamOf(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
