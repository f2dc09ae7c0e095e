import type { ErrorClass } from '../../../src-shared/model/run-rules';
import type { JobType } from '../../core/job-type';
import type { Host } from '../../core/ports/host';
import type { ProcessRunner } from '../../core/ports/process-runner';
import { createChecks } from '../checks';
import { absenceClass, foreignPath, resolvePath } from '../run-process';
import { advise } from './advice';
import { checkPolicy } from './check-policy';
import { executeScript } from './execute';
import { PowerShellConfig } from './schema';

type HostName = 'powershell' | 'pwsh';

const missing: Readonly<Record<HostName, string>> = {
  powershell:
    'Windows PowerShell (powershell.exe) was not found; it comes with Windows. Set host: pwsh for PowerShell 7',
  pwsh: 'PowerShell 7 (pwsh) was not found on PATH; install it, or set host: powershell on Windows',
};

/** PowerShell scripts, in Windows PowerShell 5.1 or PowerShell 7. */
export function createPowerShellJobType(deps: {
  readonly processRunner: ProcessRunner;
  readonly host: Host;
  /** `scheduler.powershell_host`; default: powershell on Windows, else pwsh. */
  readonly defaultHost?: HostName;
}): JobType<PowerShellConfig> {
  const { host, processRunner } = deps;
  const isWindows = host.platform === 'win32';
  const hostOf = (config: PowerShellConfig): HostName =>
    config.host ?? deps.defaultHost ?? (isWindows ? 'powershell' : 'pwsh');

  const findHost = (config: PowerShellConfig, seen: Pick<Host, 'findProgram'> = host) => {
    const path = config.environment?.PATH ?? config.environment?.Path;
    return seen.findProgram(hostOf(config), path === undefined ? undefined : String(path));
  };

  return {
    type: 'powershell',
    label: 'PowerShell',
    configSchema: PowerShellConfig,
    startsPrograms: true,
    secretKeys: ['environment'],
    typedKeys: ['parameters'],
    editor: {
      code: { script_content: 'powershell' },
      primary: ['script_path', 'script_content', 'parameters', 'execution_policy', 'host', 'error_action'],
    },
    advise,
    unavailable(config) {
      if (!isWindows && config.host === 'powershell')
        return 'host is powershell (5.1), which exists on Windows only';
      return foreignPath(host, [config.script_path, config.working_directory]);
    },
    async check(config, context) {
      const checks = createChecks(host);
      const name = hostOf(config);
      const found = await checks.program(name, config.environment);
      const problems = [
        ...found.map((one) => ({ ...one, message: missing[name] })),
        ...(await checks.script('script_path', config.script_path)),
        ...(await checks.folder('working_directory', config.working_directory)),
      ];
      const program = isWindows && problems.length === 0 ? await findHost(config) : undefined;
      if (program === undefined || config.script_path?.includes('{{')) return problems;
      const script = config.script_path === undefined ? undefined : resolvePath(host, config.script_path);
      return checkPolicy(config, { program, script, processRunner }, context);
    },
    async execute(config, run) {
      const fail = (reason: string, error_class: ErrorClass) => {
        run.log.info(reason);
        return { status: 'failed', error_message: reason, error_class } as const;
      };
      const name = hostOf(config);
      const seen = await host.seenBy(run.job.run_as);
      const program = await findHost(config, seen);
      if (!program) return fail(missing[name], 'configuration');
      const file = config.script_path === undefined ? undefined : resolvePath(host, config.script_path);
      if (file !== undefined && (await seen.kindOf(file)) !== 'file')
        return fail(`The script ${file} does not exist`, await absenceClass(host, file));
      // What else stands there would be opened by the program for such files.
      if (file !== undefined && !/\.ps1$/i.test(file))
        return fail(
          `The script ${file} is no PowerShell script: its name has to end in .ps1`,
          'configuration',
        );
      run.log.info(`PowerShell: ${program}`);
      const folder = await host.makeTemporaryFolder(run.job.run_as);
      try {
        // Windows PowerShell reads a file without a byte-order mark in the ANSI code page; PowerShell 7 knows the mark.
        const script = file ?? (await folder.write('script.ps1', `\uFEFF${config.script_content ?? ''}`));
        return await executeScript({ processRunner, host, program, config, script, folder, run });
      } finally {
        await folder.remove();
      }
    },
  };
}
