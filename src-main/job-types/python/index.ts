import type { JobType } from '../../core/job-type';
import { createChecks } from '../checks';
import { foreignPath } from '../run-process';
import { advise } from './advice';
import { checkPython } from './check';
import type { EnvironmentDeps } from './environment';
import { executePython } from './execute';
import { PythonConfig } from './schema';

/** Python scripts, modules and notebooks, with the interpreter and the packages of the job's own choice. */
export function createPythonJobType(deps: EnvironmentDeps): JobType<PythonConfig> {
  const { host } = deps;
  return {
    type: 'python',
    label: 'Python',
    configSchema: PythonConfig,
    startsPrograms: true,
    secretKeys: ['environment'],
    typedKeys: ['parameters'],
    editor: {
      code: { script_content: 'python' },
      primary: ['script_path', 'arguments', 'requirements', 'virtual_env', 'parameters', 'environment'],
    },
    advise,
    unavailable: (config) =>
      foreignPath(host, [
        config.script_path,
        config.virtual_env,
        config.python,
        config.working_directory,
        typeof config.requirements === 'string' ? config.requirements : undefined,
      ]),
    check: (config) => checkPython(host, createChecks(host), config),
    async execute(config, run) {
      const folder = await host.makeTemporaryFolder(run.job.run_as);
      try {
        const seen = { ...deps, host: await host.seenBy(run.job.run_as) };
        return await executePython(seen, config, folder, run);
      } finally {
        await folder.remove();
      }
    },
  };
}
