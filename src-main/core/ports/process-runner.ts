import type { OutputStream } from './output-store';

export interface ProcessSpec {
  /** The program: a path, or a name looked up on the PATH of `env`. */
  readonly file: string;
  /** Passed byte for byte, never through a shell. */
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The job's own variables, over the ones the child inherits. */
  readonly env?: Readonly<Record<string, string>>;
  /** How the child's bytes become text, e.g. `utf-8`, `cp850`; default: what the platform's consoles write. */
  readonly outputEncoding?: string;
  /** `file` is a line for the system's shell; `args` become its `$1`, `$2`, ... */
  readonly isShellLine?: boolean;
  /** Written to its standard input, which is then closed; without it there is none to read. */
  readonly stdin?: string;
  /** The account it runs as. Where that can't be, it does not start: never as this process's own account instead. */
  readonly runAs?: string;
  /** The password of that account, where the platform needs one: Windows. */
  readonly runAsPassword?: string;
}

/**
 * How a process ended. `killed` only when the signal was aborted; `spawn_failed` when it never began, with a
 * sentence for the admin and the system's code (ENOENT, EACCES, EMFILE, ...).
 */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'crashed'; readonly signal: string }
  | { readonly kind: 'killed'; readonly survivors: number }
  | { readonly kind: 'spawn_failed'; readonly code: string; readonly reason: string };

/** A run whose scheduler has died. */
export interface LeftRun {
  readonly execution_id: number;
  /** The account it ran as, where that was not the scheduler's own. */
  readonly run_as?: string;
}

export interface ProcessRunner {
  /**
   * Runs a program and drains its output until it and every descendant it left behind have ended or the
   * signal aborts; then the whole tree is asked to end, and after `killGraceMs` killed.
   * Chunks arrive as valid UTF-8 in the order the process wrote them; a promise returned by `onOutput`
   * holds the process back.
   */
  run(
    spec: ProcessSpec,
    onOutput: (stream: Exclude<OutputStream, 'system'>, chunk: Uint8Array) => void | Promise<void>,
    signal: AbortSignal,
  ): Promise<ProcessEnd>;
  /**
   * Ends trees that a dead scheduler left, found by the execution ids in their environment; those of another account
   * by that account's right. How many processes there were.
   */
  sweep(runs: readonly LeftRun[]): Promise<number>;
}
