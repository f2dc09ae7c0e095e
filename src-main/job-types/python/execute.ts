import { delimiter, dirname } from 'node:path';
import type { ErrorClass } from '../../../src-shared/model/run-rules';
import type { RunContext, RunOutcome } from '../../core/job-type';
import type { TemporaryFolder } from '../../core/ports/host';
import { withTail } from '../output-tail';
import { absenceClass, resolvePath, runProcess } from '../run-process';
import { texts, textValues } from '../shared-keys';
import { type EnvironmentDeps, pythonOf, readyEnvironment } from './environment';
import { describeInterpreter, findInterpreter } from './interpreter';
import { prepareNotebook } from './notebook';
import { isNotebookPath, type PythonConfig } from './schema';
import { describeTraceback } from './traceback';

/** As `activate` does: programs the script starts by name are the environment's. */
function activated(python: string, folder: string, path: string): Record<string, string> {
  return { VIRTUAL_ENV: folder, PATH: `${dirname(python)}${delimiter}${path}` };
}

/** Runs a script, a module or a notebook with the interpreter of the job's own choice. */
export async function executePython(
  deps: EnvironmentDeps,
  config: PythonConfig,
  folder: TemporaryFolder,
  run: RunContext,
): Promise<RunOutcome> {
  const { host, processRunner } = deps;
  const fail = (error_message: string, error_class: ErrorClass): RunOutcome => {
    run.log.info(error_message);
    return { status: 'failed', error_message, error_class };
  };
  const source = config.script_path === undefined ? undefined : resolvePath(host, config.script_path);
  if (source !== undefined && (await host.kindOf(source)) !== 'file')
    return fail(`The script ${source} does not exist`, await absenceClass(host, source));
  const found = await findInterpreter(processRunner, host, config, run);
  if (run.signal.aborted) return { status: 'failed', error_message: 'ended from outside' };
  if (found.kind === 'missing') return fail(found.reason, found.error_class);
  const { interpreter } = found;
  run.log.info(describeInterpreter(interpreter));

  // Made in our own folders, and those are closed to every other account.
  const needsOurFolders =
    config.requirements !== undefined
      ? 'requirements are installed in a private folder of the scheduler; give the account an environment of its own and name it as virtual_env'
      : host.platform === 'win32' && source !== undefined && isNotebookPath(source)
        ? 'the results of a notebook are written into a private folder of the scheduler; run it without run_as'
        : undefined;
  if (folder.isForeign && needsOurFolders !== undefined)
    return fail(`run_as "${run.job.run_as}" can't be used here: ${needsOurFolders}`, 'configuration');

  let command = [interpreter.file, ...interpreter.args];
  let environmentFolder =
    config.virtual_env === undefined ? undefined : resolvePath(host, config.virtual_env);
  if (config.requirements !== undefined) {
    const environment = await readyEnvironment(deps, interpreter, config, folder, run);
    if (environment.kind === 'failed') return fail(environment.reason, environment.error_class);
    command = [environment.python];
    environmentFolder = environment.folder;
  }
  const [file = '', ...before] = command;
  const ownFolder = source === undefined ? host.jobsFolder : dirname(source);
  const cwd =
    config.working_directory === undefined ? ownFolder : resolvePath(host, config.working_directory);
  const notebook =
    source !== undefined && isNotebookPath(source)
      ? await prepareNotebook(source, config, folder, cwd, file, run)
      : undefined;
  const inline =
    source === undefined && config.module === undefined
      ? await folder.write('script.py', config.script_content ?? '')
      : undefined;
  const what =
    notebook?.args ??
    (config.module === undefined ? [source ?? inline ?? ''] : ['-m', config.module]).concat(
      texts(config.arguments),
    );
  const { PATH, Path, ...environment } = textValues(config.environment);
  const ownPath = PATH ?? Path;

  const tail = withTail(run.log, ['stderr']);
  const outcome = await runProcess(
    deps,
    {
      label: notebook ? 'The notebook' : 'The script',
      successExitCodes: config.success_exit_codes,
      spec: {
        file,
        args: [...before, ...what],
        cwd,
        env: {
          // Unbuffered: the log shows a line when it is printed.
          PYTHONUNBUFFERED: '1',
          // UTF-8, the same on every system; whoever names an encoding says what the script writes by itself.
          ...(config.output_encoding === undefined ? { PYTHONUTF8: '1' } : {}),
          ...notebook?.env,
          ...(ownPath === undefined ? {} : { PATH: ownPath }),
          ...(environmentFolder === undefined
            ? {}
            : activated(
                config.requirements === undefined ? file : pythonOf(host, environmentFolder),
                environmentFolder,
                ownPath ?? host.pathVariable,
              )),
          ...environment,
        },
        outputEncoding: config.output_encoding ?? 'utf-8',
      },
    },
    { ...run, log: tail.log },
  );
  if (notebook) return notebook.explain(outcome);
  // Python's own code for an exception that nobody caught.
  if (outcome.status === 'success' || outcome.return_code !== 1) return outcome;
  const text = describeTraceback(tail.text(), inline);
  return text === undefined ? outcome : { ...outcome, error_message: `The script failed: ${text}` };
}
