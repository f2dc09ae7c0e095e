import type { ChildProcess } from 'node:child_process';

/** What the runner needs of a process it has started, whichever way that was done. */
export type StartedProcess = Pick<
  ChildProcess,
  'pid' | 'stdin' | 'stdout' | 'stderr' | 'exitCode' | 'signalCode'
> & {
  once(event: 'error', listener: (error: Error) => void): unknown;
  /** The main process has ended; what it wrote may still be on its way. */
  once(event: 'exit', listener: () => void): unknown;
  /** It has ended and its output is read to the end. */
  once(event: 'close', listener: () => void): unknown;
};

/** A program ready to be started: nothing is looked up or quoted after this. */
export interface StartCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The whole environment, not an addition to this process's own. */
  readonly env: NodeJS.ProcessEnv;
  readonly hasStdin: boolean;
}
