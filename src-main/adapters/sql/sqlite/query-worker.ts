import { fork } from 'node:child_process';
import type { WorkerMessage, WorkerOrder } from './messages';

/** A process that runs one query. Ended at any time: SQLite undoes what it had begun when the file is opened next. */
export interface QueryWorker {
  send(order: WorkerOrder): void;
  kill(): void;
  onMessage(listener: (message: WorkerMessage) => void): void;
  /** It could not be started. */
  onError(listener: (error: Error) => void): void;
  /** `how` is its exit code or the signal that ended it. */
  onExit(listener: (how: string) => void): void;
}

export type StartQueryWorker = (
  workerFile: string,
  environment: Readonly<Record<string, string>>,
) => Promise<QueryWorker>;

/** A worker as a second Node. */
export const forkQueryWorker: StartQueryWorker = async (workerFile, environment) => {
  const child = fork(workerFile, [], {
    env: { ...environment },
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    windowsHide: true,
  } as Parameters<typeof fork>[2]);
  return {
    send(order) {
      // A worker that is done already needs no word any more.
      if (child.connected) child.send(order, () => undefined);
    },
    kill: () => void child.kill('SIGKILL'),
    onMessage: (listener) => void child.on('message', listener),
    onError: (listener) => void child.once('error', listener),
    onExit: (listener) => void child.once('exit', (code, signal) => listener(String(signal ?? code))),
  };
};
