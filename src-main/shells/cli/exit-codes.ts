import { AppError, type ErrorCode } from '../../../src-shared/errors';

/** What the command line ends with; docs/command-line.md and `--help` say the same. */
export const exitCode = {
  ok: 0,
  /** The run failed, or a check found what it looks for. */
  failed: 1,
  /** The command line is wrong, or what it was given. */
  usage: 2,
  /** No program answers. */
  unreachable: 3,
  /** No key, a wrong one, or one that may not do this. */
  refused: 4,
  /** There is no such thing, or its state does not allow it. */
  notPossible: 5,
  /** A bug, here or there. */
  internal: 70,
  timeout: 124,
  cancelled: 130,
} as const;

export const exitCodeText = `Exit codes:
  0    done; with --wait: the run succeeded
  1    the run failed, or validate, diff, doctor or a test found something
  2    the command line, a file or a value is wrong
  3    nobody answers: no program, or no database
  4    the key is missing, wrong, or may not do this
  5    there is no such thing, or its state does not allow it
  70   an error inside the program
  124  with --wait: the run took too long
  130  with --wait: the run was cancelled; or Ctrl+C here
  else with --wait: the exit code of what the job ran`;

const byError: Partial<Record<ErrorCode, number>> = {
  validation_failed: exitCode.usage,
  payload_too_large: exitCode.usage,
  unauthenticated: exitCode.refused,
  forbidden: exitCode.refused,
  rate_limited: exitCode.refused,
  not_found: exitCode.notPossible,
  conflict: exitCode.notPossible,
  unavailable: exitCode.unreachable,
};

/** The exit code for a refused call; anything that is no AppError is a bug. */
export function exitCodeOf(error: unknown): number {
  return error instanceof AppError ? (byError[error.code] ?? exitCode.internal) : exitCode.internal;
}

/**
 * The exit code for an ended run: its program's own, where there is one that the system can pass on. Unix has room
 * for 0-255 only, and a failed run never ends with 0.
 */
export function exitCodeOfRun(
  run: { readonly status: string; readonly return_code: number | null },
  platform: string = process.platform,
): number {
  if (run.status === 'success') return exitCode.ok;
  if (run.status === 'timeout') return exitCode.timeout;
  if (run.status === 'cancelled') return exitCode.cancelled;
  const code = run.return_code ?? 0;
  const isPassable = platform === 'win32' ? code !== 0 : code > 0 && code <= 255;
  return isPassable ? code : exitCode.failed;
}
