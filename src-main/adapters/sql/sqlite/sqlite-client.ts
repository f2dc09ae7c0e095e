import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { SqlError, type SqlRequest, type SqlSink, type SqlTarget } from '../../../core/ports/sql-client';
import type { ClosableSqlClient } from '../create-sql-client';
import type { WorkerMessage } from './messages';
import { forkQueryWorker, type QueryWorker, type StartQueryWorker } from './query-worker';
import { codeOf } from './split-statements';

/** How long a query waits for another program's lock. */
const longestBusyMs = 30_000;

type SqliteTarget = Extract<SqlTarget, { driver: 'sqlite' }>;

export interface SqliteClientOptions {
  /** The built worker program. */
  readonly workerFile: string;
  /** Where relative file names begin. */
  readonly baseFolder: string;
  /** Environment of a worker, from the variables of the run it works for. */
  readonly environmentOf: (run: Readonly<Record<string, string>>) => Readonly<Record<string, string>>;
  /** How a worker is started; a second Node when absent. */
  readonly startWorker?: StartQueryWorker;
}

/** SQLite's words, with the file and what to do about them. */
function explain(message: string, file: string, busyMs: number): string {
  if (/unable to open/i.test(message))
    return `${file} can't be opened; check that the file and its folder may be read and written (${message})`;
  if (/not a database/i.test(message)) return `${file} is not a SQLite database`;
  if (/malformed|corrupt/i.test(message)) return `${file} is damaged (${message}); restore it from a backup`;
  if (/locked|busy/i.test(message))
    return `${file} is locked by another program, for longer than ${busyMs / 1000} s (${message}); running it again later usually helps (max_retries)`;
  if (/readonly/i.test(message))
    return `${file} can't be changed: the connection is read_only, or this program may not write the file or its folder (${message})`;
  if (/disk is full/i.test(message)) return `The disk of ${file} is full (${message})`;
  return message;
}

/** Trying again would not change it. */
const unusable = { error_class: 'configuration' } as const;

/** What makes the file is a script that creates something; anything else on a missing file is a mistyped path. */
async function checkFile({ file, read_only }: SqliteTarget, text: string): Promise<void> {
  const folder = dirname(file);
  const info = await stat(folder).catch(() => undefined);
  if (!info?.isDirectory())
    throw new SqlError(`The folder ${folder} of the SQLite file does not exist`, unusable);
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory()) throw new SqlError(`${file} is a folder, not a SQLite file`, unusable);
  if (!found && (read_only || !/\b(create|attach)\b/i.test(codeOf(text))))
    throw new SqlError(
      `The file ${file} does not exist; a script that creates tables in it would make it`,
      unusable,
    );
}

/** Hands the worker's messages to the sink one after the other: a slow report must not see rows out of order. */
function receive(
  worker: QueryWorker,
  sink: SqlSink,
  options: { readonly explain: (message: string) => string; readonly endedBy: () => string | undefined },
): { readonly ended: Promise<void>; isBusy(): boolean } {
  let pending = 0;
  const ended = new Promise<void>((resolve, reject) => {
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
          worker.send({ kind: 'taken' });
          return;
        case 'rows_end':
          await sink.onResultEnd?.();
          return;
        case 'affected':
          await sink.onRowsAffected(message.count);
          return;
        case 'finished':
          await sink.onEnd?.();
          worker.send({ kind: 'keep' });
          return;
        case 'done':
          resolve();
          return;
        case 'failed': {
          const { line } = message;
          reject(
            new SqlError(options.explain(message.message), {
              ...(line === undefined ? {} : { line }),
              ...(/not a database/i.test(message.message) ? unusable : {}),
            }),
          );
        }
      }
    };
    worker.onMessage((message) => {
      pending += 1;
      chain = chain
        .then(() => handle(message))
        .catch((error) => {
          // Ended in the midst of a transaction, the worker leaves nothing of it.
          reject(error);
          worker.kill();
        })
        .finally(() => {
          pending -= 1;
        });
    });
    worker.onError((error) =>
      reject(
        new SqlError(`The query could not be started: ${error.message}`, {
          cause: error,
          error_class: 'spawn',
        }),
      ),
    );
    worker.onExit((how) => {
      void chain.then(() => reject(new SqlError(options.endedBy() ?? `The query broke off (${how})`)));
    });
  });
  return { ended, isBusy: () => pending > 0 };
}

/** Calls back when the worker has told nothing for so long while nothing held it back; 0: never. */
function watchSilence(
  worker: QueryWorker,
  limitMs: number,
  isBusy: () => boolean,
  onSilence: () => void,
): { end(): void } {
  let heardAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const wait = (milliseconds: number) => {
    timer = setTimeout(() => {
      const left = isBusy() ? limitMs : limitMs - (performance.now() - heardAt);
      if (left > 0) wait(left);
      else onSilence();
    }, milliseconds);
  };
  worker.onMessage(() => {
    heardAt = performance.now();
  });
  if (limitMs > 0) wait(limitMs);
  return { end: () => clearTimeout(timer) };
}

/**
 * SQLite files, each query in a process of its own: SQLite's API blocks, and the scheduler must not. A thread would
 * do for that, but one that is ended inside SQLite takes the whole program with it. Abort kills the process; SQLite
 * rolls an open transaction back when the file is opened next.
 */
export function createSqliteClient(options: SqliteClientOptions): ClosableSqlClient {
  const { startWorker = forkQueryWorker } = options;
  const workers = new Set<QueryWorker>();

  const run = async (target: SqliteTarget, request: SqlRequest, sink: SqlSink, signal: AbortSignal) => {
    const { file, command_timeout_seconds: limit, read_only = false } = target;
    if (request.kind === 'procedure') throw new SqlError('SQLite has no stored procedures', unusable);
    await checkFile(target, request.text);
    if (signal.aborted) throw new SqlError('The query was cancelled');
    const worker = await startWorker(options.workerFile, options.environmentOf(request.environment ?? {}));
    workers.add(worker);
    let isSilent = false;
    const busyMs = limit === 0 ? longestBusyMs : Math.min(limit * 1000, longestBusyMs);
    const stop = () => worker.kill();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const received = receive(worker, sink, {
      explain: (message) => explain(message, file, busyMs),
      endedBy: () =>
        signal.aborted
          ? 'The query was cancelled'
          : isSilent
            ? `The query ran longer than the command timeout of ${limit} s and was ended; raise command_timeout, or 0 for no limit`
            : undefined,
    });
    const silence = watchSilence(worker, limit * 1000, received.isBusy, () => {
      isSilent = true;
      stop();
    });
    try {
      const { text, parameters, transaction } = request;
      worker.send({
        kind: 'task',
        file,
        text,
        parameters,
        transaction,
        readOnly: read_only,
        busyMs,
      });
      await received.ended;
    } finally {
      silence.end();
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
    run: (target, request, sink, signal) => run(fileOf(target), request, sink, signal),
    async test(target, signal) {
      const opened = fileOf(target);
      const info = await stat(opened.file).catch(() => undefined);
      if (!info?.isFile()) throw new SqlError(`The file ${opened.file} does not exist`, unusable);
      const started = performance.now();
      let version = '';
      await run(
        { ...opened, command_timeout_seconds: 5, read_only: true },
        {
          kind: 'script',
          text: 'select sqlite_version(), (select count(*) from sqlite_schema)',
          parameters: [],
          transaction: false,
        },
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
      for (const worker of workers) worker.kill();
    },
  };
}
