import type { Writable } from 'node:stream';

/** At most 60 writes a second to a client. */
const batchMs = 17;
/** A client that does not read is let go when this much waits for it here, beside what the system holds. */
export const mostWaitingBytes = 8 * 1024 * 1024;

export interface BatchedWriter {
  readonly push: (text: string) => void;
  /** Writes what was pushed, at once. */
  flush(): void;
  /** Forgets what was not written yet. */
  stop(): void;
}

/**
 * Gathers texts and writes them to `target`, at most 60 times a second. Never holds more than 8 MiB for a client
 * that has not taken what it was sent before: calls `onTooSlow` with what waits (bytes), once, and writes no more.
 */
export function createBatchedWriter(
  target: Pick<Writable, 'write' | 'writableLength'>,
  onTooSlow: (waiting: number) => void,
): BatchedWriter {
  let batch: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let written = Number.NEGATIVE_INFINITY;
  let isOver = false;

  const stop = () => {
    isOver = true;
    batch = [];
    clearTimeout(timer);
    timer = undefined;
  };
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (batch.length === 0) return;
    const text = batch.join('');
    batch = [];
    written = performance.now();
    // What a client that keeps up has been sent has left by now: one large batch drops nobody.
    const behind = target.writableLength;
    const waiting = behind + Buffer.byteLength(text);
    if (behind > 0 && waiting > mostWaitingBytes) {
      stop();
      onTooSlow(waiting);
    } else target.write(text);
  };
  return {
    push(text) {
      if (isOver) return;
      batch.push(text);
      // After a silence nothing waits: only what comes close behind is gathered.
      timer ??= setTimeout(flush, Math.max(0, written + batchMs - performance.now()));
    },
    flush,
    stop,
  };
}
