import { dirname } from 'node:path';
import type { JobType } from '../../core/job-type';
import type { Host } from '../../core/ports/host';
import type { ProcessRunner } from '../../core/ports/process-runner';
import { foreignPath, resolvePath, runProcess } from '../run-process';
import { texts, textValues } from '../shared-keys';
import { findInterpreter } from './interpreter';
import { PythonConfig } from './schema';

/** Python scripts, with the interpreter of the job's own choice. */
export function createPythonJobType(deps: {
  readonly processRunner: ProcessRunner;
  readonly host: Host;
}): JobType<PythonConfig> {
  const { host } = deps;
  return {
    type: 'python',
    label: 'Python',
    configSchema: PythonConfig,
    secretKeys: ['environment'],
    editor: {
      code: { script_content: 'python' },
      primary: ['script_path', 'arguments', 'virtual_env', 'environment'],
    },
    advise: (config) =>
      config.script_path !== undefined && config.script_content !== undefined
        ? [
            {
              path: 'script_content',
              message: 'script_content is not used: script_path is given too and comes first',
              severity: 'warning',
            },
          ]
        : [],
    unavailable: (config) =>
      foreignPath(host, [config.script_path, config.virtual_env, config.python, config.working_directory]),
    async execute(config, run) {
      const interpreter = await findInterpreter(host, config);
      if (interpreter.kind === 'missing') {
        run.log.info(interpreter.reason);
        return { status: 'failed', error_message: interpreter.reason };
      }
      const script = config.script_path === undefined ? undefined : resolvePath(host, config.script_path);
      if (script !== undefined && (await host.kindOf(script)) !== 'file') {
        const reason = `The script ${script} does not exist`;
        run.log.info(reason);
        return { status: 'failed', error_message: reason };
      }
      const folder = await host.makeTemporaryFolder();
      run.log.info(`Python: ${interpreter.file} (from ${interpreter.source})`);
      const cwd = config.working_directory ?? (script === undefined ? host.jobsFolder : dirname(script));
      try {
        const file = script ?? (await folder.write('script.py', config.script_content ?? ''));
        return await runProcess(
          deps.processRunner,
          {
            label: 'The script',
            successExitCodes: config.success_exit_codes,
            spec: {
              file: interpreter.file,
              args: [...interpreter.args, file, ...texts(config.arguments)],
              cwd: resolvePath(host, cwd),
              env: {
                // Unbuffered: the log shows a line when it is printed. UTF-8: the same on every system.
                PYTHONUNBUFFERED: '1',
                PYTHONUTF8: '1',
                ...(config.virtual_env === undefined
                  ? {}
                  : { VIRTUAL_ENV: resolvePath(host, config.virtual_env) }),
                ...textValues(config.environment),
              },
              outputEncoding: config.output_encoding ?? 'utf-8',
            },
          },
          run,
        );
      } finally {
        await folder.remove();
      }
    },
  };
}
