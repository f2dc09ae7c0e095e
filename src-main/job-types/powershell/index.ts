import { dirname } from 'node:path';
import type { JobType } from '../../core/job-type';
import type { Host } from '../../core/ports/host';
import type { ProcessRunner } from '../../core/ports/process-runner';
import { foreignPath, isWindowsPath, resolvePath, runProcess } from '../run-process';
import { textValues } from '../shared-keys';
import { powershellArguments } from './command-line';
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
  /** `scheduler.powershell_host`; default as in product.md, decision 14. */
  readonly defaultHost?: HostName;
}): JobType<PowerShellConfig> {
  const { host } = deps;
  const isWindows = host.platform === 'win32';
  const hostOf = (config: PowerShellConfig): HostName =>
    config.host ?? deps.defaultHost ?? (isWindows ? 'powershell' : 'pwsh');

  return {
    type: 'powershell',
    label: 'PowerShell',
    configSchema: PowerShellConfig,
    secretKeys: ['environment'],
    typedKeys: ['parameters'],
    editor: {
      code: { script_content: 'powershell' },
      primary: ['script_path', 'script_content', 'parameters', 'execution_policy', 'host'],
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
    unavailable(config) {
      if (!isWindows && config.host === 'powershell')
        return 'host is powershell (5.1), which exists on Windows only';
      return foreignPath(host, [config.script_path, config.working_directory]);
    },
    async execute(config, run) {
      const fail = (reason: string) => {
        run.log.info(reason);
        return { status: 'failed', error_message: reason } as const;
      };
      const name = hostOf(config);
      const program = await host.findProgram(name);
      if (!program) return fail(missing[name]);
      const script = config.script_path === undefined ? undefined : resolvePath(host, config.script_path);
      if (script !== undefined && (await host.kindOf(script)) !== 'file')
        return fail(`The script ${script} does not exist`);
      // Windows PowerShell reads a file without a byte-order mark in the ANSI code page.
      const content =
        name === 'powershell' ? `\uFEFF${config.script_content ?? ''}` : (config.script_content ?? '');
      const temporary = script === undefined ? await host.writeTemporary('.ps1', content) : undefined;
      const folder =
        config.working_directory ??
        (script === undefined || isWindowsPath(script) ? undefined : dirname(script));
      run.log.info(`PowerShell: ${program}`);
      try {
        return await runProcess(
          deps.processRunner,
          {
            label: 'The script',
            successExitCodes: config.success_exit_codes,
            spec: {
              file: program,
              args: powershellArguments(config, script ?? temporary?.path ?? '', isWindows),
              cwd: folder === undefined ? host.jobsFolder : resolvePath(host, folder),
              env: {
                NO_COLOR: '1',
                POWERSHELL_TELEMETRY_OPTOUT: '1',
                POWERSHELL_UPDATECHECK: 'Off',
                ...textValues(config.environment),
              },
              outputEncoding: config.output_encoding,
            },
          },
          run,
        );
      } finally {
        await temporary?.remove();
      }
    },
  };
}
