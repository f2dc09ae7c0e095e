import { type ChildProcess, fork } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { SqlError, type SqlRequest, type SqlSink, type SqlTarget } from '../../../core/ports/sql-client';
import type { ClosableSqlClient } from '../create-sql-client';
import type { WorkerMessage, WorkerOrder } from './messages';

const longestBusyMs = 30_000;

export interface SqliteClientOptions {
  /** The built worker program. */
  readonly workerFile: string;
  /** Where relative file names begin. */
  readonly baseFolder: string;
  /** Environment of a worker, from the variables of the run it works for. */
  readonly environmentOf: (run: Readonly<Record<string, string>>) => Readonly<Record<string, string>>;
}

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

/** Hands the worker's messages to the sink one after the other: a slow report must not see rows out of order. */
function receive(worker: ChildProcess, file: string, sink: SqlSink, signal: AbortSignal): Promise<void> {
  const order = (message: WorkerOrder) => {
    // A worker that is done already needs no word any more.
    if (worker.connected) worker.send(message, () => undefined);
  };
  return new Promise((resolve, reject) => {
    let chain = Promise.resolve();
    const handle = async (message: WorkerMessage) => {
      switch (message.kind) {
        case 'columns':
          await sink.onColumns(message.columns);
          return;
        case 'rows':
          for (const row of message.rows) {
            const pressure = sink.onRow(row);
            if (pressure) await pressure;
          }
          order({ kind: 'taken' });
          return;
        case 'affected':
          await sink.onRowsAffected(message.count);
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
          worker.kill('SIGKILL');
        });
    });
    worker.once('error', (error) =>
      reject(new SqlError(`The query could not be started: ${error.message}`, { cause: error })),
    );
    worker.once('exit', (code, ended) => {
      void chain.then(() =>
        reject(
          new SqlError(signal.aborted ? 'The query was cancelled' : `The query broke off (${ended ?? code})`),
        ),
      );
    });
  });
}

/**
 * SQLite files, each query in a process of its own: SQLite's API blocks, and the scheduler must not. A thread would
 * do for that, but one that is ended inside SQLite takes the whole program with it. Abort kills the process; SQLite
 * rolls an open transaction back when the file is opened next.
 */
export function createSqliteClient(options: SqliteClientOptions): ClosableSqlClient {
  const workers = new Set<ChildProcess>();

  const run = async (
    file: string,
    request: SqlRequest,
    busyMs: number,
    sink: SqlSink,
    signal: AbortSignal,
  ) => {
    await checkFolder(file);
    if (signal.aborted) throw new SqlError('The query was cancelled');
    const worker = fork(options.workerFile, [], {
      env: { ...options.environmentOf(request.environment ?? {}) },
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      windowsHide: true,
    } as Parameters<typeof fork>[2]);
    workers.add(worker);
    const stop = () => void worker.kill('SIGKILL');
    signal.addEventListener('abort', stop, { once: true });
    try {
      const received = receive(worker, file, sink, signal);
      const { text, parameters, transaction } = request;
      worker.send({ kind: 'task', file, text, parameters, transaction, busyMs } satisfies WorkerOrder);
      await received;
      await sink.onEnd?.();
    } finally {
      signal.removeEventListener('abort', stop);
      workers.delete(worker);
      stop();
    }
  };

  const fileOf = (target: SqlTarget) => {
    if (target.driver !== 'sqlite') throw new SqlError(`not an SQLite target: ${target.driver}`);
    return { ...target, file: resolve(options.baseFolder, target.file) };
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
          kind: 'script',
          text: 'select sqlite_version(), (select count(*) from sqlite_schema)',
          parameters: [],
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
    // Every query opens and closes its file: there is nothing to keep or to forget.
    pools: () => [],
    forget: () => undefined,
    async close() {
      for (const worker of workers) worker.kill('SIGKILL');
    },
  };
}
