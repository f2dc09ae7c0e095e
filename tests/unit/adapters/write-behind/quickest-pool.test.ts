import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { BytesHeard, ServerPool } from '../../../../src-main/adapters/persistence/sqlserver/connect';
import { quickestPool } from '../../../../src-main/adapters/persistence/write-behind/quickest-pool';
import type { SqlServerTarget } from '../../../../src-main/adapters/sql/sqlserver/mssql-config';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Attempts that end as the test says. */
function attempts() {
  const begun: { resolve(pool: ServerPool): void; reject(error: unknown): void; bytes: number }[] = [];
  const abandoned: number[] = [];
  const connect = (_target: unknown, _limits: unknown, onBegin?: (heard: BytesHeard) => void) =>
    new Promise<ServerPool>((resolve, reject) => {
      const one = { resolve, reject, bytes: 0 };
      begun.push(one);
      onBegin?.(() => one.bytes);
    });
  const pool = (name: number) =>
    ({ pool: { name }, abandon: () => void abandoned.push(name) }) as unknown as ServerPool;
  const open = () =>
    quickestPool({} as SqlServerTarget, { connectMs: 1, requestMs: 1, acquireMs: 1, max: 1 }, connect);
  return { begun, abandoned, pool, open };
}

it('begins another attempt beside one that hears nothing, and uses the first that gets through', async () => {
  const { begun, abandoned, pool, open } = attempts();
  const found = open();
  await vi.advanceTimersByTimeAsync(3100);
  expect(begun).toHaveLength(3);
  const second = pool(2);
  begun[1]?.resolve(second);
  expect(await found).toBe(second);
  begun[0]?.resolve(pool(1));
  begun[2]?.reject(new Error('late'));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(abandoned).toEqual([1]);
  expect(begun).toHaveLength(3);
});

it('leaves a slow login alone as long as it hears from the server', async () => {
  const { begun, pool, open } = attempts();
  const found = open();
  for (let step = 0; step < 5; step += 1) {
    if (begun[0]) begun[0].bytes += 40;
    await vi.advanceTimersByTimeAsync(1500);
  }
  expect(begun).toHaveLength(1);
  begun[0]?.resolve(pool(1));
  await found;
});

it('fails at once where the only attempt is refused', async () => {
  const { begun, open } = attempts();
  const found = open();
  begun[0]?.reject(new Error('refused'));
  await expect(found).rejects.toThrow('refused');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(begun).toHaveLength(1);
});
