import { dirname, join } from 'node:path';
import type { ErrorClass } from '../../../src-shared/model/run-rules';
import type { RunContext } from '../../core/job-type';
import type { Host, TemporaryFolder } from '../../core/ports/host';
import type { ManagedFolders } from '../../core/ports/managed-folders';
import type { ProcessRunner } from '../../core/ports/process-runner';
import { withTail } from '../output-tail';
import { resolvePath, runProcess } from '../run-process';
import { textValues } from '../shared-keys';
import type { Interpreter } from './interpreter';
import { describePipFailure, isIndexOffline, readRequirements } from './requirements';
import type { PythonConfig } from './schema';

export interface EnvironmentDeps {
  readonly processRunner: ProcessRunner;
  readonly host: Host;
  readonly environments: ManagedFolders;
}

export type ReadyEnvironment =
  | { readonly kind: 'ready'; readonly folder: string; readonly python: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly error_class: ErrorClass };

/** Where an environment keeps its interpreter. */
export function pythonOf(host: Host, folder: string): string {
  return host.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}

/** Why `python -m venv` gave up. */
function describeVenvFailure(text: string): string {
  if (/ensurepip is not\s+available|No module named '?(venv|ensurepip)/i.test(text))
    return 'this Python can not make virtual environments; on Debian and Ubuntu install the package python3-venv';
  return text.trim().split(/\r?\n/).at(-1)?.trim() || 'python -m venv failed';
}

/**
 * The environment with a job's requirements: made once for the same lines and the same Python, then used by every
 * run. What pip does is the run's output. Packages of the own disk are known by their line alone: after a change
 * they need another version, or another line.
 */
export async function readyEnvironment(
  { processRunner, host, environments }: EnvironmentDeps,
  interpreter: Interpreter,
  config: PythonConfig,
  temporary: TemporaryFolder,
  run: RunContext,
): Promise<ReadyEnvironment> {
  const { requirements } = config;
  if (requirements === undefined)
    return { kind: 'failed', reason: 'the job has no requirements', error_class: 'other' };
  const ofFile = Array.isArray(requirements) ? undefined : resolvePath(host, requirements as string);
  const read = await readRequirements(
    host,
    ofFile === undefined ? { lines: requirements as string[] } : { file: ofFile },
  );
  if (read.kind === 'unreadable')
    return { kind: 'failed', reason: read.reason, error_class: 'configuration' };

  const work = async (label: string, file: string, args: readonly string[], cwd: string) => {
    const tail = withTail(run.log, ['stdout', 'stderr']);
    const outcome = await runProcess(
      { processRunner, host },
      {
        label,
        spec: {
          file,
          args,
          cwd,
          env: {
            PYTHONUNBUFFERED: '1',
            PYTHONUTF8: '1',
            NO_COLOR: '1',
            PIP_DISABLE_PIP_VERSION_CHECK: '1',
            PIP_NO_INPUT: '1',
            ...textValues(config.environment),
          },
          outputEncoding: 'utf-8',
        },
      },
      { ...run, log: tail.log },
    );
    return { isDone: outcome.status === 'success', text: tail.text() };
  };

  let isOffline = false;
  const make = async (folder: string): Promise<string | undefined> => {
    const count = read.lines.length;
    run.log.info(
      `Requirements: making an environment with ${count} ${count === 1 ? 'line' : 'lines'} in ${folder}`,
    );
    const made = await work(
      'python -m venv',
      interpreter.file,
      [...interpreter.args, '-m', 'venv', folder],
      host.jobsFolder,
    );
    if (!made.isDone) return `The environment could not be made: ${describeVenvFailure(made.text)}`;
    const file =
      ofFile ?? (await temporary.write('requirements.txt', `${(requirements as string[]).join('\n')}\n`));
    const installed = await work(
      'pip install',
      pythonOf(host, folder),
      ['-m', 'pip', 'install', '--progress-bar', 'off', '-r', file],
      ofFile === undefined ? host.jobsFolder : dirname(ofFile),
    );
    isOffline = !installed.isDone && isIndexOffline(installed.text);
    if (!installed.isDone)
      return `The requirements could not be installed: ${describePipFailure(installed.text)}`;
    run.log.info('Requirements: installed');
    return undefined;
  };

  const result = await environments.ensure({
    content: JSON.stringify([interpreter.version, interpreter.platform, interpreter.base, read.lines]),
    make,
    onWait: () => run.log.info('Requirements: another run is installing the same; waiting for it'),
    signal: run.signal,
  });
  if (result.kind === 'ended') return { kind: 'failed', reason: 'ended from outside', error_class: 'other' };
  // An index that can't be reached now may be reached in a while; the runner knows when to try again.
  if (result.kind === 'failed') return { ...result, error_class: isOffline ? 'connection' : 'other' };
  if (!result.isNew) run.log.info(`Requirements: the environment ${result.path} is used, made earlier`);
  return { kind: 'ready', folder: result.path, python: pythonOf(host, result.path) };
}
