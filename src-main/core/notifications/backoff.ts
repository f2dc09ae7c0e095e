const firstMs = 30_000;
const longestMs = 3_600_000;

/** The wait before a message is tried again, after so many tries: 30 s, 1 min, 2 min, ... 1 h. */
export function retryWaitMs(attempts: number, retryAfterSeconds?: number): number {
  const grown = Math.min(longestMs, firstMs * 2 ** Math.min(20, Math.max(0, attempts - 1)));
  return Math.max(grown, Math.min(longestMs, (retryAfterSeconds ?? 0) * 1000));
}
