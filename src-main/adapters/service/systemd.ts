import { join } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import {
  type ServiceHost,
  type ServiceSpec,
  type ServiceState,
  serviceName,
  serviceText,
} from './service-host';

/** systemd fills in % and reads lines; a path with a line end in it can't be written. */
function plain(text: string, what: string): string {
  if (/[\r\n\0]/.test(text))
    throw new AppError(
      'validation_failed',
      `${what} ${JSON.stringify(text)} holds a line end; a unit file can't`,
    );
  return text.replaceAll('%', '%%');
}

/** One word of ExecStart (systemd.service(5), "Command lines"). */
const word = (text: string): string =>
  `"${plain(text, 'The argument').replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('$', '$$$$')}"`;

/** The unit file. `isUser`: one of a user's own manager, which has no accounts. */
export function systemdUnit(spec: ServiceSpec, isUser: boolean): string {
  const lines = [
    '[Unit]',
    `Description=Job Scheduler: ${serviceText}`,
    ...(isUser ? [] : ['Wants=network-online.target', 'After=network-online.target time-sync.target']),
    // A program that can't start is not tried for ever.
    'StartLimitIntervalSec=600',
    'StartLimitBurst=10',
    '',
    '[Service]',
    'Type=exec',
    // A program named in quotes is only known to newer versions.
    `ExecStart=${/^[\w./@:+-]+$/.test(spec.program) ? spec.program : word(spec.program)} ${spec.args.map(word).join(' ')}`,
    `WorkingDirectory=${plain(spec.folder, 'The folder')}`,
    ...(spec.account === undefined || isUser ? [] : [`User=${plain(spec.account, 'The account')}`]),
    `SyslogIdentifier=${serviceName}`,
    'Restart=on-failure',
    'RestartSec=10',
    // The program ends its runs itself; what is left of them after that is ended with it.
    'KillMode=mixed',
    'TimeoutStopSec=90',
    'UMask=0077',
    '',
    '[Install]',
    `WantedBy=${isUser ? 'default.target' : 'multi-user.target'}`,
    '',
  ];
  return lines.join('\n');
}

const states: Readonly<Record<string, ServiceState>> = {
  active: 'running',
  reloading: 'running',
  activating: 'starting',
  deactivating: 'stopping',
  failed: 'failed',
  inactive: 'stopped',
};

/** systemd, of the system or of a user. */
export function createSystemdHost(facts: {
  readonly isUser: boolean;
  readonly home: string;
  /** The manager runs; in a container, a chroot or a bare WSL it does not. */
  readonly isRunning: boolean;
  readonly canVerify: boolean;
  readonly hasFile: (file: string) => boolean;
}): ServiceHost {
  const { isUser } = facts;
  const scope = isUser ? ['--user'] : [];
  const folder = isUser ? join(facts.home, '.config', 'systemd', 'user') : '/etc/systemd/system';
  const file = join(folder, `${serviceName}.service`);
  const control = (what: string, args: readonly string[], isOptional = false) =>
    ({ kind: 'run', file: 'systemctl', args: [...scope, ...args], what, isOptional }) as const;
  const needsManager = (action: string) => {
    if (!facts.isRunning)
      throw new AppError(
        'unavailable',
        `systemd does not run here, so it can't ${action} ${serviceName}; start the program with npm run headless`,
      );
  };
  return {
    label: isUser ? 'systemd (user)' : 'systemd',
    next: facts.isRunning
      ? 'job-scheduler service start starts it now'
      : 'systemd does not run here: it begins when the machine starts with it',
    install(spec) {
      if (isUser && spec.account !== undefined)
        throw new AppError(
          'validation_failed',
          '--account is for a service of the system; one of --user runs as its user',
        );
      if (spec.password !== undefined)
        throw new AppError('validation_failed', 'systemd needs no password for an account');
      return [
        // Only root could make it later, and the program does not run as root then.
        ...(spec.account !== undefined && !facts.hasFile(spec.dataFolder)
          ? [
              {
                kind: 'run' as const,
                file: 'install',
                args: ['-d', '-m', '0700', '-o', spec.account, spec.dataFolder],
                what: `The data folder is made for ${spec.account}`,
              },
            ]
          : []),
        { kind: 'write', file, text: systemdUnit(spec, isUser) },
        ...(facts.canVerify
          ? [
              {
                kind: 'run' as const,
                file: 'systemd-analyze',
                // Not as --user: that asks for a session, and what is checked is the same.
                args: ['verify', file],
                what: 'The unit file is checked',
              },
            ]
          : []),
        control('The unit is read', ['daemon-reload'], !facts.isRunning),
        control('It starts with the system', ['enable', serviceName], !facts.isRunning),
        ...(isUser
          ? [
              {
                kind: 'run' as const,
                file: 'loginctl',
                args: ['enable-linger'],
                what: 'It goes on when you log off',
                isOptional: true,
              },
            ]
          : []),
      ];
    },
    uninstall: () => [
      control('It is stopped, and no longer starts with the system', ['disable', '--now', serviceName], true),
      { kind: 'remove', file },
      control('The units are read anew', ['daemon-reload'], !facts.isRunning),
    ],
    start() {
      needsManager('start');
      return [control('It is started', ['start', serviceName])];
    },
    stop() {
      needsManager('stop');
      return [control('It is stopped', ['stop', serviceName])];
    },
    status: {
      file: 'systemctl',
      args: [
        ...scope,
        'show',
        serviceName,
        '--property=LoadState,ActiveState,SubState,MainPID,UnitFileState,Result',
      ],
      read({ code, text }) {
        const values = new Map(
          text.split(/\r?\n/).map((line) => {
            const at = line.indexOf('=');
            return [line.slice(0, at), line.slice(at + 1)] as const;
          }),
        );
        const load = values.get('LoadState');
        if (code !== 0 || load === undefined)
          return {
            state: facts.hasFile(file) ? 'stopped' : 'not_installed',
            pid: undefined,
            detail: text.trim().split('\n')[0] ?? 'systemd does not answer',
          };
        if (load === 'not-found')
          return { state: 'not_installed', pid: undefined, detail: 'there is no such unit' };
        const pid = Number(values.get('MainPID') ?? 0);
        const active = values.get('ActiveState') ?? '';
        const result = values.get('Result') ?? 'success';
        return {
          state: states[active] ?? 'stopped',
          pid: pid > 0 ? pid : undefined,
          detail: `${active} (${values.get('SubState') ?? ''}), ${values.get('UnitFileState') || 'not enabled'}${result === 'success' ? '' : `, result ${result}`}`,
        };
      },
    },
  };
}
