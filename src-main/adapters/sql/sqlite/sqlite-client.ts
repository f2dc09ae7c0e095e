import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { SqlError, type SqlRequest, type SqlSink, type SqlTarget } from '../../../core/ports/sql-client';
import type { ClosableSqlClient } from '../create-sql-client';
import type { WorkerMessage, WorkerTask } from './messages';

const longestBusyMs = 30_000;

function explain(message: string, file: string): string {
  if (/unable to open/i.test(message))
    return `${file} can't be opened; check that the folder may be written (${message})`;
  if (/not a database/i.test(message)) return `${file} is not a SQLite database`;
  if (/locked|busy/i.test(message)) return `${file} is locked by another program (${message})`;
  return message;
}

async function checkFolder(file: string): Promise<void> {
  const folder = dirname(file);
  const info = await stat(folder).catch(() => undefined);
  if (!info?.isDirectory()) throw new SqlError(`The folder ${folder} of the SQLite file does not exist`);
}

/**
 * SQLite files, each query in a thread of its own: SQLite's API blocks, and the scheduler must not. Abort ends the
 * thread, and with it the query; an open transaction is rolled back by SQLite.
 */
export function createSqliteClient(workerFile: URL | string): ClosableSqlClient {
  const workers = new Set<Worker>();

  const run = async (
    file: string,
    request: SqlRequest,
    busyMs: number,
    sink: SqlSink,
    signal: AbortSignal,
  ) => {
    signal.throwIfAborted();
    await checkFolder(file);
    const credit = new SharedArrayBuffer(4);
    const taken = new Int32Array(credit);
    const task: WorkerTask = { file, ...request, busyMs, credit };
    const worker = new Worker(workerFile, { workerData: task });
    workers.add(worker);
    const stop = () => void worker.terminate();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        // Messages are handled one after the other: a slow report must not see rows out of order.
        let chain = Promise.resolve();
        const handle = async (message: WorkerMessage) => {
          switch (message.kind) {
            case 'columns':
              await sink.onColumns(message.names);
              return;
            case 'rows':
              for (const row of message.rows) {
                const pressure = sink.onRow(row);
                if (pressure) await pressure;
              }
              Atomics.add(taken, 0, 1);
              Atomics.notify(taken, 0);
              return;
            case 'affected':
              sink.onRowsAffected(message.count);
              return;
            case 'done':
              resolve();
              return;
            case 'failed':
              reject(new SqlError(explain(message.message, file)));
          }
        };
        worker.on('message', (message: WorkerMessage) => {
          chain = chain
            .then(() => handle(message))
            .catch((error) => {
              reject(error);
              stop();
            });
        });
        worker.once('error', (error) =>
          reject(new SqlError(`The query broke off: ${error.message}`, { cause: error })),
        );
        worker.once('exit', () => {
          void chain.then(() =>
            reject(new SqlError(signal.aborted ? 'The query was cancelled' : 'The query broke off')),
          );
        });
      });
    } finally {
      signal.removeEventListener('abort', stop);
      workers.delete(worker);
      await worker.terminate();
    }
  };

  const fileOf = (target: SqlTarget) => {
    if (target.driver !== 'sqlite') throw new SqlError(`not an SQLite target: ${target.driver}`);
    return target;
  };

  return {
    run(target, request, sink, signal) {
      const { file, command_timeout_seconds } = fileOf(target);
      return run(file, request, Math.min(command_timeout_seconds * 1000, longestBusyMs), sink, signal);
    },
    async test(target, signal) {
      const { file } = fileOf(target);
      const info = await stat(file).catch(() => undefined);
      if (!info?.isFile()) throw new SqlError(`The file ${file} does not exist`);
      const started = performance.now();
      let version = '';
      await run(
        file,
        {
          text: 'select sqlite_version(), (select count(*) from sqlite_schema)',
          parameters: {},
          transaction: false,
        },
        5000,
        {
          onColumns: () => undefined,
          onRow: (row) => {
            version = `SQLite ${row[0]}`;
          },
          onMessage: () => undefined,
          onRowsAffected: () => undefined,
        },
        signal,
      );
      return { version, milliseconds: Math.round(performance.now() - started) };
    },
    async close() {
      await Promise.all([...workers].map((worker) => worker.terminate()));
    },
  };
}
