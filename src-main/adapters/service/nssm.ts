import { win32 } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import { parseWindowsAccount } from '../process/windows-run-as/account';
import {
  type ServiceHost,
  type ServiceState,
  type ServiceStep,
  serviceName,
  serviceText,
  serviceTitle,
} from './service-host';
import { windowsLine } from './windows-words';

const states: Readonly<Record<string, ServiceState>> = {
  STOPPED: 'stopped',
  START_PENDING: 'starting',
  STOP_PENDING: 'stopping',
  RUNNING: 'running',
  CONTINUE_PENDING: 'starting',
  PAUSE_PENDING: 'stopping',
  // nssm pauses a service whose program ends again and again.
  PAUSED: 'failed',
};

/** ERROR_SERVICE_DOES_NOT_EXIST. */
const doesNotExist = 1060;
const rotateBytes = 10 * 1024 * 1024;
/** What a stop may take: runs are ended with 10 s of grace, and all of it within 15 s. */
const stopMs = 60_000;

/** Writes the event source that the event-log channel names; only an administrator may. */
export const eventSource: ServiceStep = {
  kind: 'run',
  file: 'eventcreate.exe',
  args: [
    '/L',
    'APPLICATION',
    '/SO',
    serviceName,
    '/T',
    'INFORMATION',
    '/ID',
    '1',
    '/D',
    'Job Scheduler is installed.',
  ],
  what: `The source ${serviceName} is made in the event log`,
  isOptional: true,
};

/** Windows' own accounts, virtual ones and managed ones (`name$`) have no password that anybody knows. */
function hasPassword(account: string): boolean {
  if (/^NT SERVICE\\/i.test(account)) return false;
  return parseWindowsAccount(account, { name: '', domain: '', computer: '.' }).kind === 'user';
}

/** A real Windows service, kept by nssm: it speaks to the service manager, and starts the program again when it ends. */
export function createNssmHost(nssm: string): ServiceHost {
  const run = (
    what: string,
    args: readonly string[],
    more: Partial<Extract<ServiceStep, { kind: 'run' }>> = {},
  ) => ({ kind: 'run', file: nssm, args, what, ...more }) as const;
  const set = (name: string, ...values: readonly string[]) =>
    run(`${name} is set`, ['set', serviceName, name, ...values]);
  return {
    label: 'Windows service (nssm)',
    next: 'job-scheduler service start starts it now',
    install(spec) {
      if (spec.account === undefined && spec.password !== undefined)
        throw new AppError('validation_failed', 'A password is given and no account; name it with --account');
      if (spec.account !== undefined && spec.password === undefined && hasPassword(spec.account))
        throw new AppError(
          'validation_failed',
          `--account is ${JSON.stringify(spec.account)}, which Windows only lets log on with its password: add --password, or take an account that needs none (NT SERVICE\\${serviceName}, a managed account)`,
        );
      const expanded = [spec.program, spec.folder, spec.logFolder, ...spec.args].find((text) =>
        /%[^%]+%/.test(text),
      );
      if (expanded !== undefined)
        throw new AppError(
          'validation_failed',
          `${expanded} holds a name between two %, which the service would fill in; choose another folder`,
        );
      const log = win32.join(spec.logFolder, 'service.log');
      const account =
        spec.account === undefined
          ? []
          : [
              run(
                'The account is set',
                ['set', serviceName, 'ObjectName', spec.account, spec.password ?? ''],
                {
                  secretArgs: [4],
                },
              ),
            ];
      return [
        run('The service is made', ['install', serviceName, spec.program]),
        set('AppParameters', windowsLine(spec.args)),
        set('AppDirectory', spec.folder),
        set('DisplayName', serviceTitle),
        set('Description', serviceText),
        set('Start', 'SERVICE_AUTO_START'),
        ...account,
        set('AppStdout', log),
        set('AppStderr', log),
        set('AppRotateFiles', '1'),
        set('AppRotateOnline', '1'),
        set('AppRotateBytes', String(rotateBytes)),
        // With a console of its own, nssm 2.23 does not start a service on Windows 10 1703 and newer (nssm.cc/download).
        set('AppNoConsole', '1'),
        // Ctrl+C for node.exe, a closed window for the desktop program, which has no console: either ends its runs and
        // writes their rows. Threads are not asked (4): that ends Chromium without it.
        set('AppStopMethodSkip', '4'),
        set('AppStopMethodConsole', String(stopMs)),
        set('AppStopMethodWindow', String(stopMs)),
        set('AppExit', 'Default', 'Restart'),
        // Again at once after a run of 10 s or longer; a shorter one waits 2, 4, 8 ... 256 s (AppThrottle, nssm.cc/usage).
        set('AppThrottle', '10000'),
        {
          kind: 'run',
          file: 'sc.exe',
          args: [
            'failure',
            serviceName,
            'reset=',
            '86400',
            'actions=',
            'restart/10000/restart/60000/restart/300000',
          ],
          what: 'What follows when nssm itself fails is set',
          isOptional: true,
        },
        eventSource,
      ];
    },
    uninstall: () => [
      { kind: 'run', file: 'sc.exe', args: ['stop', serviceName], what: 'It is stopped', isOptional: true },
      run('The service is removed', ['remove', serviceName, 'confirm']),
    ],
    start: () => [{ kind: 'run', file: 'sc.exe', args: ['start', serviceName], what: 'It is started' }],
    stop: () => [{ kind: 'run', file: 'sc.exe', args: ['stop', serviceName], what: 'It is stopped' }],
    status: { file: 'sc.exe', args: ['queryex', serviceName], read: readScQuery },
  };
}

/** The answer of `sc queryex`. Its labels are in the language of Windows, its values are not. */
export function readScQuery({
  code,
  text,
}: {
  readonly code: number;
  readonly text: string;
}): ReturnType<ServiceHost['status']['read']> {
  if (code === doesNotExist || new RegExp(`\\b${doesNotExist}\\b`).test(text.split('\n')[0] ?? ''))
    return { state: 'not_installed', pid: undefined, detail: 'there is no such service' };
  const word = /:\s*\d\s+([A-Z_]+)\s*$/m.exec(
    text
      .split(/\r?\n/)
      .filter((line) => Object.keys(states).some((state) => line.includes(` ${state}`)))
      .join('\n'),
  )?.[1];
  const pid = Number(/^\s*PID\s*:\s*(\d+)/m.exec(text)?.[1] ?? 0);
  if (code !== 0 || word === undefined)
    return {
      state: 'stopped',
      pid: undefined,
      detail: text.trim().split(/\r?\n/)[0] || `sc ended with ${code}`,
    };
  return { state: states[word] ?? 'stopped', pid: pid > 0 ? pid : undefined, detail: word };
}
