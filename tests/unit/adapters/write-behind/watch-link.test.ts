import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ServerPool } from '../../../../src-main/adapters/persistence/sqlserver/connect';
import { watchLink } from '../../../../src-main/adapters/persistence/write-behind/watch-link';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A server that answers when the test says so. */
function silentServer() {
  const waiting: (() => void)[] = [];
  class Request {
    query() {
      return new Promise((resolve) => waiting.push(() => resolve({ recordset: undefined })));
    }
  }
  let abandoned = 0;
  const abandon = () => {
    abandoned += 1;
  };
  const server = { driver: { sql: { Request } }, pool: {}, abandon };
  const link = watchLink(server as unknown as ServerPool, new Map(), async (ask) => {
    await ask('beat');
  });
  let lost: unknown;
  link.lost.catch((error) => {
    lost = error;
  });
  const answerAll = () => {
    for (const one of waiting.splice(0)) one();
  };
  return { link, answerAll, waiting, lost: () => lost, abandoned: () => abandoned };
}

it('is lost within 8 s when the server falls silent, and closes every connection at once', async () => {
  const { link, answerAll, lost, abandoned } = silentServer();
  for (let second = 0; second < 10; second += 1) {
    await vi.advanceTimersByTimeAsync(1000);
    answerAll();
  }
  expect(lost()).toBeUndefined();
  await vi.advanceTimersByTimeAsync(8000);
  expect(String(lost())).toContain('The server did not answer within 5 s');
  link.close();
  expect(abandoned()).toBe(1);
});

it('is not lost while rows are taken, though the beat waits behind them for a while', async () => {
  const { link, waiting, lost } = silentServer();
  // The beat is asked, and nobody answers it; other questions are answered every three seconds.
  await vi.advanceTimersByTimeAsync(2100);
  expect(waiting).toHaveLength(1);
  for (let step = 0; step < 4; step += 1) {
    void link.ask('rows');
    await vi.advanceTimersByTimeAsync(3000);
    waiting.pop()?.();
    await vi.advanceTimersByTimeAsync(1);
  }
  expect(lost()).toBeUndefined();
  await vi.advanceTimersByTimeAsync(5000);
  expect(lost()).toBeDefined();
});
