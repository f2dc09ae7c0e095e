import type { Issue } from '../../../src-shared/model/issue';
import type { JobType } from '../../core/job-type';
import type { Host } from '../../core/ports/host';
import type { ProcessRunner } from '../../core/ports/process-runner';
import { createChecks } from '../checks';
import { foreignPath, isWindowsPath, resolvePath, runProcess } from '../run-process';
import { texts, textValues } from '../shared-keys';
import { CommandConfig } from './schema';

/** Programs that come with Windows and exist nowhere else. */
const windowsPrograms = new Set(
  'robocopy xcopy icacls schtasks wevtutil net sc reg dism msiexec powershell cmd tasklist taskkill wmic bcdedit vssadmin wbadmin'.split(
    ' ',
  ),
);

function programName(command: string): string {
  return (command.split(/[\\/]/).at(-1) ?? command).toLowerCase().replace(/\.exe$/, '');
}

function advise(config: CommandConfig): Issue[] {
  const issues: Issue[] = [];
  if (config.shell) {
    const issue = 'shell: true: the line runs through the shell, which acts on every special character in it';
    return [{ path: 'shell', message: issue, severity: 'warning' }];
  }
  if (programName(config.command) === 'robocopy' && config.success_exit_codes === undefined) {
    issues.push({
      path: 'command',
      message:
        'robocopy: its exit codes 1-7 mean success, but only 0 counts here; add success_exit_codes: robocopy',
      severity: 'warning',
    });
  }
  if (/\s/.test(config.command.replace(/\{\{[^{}]*\}\}/g, '').trim()) && !/[\\/]/.test(config.command)) {
    issues.push({
      path: 'command',
      message: `command is "${config.command}", a program with a space in its name; put the arguments under "arguments"`,
      severity: 'warning',
    });
  }
  return issues;
}

/** System commands: any program, its arguments byte for byte, no shell. */
export function createCommandJobType(deps: {
  readonly processRunner: ProcessRunner;
  readonly host: Host;
}): JobType<CommandConfig> {
  const { host } = deps;
  return {
    type: 'command',
    label: 'Command',
    configSchema: CommandConfig,
    startsPrograms: true,
    secretKeys: ['environment', 'stdin'],
    editor: { code: {}, primary: ['command', 'arguments', 'working_directory', 'environment'] },
    advise,
    // A value pasted into a shell line would become part of it.
    codeKeysOf: (config) => (config.shell === true ? ['command'] : []),
    unavailable(config) {
      if (host.platform === 'win32') return undefined;
      if (config.shell) return foreignPath(host, [config.working_directory]);
      if (windowsPrograms.has(programName(config.command))) {
        return `"${config.command}" is a program of Windows, and this machine is not one`;
      }
      return foreignPath(host, [config.command, config.working_directory]);
    },
    async check(config) {
      const checks = createChecks(host);
      const isPath = /[\\/]/.test(config.command) && !isWindowsPath(config.command);
      return [
        ...(config.shell
          ? []
          : await checks.program(
              isPath ? resolvePath(host, config.command) : config.command,
              config.environment,
            )),
        ...(await checks.folder('working_directory', config.working_directory)),
      ];
    },
    execute(config, run) {
      const isPath = !config.shell && /[\\/]/.test(config.command) && !isWindowsPath(config.command);
      if (config.shell) run.log.info('Through the shell (shell: true)');
      return runProcess(
        deps,
        {
          label: config.shell ? 'The shell line' : programName(config.command),
          ...(config.shell ? {} : { program: programName(config.command) }),
          successExitCodes: config.success_exit_codes,
          spec: {
            file: isPath ? resolvePath(host, config.command) : config.command,
            args: texts(config.arguments),
            cwd:
              config.working_directory === undefined
                ? host.jobsFolder
                : resolvePath(host, config.working_directory),
            env: textValues(config.environment),
            outputEncoding: config.output_encoding,
            ...(config.shell ? { isShellLine: true } : {}),
            ...(config.stdin === undefined ? {} : { stdin: config.stdin }),
          },
        },
        run,
      );
    },
  };
}
