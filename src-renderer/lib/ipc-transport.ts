import type { Transport } from '../../src-shared/client';
import { apiChannel, type DesktopBridge } from '../../src-shared/desktop-bridge';

/** Absent values are left out and dates become text, as JSON over HTTP does it: one contract, two transports. */
const plain = (part: unknown): unknown => (part === undefined ? undefined : JSON.parse(JSON.stringify(part)));

/** Calls over the desktop application's bridge. */
export function createIpcTransport(bridge: DesktopBridge): Transport {
  return async ({ id }, input) => {
    const { params, query, body, ifMatch } = (input ?? {}) as Readonly<Record<string, unknown>>;
    const {
      status,
      body: answer,
      raw,
    } = await bridge.invoke(apiChannel(id), {
      params: plain(params),
      query: plain(query),
      body: plain(body),
      ...(ifMatch === undefined ? {} : { ifMatch }),
    });
    return { status, body: answer, ...(raw ? { raw } : {}) };
  };
}
