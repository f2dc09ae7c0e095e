import { isAbsolute, resolve } from 'node:path';
import type { ErrorClass } from '../../src-shared/model/run-rules';
import type { RunContext, RunOutcome } from '../core/job-type';
import { createLastLine } from '../core/last-line';
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

/**
 * What kind of failure it is that a file or folder is not there: nothing that changes by itself, unless it lies on a
 * share or drive that is not there as a whole.
 */
export async function absenceClass(host: Host, path: string): Promise<ErrorClass> {
  const root = /^(?:[A-Za-z]:[\\/]|[\\/]{2}[^\\/]+[\\/][^\\/]+)/.exec(path)?.[0];
  const isAway =
    host.platform === 'win32' && root !== undefined && (await host.kindOf(`${root}\\`)) === 'none';
  return isAway ? 'connection' : 'configuration';
}

/** Codes of a start that failed for want of room: it may work in a while. The others say what is wrong with the job. */
const passing: ReadonlySet<string> = new Set([
  'EAGAIN',
  'ENOMEM',
  'EMFILE',
  'ENFILE',
  'ETXTBSY',
  'EIO',
  'TASK',
]);

/** What kind of failure it is that a program could not be started; `code` is the system's, `paths` what it needed. */
export async function spawnClass(
  host: Host,
  code: string,
  paths: readonly (string | undefined)[],
): Promise<ErrorClass> {
  if (passing.has(code)) return 'spawn';
  for (const path of paths)
    if (path !== undefined && (await absenceClass(host, path)) === 'connection') return 'connection';
  return 'configuration';
}

/** Why paths of a job can't be used on this system; undefined when they can. */
export function foreignPath(host: Host, paths: readonly (string | undefined)[]): string | undefined {
  if (host.platform === 'win32') return undefined;
  const found = paths.find((path) => path !== undefined && isWindowsPath(path));
  return found === undefined ? undefined : `"${found}" is a path of Windows, and this machine is not one`;
}

export interface ProcessJob {
  readonly spec: ProcessSpec;
  readonly successExitCodes?: SuccessExitCodes;
  /** What the admin calls it: `robocopy`, `the script`. */
  readonly label: string;
  /** The program's name where its exit codes may be known by it: `robocopy`. */
  readonly program?: string;
}

/** The account that the programs of a run have. */
export function accountOf(run: RunContext): Pick<ProcessSpec, 'runAs' | 'runAsPassword'> {
  return {
    ...(run.job.run_as === undefined ? {} : { runAs: run.job.run_as }),
    ...(run.runAsPassword === undefined ? {} : { runAsPassword: run.runAsPassword }),
  };
}

/** Runs a process as one attempt: output to the log as it comes, the end of it as the outcome. */
export async function runProcess(
  deps: { readonly processRunner: ProcessRunner; readonly host: Host },
  job: ProcessJob,
  run: RunContext,
): Promise<RunOutcome> {
  const lastError = createLastLine();
  const end = await deps.processRunner.run(
    {
      ...job.spec,
      env: { ...job.spec.env, ...run.environment },
      ...accountOf(run),
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
        error_class: await spawnClass(deps.host, end.code, [job.spec.file, job.spec.cwd]),
        metadata: { spawn_error: end.code },
      };
  }
}
