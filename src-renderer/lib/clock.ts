import { useCallback, useSyncExternalStore } from 'react';

/** How far the program's clock is ahead of this browser's, in ms. Small differences are taken for delay. */
let skewMs = 0;
const smallestSkewMs = 3000;

/** Learns the program's clock from an answer's Date header: "in 42 s" must be true on a machine that is late. */
export function noteServerDate(header: string | null): void {
  const date = header === null ? Number.NaN : Date.parse(header);
  if (Number.isNaN(date)) return;
  // The header cuts off the fraction: half a second is the best guess.
  const difference = date + 500 - Date.now();
  skewMs = Math.abs(difference) < smallestSkewMs ? 0 : difference;
}

/** The program's present, epoch ms. */
export function serverNow(): number {
  return Date.now() + skewMs;
}

interface Ticker {
  readonly listeners: Set<() => void>;
  now: number;
  timer: ReturnType<typeof setInterval> | undefined;
}
const tickers = new Map<number, Ticker>();

function tickerOf(everyMs: number): Ticker {
  const known = tickers.get(everyMs);
  if (known) return known;
  const ticker: Ticker = { listeners: new Set(), now: serverNow(), timer: undefined };
  tickers.set(everyMs, ticker);
  return ticker;
}

function subscribe(everyMs: number, listener: () => void): () => void {
  const ticker = tickerOf(everyMs);
  ticker.listeners.add(listener);
  ticker.timer ??= setInterval(() => {
    ticker.now = serverNow();
    for (const each of ticker.listeners) each();
  }, everyMs);
  return () => {
    ticker.listeners.delete(listener);
    if (ticker.listeners.size > 0) return;
    clearInterval(ticker.timer);
    ticker.timer = undefined;
  };
}

/** The present, renewed every `everyMs`; all components with the same interval share one timer. */
export function useNow(everyMs = 1000): number {
  // The same function from render to render: another one would end the timer and begin a new one.
  const listen = useCallback((listener: () => void) => subscribe(everyMs, listener), [everyMs]);
  return useSyncExternalStore(listen, () => {
    const ticker = tickerOf(everyMs);
    if (ticker.timer === undefined && Math.abs(serverNow() - ticker.now) >= everyMs) ticker.now = serverNow();
    return ticker.now;
  });
}
