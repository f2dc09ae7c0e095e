import { AppError } from '../../../../src-shared/errors';
import type { ServerPool } from '../sqlserver/connect';
import { sendRows } from './send-changes';
import { type Ask, asker, type ServerTable } from './server-tables';
import type { TableWork } from './table-work';

const beatMs = 2000;

/** How long a server may be silent. With the pause between two beats: told within 10 s. */
export interface Patience {
  /** Nothing at all was heard of it for so long while something was asked. */
  readonly silentMs: number;
  /** It answers, but not to the beat: then it works, and only slowly. */
  readonly longestMs: number;
}

export const usualPatience: Patience = { silentMs: 5000, longestMs: 15_000 };

/** An open way to the server. `lost` rejects when it stops answering; what is under way on it is then given up. */
export interface OpenLink {
  readonly ask: Ask;
  readonly tables: ReadonlyMap<string, ServerTable>;
  /** Brings rows to the server, all or none. */
  send(work: readonly TableWork[]): Promise<void>;
  readonly lost: Promise<never>;
  close(): void;
}

/** Whatever comes first; the loser's failure is nobody's. */
export function within<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('unavailable', `${what} within ${ms / 1000} s`)), ms);
  });
  work.catch(() => undefined);
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/**
 * Watches over a pool: asks every few seconds, and says by `lost` that no answer came. Any answer is a sign of life: a
 * server that is busy with rows is not away because the small question waits behind them.
 */
export function watchLink(
  server: ServerPool,
  tables: ReadonlyMap<string, ServerTable>,
  beat: (ask: Ask) => Promise<void>,
  { silentMs, longestMs }: Patience = usualPatience,
): OpenLink {
  let heardAt = performance.now();
  const heard = async <T>(work: Promise<T>): Promise<T> => {
    try {
      const found = await work;
      heardAt = performance.now();
      return found;
    } catch (error) {
      // An error that has a number was said by the server.
      if (typeof (error as { number?: unknown } | null)?.number === 'number') heardAt = performance.now();
      throw error;
    }
  };
  const plain = asker(server);
  const ask: Ask = (text, bind) => heard(plain(text, bind));
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let fail: (error: unknown) => void = () => undefined;
  const lost = new Promise<never>((_, reject) => {
    fail = reject;
  });
  lost.catch(() => undefined);
  const later = (ms: number, step: () => void) => {
    if (isClosed) return;
    timer = setTimeout(step, ms);
    timer.unref();
  };
  const next = () => later(beatMs, begin);
  const begin = () => {
    const begun = performance.now();
    let isOver = false;
    const look = () => {
      if (isOver) return;
      const now = performance.now();
      const silent = now - Math.max(heardAt, begun);
      const left = Math.min(silentMs - silent, begun + longestMs - now);
      if (left > 0) return later(left, look);
      // Nothing at all was heard, or all but the answer that counts.
      const seconds = Math.round(Math.max(silent, silent < silentMs ? now - begun : 0) / 1000);
      fail(new AppError('unavailable', `The server did not answer within ${seconds} s`));
    };
    look();
    beat(ask).then(
      () => {
        isOver = true;
        clearTimeout(timer);
        next();
      },
      (error) => {
        isOver = true;
        fail(error);
      },
    );
  };
  next();
  return {
    ask,
    tables,
    send: (work) => heard(sendRows(server, work)),
    lost,
    close() {
      isClosed = true;
      clearTimeout(timer);
      fail(new AppError('unavailable', 'The connection was closed'));
      server.abandon();
    },
  };
}
