import { isAbsolute, resolve } from 'node:path';
import type { RunContext, RunOutcome } from '../core/job-type';
import type { Host } from '../core/ports/host';
import type { ProcessRunner, ProcessSpec } from '../core/ports/process-runner';
import { exitCodeMeaning } from './exit-codes';
import { isSuccess, type SuccessExitCodes } from './shared-keys';

/** Paths in a job begin at the folder of the jobs file. */
export function resolvePath(host: Host, path: string): string {
  return isAbsolute(path) || isWindowsPath(path) ? path : resolve(host.jobsFolder, path);
}

/** `C:\…` or `\\server\…`: means nothing on another system. */
export function isWindowsPath(path: string): boolean {
  return /^[A-Za-z]:[\\/]/.test(path) || path.startsWith('\\\\');
}

/** Why paths of a job can't be used on this system; undefined when they can. */
export function foreignPath(host: Host, paths: readonly (string | undefined)[]): string | undefined {
  if (host.platform === 'win32') return undefined;
  const found = paths.find((path) => path !== undefined && isWindowsPath(path));
  return found === undefined ? undefined : `"${found}" is a path of Windows, and this machine is not one`;
}

/** Keeps the end of what went to stderr, for the message of a failure. */
function createLastLine(): { push(chunk: Uint8Array): void; line(): string | undefined } {
  const decoder = new TextDecoder();
  let kept = '';
  return {
    push(chunk) {
      kept = (kept + decoder.decode(chunk.subarray(Math.max(0, chunk.length - 4000)))).slice(-4000);
    },
    line() {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of terminals begin with ESC
      const plain = kept.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '');
      const line = plain
        .split(/\r?\n/)
        .map((one) => one.trim())
        .filter((one) => one !== '')
        .at(-1);
      return line === undefined || line.length <= 500 ? line : `${line.slice(0, 500)}…`;
    },
  };
}

export interface ProcessJob {
  readonly spec: ProcessSpec;
  readonly successExitCodes?: SuccessExitCodes;
  /** What the admin calls it: `robocopy`, `the script`. */
  readonly label: string;
  /** The program's name where its exit codes may be known by it: `robocopy`. */
  readonly program?: string;
}

/** Runs a process as one attempt: output to the log as it comes, the end of it as the outcome. */
export async function runProcess(
  runner: ProcessRunner,
  job: ProcessJob,
  run: RunContext,
): Promise<RunOutcome> {
  const lastError = createLastLine();
  const end = await runner.run(
    {
      ...job.spec,
      env: { ...job.spec.env, ...run.environment },
      ...(run.job.run_as === undefined ? {} : { runAs: run.job.run_as }),
      ...(run.runAsPassword === undefined ? {} : { runAsPassword: run.runAsPassword }),
    },
    (stream, chunk) => {
      if (stream === 'stderr') lastError.push(chunk);
      return run.log.write(stream, chunk);
    },
    run.signal,
  );
  switch (end.kind) {
    case 'exited': {
      const preset = typeof job.successExitCodes === 'string' ? job.successExitCodes : job.program;
      const meaning = exitCodeMeaning(end.code, preset);
      const metadata = meaning === undefined ? {} : { metadata: { return_code_meaning: meaning } };
      if (isSuccess(end.code, job.successExitCodes))
        return { status: 'success', return_code: end.code, ...metadata };
      const line = lastError.line();
      const words = meaning === undefined ? '' : ` (${meaning})`;
      const message = `${job.label} ended with exit code ${end.code}${words}${line ? `: ${line}` : ''}`;
      return {
        status: 'failed',
        error_message: message,
        error_class: 'exit_code',
        return_code: end.code,
        ...metadata,
      };
    }
    case 'crashed':
      return {
        status: 'failed',
        error_message: `${job.label} was ended by the signal ${end.signal}`,
        error_class: 'signal',
      };
    case 'killed':
      if (end.survivors > 0) run.log.info(`${end.survivors} processes of this run could not be ended`);
      return { status: 'failed', error_message: 'ended from outside' };
    case 'spawn_failed':
      run.log.info(end.reason);
      return {
        status: 'failed',
        error_message: end.reason,
        error_class: 'spawn',
        metadata: { spawn_error: end.code },
      };
  }
}
