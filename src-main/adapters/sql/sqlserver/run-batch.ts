import type { Request } from 'mssql';
import type { SqlMessage } from '../../../../src-shared/model/sql-result';
import type { SqlError, SqlSink, SqlValue } from '../../../core/ports/sql-client';
import { type DriverColumn, resultColumn, valueReader } from './column-types';
import { createOrderedWork } from './ordered-work';

/** Rows that wait for the sink before the server is held back. */
const mostWaiting = 512;

/** What the driver tells of a message or an error. */
export interface DriverMessage {
  readonly message: string;
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
  readonly describe: (message: DriverMessage) => SqlMessage;
  /** The failure of the whole request; `more` errors followed the one it is told by. */
  readonly explain: (error: unknown, more: number) => SqlError;
}

/**
 * Streams one request into the sink, in the order the server sends. Rows hold the server back while the sink is
 * busy. Rejects once the server is done, as only then the connection is free again: with the first error explained,
 * or with what the sink threw.
 */
export function runBatch({ request, start, sink, signal, describe, explain }: BatchRun): Promise<void> {
  return new Promise((resolve, reject) => {
    const errors: unknown[] = [];
    let isPaused = false;
    let isResultOpen = false;
    let readers: (((value: unknown) => SqlValue) | undefined)[] = [];

    const resume = () => {
      if (!isPaused) return;
      isPaused = false;
      request.resume();
    };
    const cancel = () => {
      // A paused stream would never hear that the server has stopped.
      resume();
      request.cancel();
    };
    const work = createOrderedWork({ free: resume, fail: cancel });
    const enqueue = (step: () => void | Promise<void>) => {
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
      signal.removeEventListener('abort', cancel);
      const { returnValue } = done;
      if (returnValue !== undefined && errors.length === 0)
        enqueue(() => sink.onOutput?.(done.output ?? {}, returnValue));
      work.idle().then(() => {
        const [first] = errors;
        if (first === undefined) resolve();
        else reject(explain(first, errors.length - 1));
      }, reject);
    });
    signal.addEventListener('abort', cancel, { once: true });
    start();
  });
}
