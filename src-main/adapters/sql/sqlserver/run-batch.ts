import type { Request } from 'mssql';
import type { SqlMessage } from '../../../../src-shared/model/sql-result';
import type { SqlError, SqlSink, SqlValue } from '../../../core/ports/sql-client';
import { type DriverColumn, resultColumn, valueReader } from './column-types';
import { createOrderedWork } from './ordered-work';

/** After a cancel the server has this long to confirm it; then the connection is given up. */
const confirmMs = 7000;

/** Rows that wait for the sink before the server is held back. */
const mostWaiting = 512;

/** What the driver tells of a message or an error. */
export interface DriverMessage {
  readonly message: string;
  readonly code?: string;
  readonly number?: number | string;
  readonly class?: number;
  readonly lineNumber?: number;
  readonly procName?: string;
}

export interface BatchRun {
  readonly request: Request;
  /** Starts it: `request.batch(text)`, `request.execute(name)`. */
  readonly start: () => void;
  readonly sink: SqlSink;
  readonly signal: AbortSignal;
  /** How long the server may say nothing; 0: as long as it likes. */
  readonly silenceMs: number;
  /** The server does not answer any more: nobody may use the connection again. */
  readonly giveUp: () => void;
  readonly describe: (message: DriverMessage) => SqlMessage;
  /** The failure of the whole request; `more` errors followed the one it is told by. */
  readonly explain: (error: unknown, more: number) => SqlError;
}

/**
 * Streams one request into the sink, in the order the server sends. Rows hold the server back while the sink is
 * busy. Rejects once the server is done, as only then the connection is free again: with the first error explained,
 * or with what the sink threw.
 */
export function runBatch(run: BatchRun): Promise<void> {
  const { request, start, sink, signal, silenceMs, describe, explain } = run;
  return new Promise((resolve, reject) => {
    const errors: Partial<DriverMessage>[] = [];
    let isPaused = false;
    let isResultOpen = false;
    let isOver = false;
    let heardAt = performance.now();
    let readers: (((value: unknown) => SqlValue) | undefined)[] = [];
    let silenceTimer: NodeJS.Timeout | undefined;
    let confirmTimer: NodeJS.Timeout | undefined;

    const end = () => {
      isOver = true;
      signal.removeEventListener('abort', onAbort);
      clearTimeout(silenceTimer);
      clearTimeout(confirmTimer);
    };
    const settle = () => {
      end();
      work.idle().then(() => {
        const [first, ...more] = errors;
        if (first === undefined) resolve();
        else reject(explain(first, more.filter((error) => error.class !== undefined).length));
      }, reject);
    };
    const resume = () => {
      if (!isPaused) return;
      isPaused = false;
      heardAt = performance.now();
      request.resume();
    };
    const cancel = () => {
      if (isOver) return;
      // A paused stream would never hear that the server has stopped.
      resume();
      request.cancel();
      confirmTimer ??= setTimeout(() => {
        run.giveUp();
        settle();
      }, confirmMs);
    };
    const onAbort = () => {
      // First, so that whatever the driver makes of it, it was a cancel.
      if (!isOver) errors.unshift({ code: 'ECANCEL', message: 'Canceled.' });
      cancel();
    };
    /** The driver's own limit counts from the start, and would end a long export that is going well. */
    const watchSilence = (afterMs: number) => {
      silenceTimer = setTimeout(() => {
        const left = isPaused ? silenceMs : silenceMs - (performance.now() - heardAt);
        if (left > 0) return watchSilence(left);
        errors.push({ code: 'ETIMEOUT', message: 'Timeout: Request failed to complete' });
        cancel();
      }, afterMs);
    };
    const work = createOrderedWork({ free: resume, fail: cancel });
    const enqueue = (step: () => void | Promise<void>) => {
      if (isOver) return;
      heardAt = performance.now();
      work.push(step);
      if (work.waiting < mostWaiting || isPaused || signal.aborted) return;
      isPaused = true;
      request.pause();
    };

    request.stream = true;
    request.arrayRowMode = true;
    request.on('recordset', (columns: readonly DriverColumn[]) => {
      const all = [...columns];
      readers = all.map(valueReader);
      const needsReading = readers.some((reader) => reader !== undefined);
      if (!needsReading) readers = [];
      isResultOpen = true;
      enqueue(() => sink.onColumns(all.map(resultColumn)));
    });
    request.on('row', (given: readonly unknown[] | Record<string, unknown>) => {
      // FOR JSON and FOR XML come as an object with one value.
      const row = Array.isArray(given) ? given : Object.values(given);
      const values = readers.length === 0 ? row : row.map((value, i) => readers[i]?.(value) ?? value);
      enqueue(() => sink.onRow(values as readonly SqlValue[]));
    });
    request.on('info', (info: DriverMessage) => enqueue(() => sink.onMessage(describe(info))));
    request.on('rowsaffected', (count: number) => {
      // After rows the count is that of the rows themselves.
      if (isResultOpen) enqueue(() => sink.onResultEnd?.());
      else enqueue(() => sink.onRowsAffected(count));
      isResultOpen = false;
    });
    request.on('error', (error: DriverMessage) => {
      errors.push(error);
      // What has a class came from the server; the rest is of the driver, and the outcome tells it.
      if (error.class !== undefined) enqueue(() => sink.onMessage(describe(error)));
    });
    request.on('done', (done: { output?: Record<string, SqlValue>; returnValue?: number }) => {
      if (isOver) return;
      const { returnValue } = done;
      if (returnValue !== undefined && errors.length === 0)
        enqueue(() => sink.onOutput?.(done.output ?? {}, returnValue));
      settle();
    });
    signal.addEventListener('abort', onAbort, { once: true });
    if (silenceMs > 0) watchSilence(silenceMs);
    start();
  });
}
