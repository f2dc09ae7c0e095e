import { win32 } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import { xmlText } from '../process/windows-run-as/task-xml';
import { eventSource } from './nssm';
import { type ServiceHost, type ServiceSpec, serviceName, serviceText } from './service-host';
import { windowsLine } from './windows-words';

/** A task that starts the program with Windows, and again when it ends badly (schema 1.2). */
export function bootTaskXml(spec: ServiceSpec): string {
  const principal =
    spec.account === undefined
      ? ['      <UserId>S-1-5-18</UserId>']
      : [
          `      <UserId>${xmlText(spec.account)}</UserId>`,
          `      <LogonType>${spec.password === undefined ? 'S4U' : 'Password'}</LogonType>`,
        ];
  const lines = [
    '<?xml version="1.0" encoding="UTF-16"?>',
    '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
    '  <RegistrationInfo>',
    `    <Description>${xmlText(serviceText)}</Description>`,
    '  </RegistrationInfo>',
    '  <Triggers>',
    '    <BootTrigger><Enabled>true</Enabled></BootTrigger>',
    '  </Triggers>',
    '  <Principals>',
    '    <Principal id="Author">',
    ...principal,
    '      <RunLevel>HighestAvailable</RunLevel>',
    '    </Principal>',
    '  </Principals>',
    '  <Settings>',
    '    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>',
    '    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>',
    '    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>',
    '    <AllowHardTerminate>true</AllowHardTerminate>',
    '    <StartWhenAvailable>true</StartWhenAvailable>',
    '    <AllowStartOnDemand>true</AllowStartOnDemand>',
    '    <Enabled>true</Enabled>',
    '    <Hidden>false</Hidden>',
    '    <RunOnlyIfIdle>false</RunOnlyIfIdle>',
    '    <WakeToRun>false</WakeToRun>',
    '    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>',
    '    <Priority>5</Priority>',
    '    <RestartOnFailure>',
    '      <Interval>PT1M</Interval>',
    '      <Count>255</Count>',
    '    </RestartOnFailure>',
    '  </Settings>',
    '  <Actions Context="Author">',
    '    <Exec>',
    `      <Command>${xmlText(spec.program)}</Command>`,
    `      <Arguments>${xmlText(windowsLine(spec.args))}</Arguments>`,
    `      <WorkingDirectory>${xmlText(spec.folder)}</WorkingDirectory>`,
    '    </Exec>',
    '  </Actions>',
    '</Task>',
  ];
  return lines.join('\r\n');
}

/** The Task Scheduler of Windows as a stand-in for a service: no service for `sc`, and a stop is a hard one. */
export function createBootTaskHost(temporaryFolder: string): ServiceHost {
  const file = win32.join(temporaryFolder, `${serviceName}.xml`);
  const run = (what: string, args: readonly string[], secretArgs?: readonly number[]) =>
    ({ kind: 'run', file: 'schtasks.exe', args, what, ...(secretArgs ? { secretArgs } : {}) }) as const;
  return {
    label: 'Task Scheduler, at start-up',
    next: 'job-scheduler service start starts it now',
    install(spec) {
      if (/%|\$\(/.test(`${spec.program} ${spec.folder}`))
        throw new AppError(
          'validation_failed',
          `The folder ${spec.folder} holds % or $(, which the Task Scheduler would fill in; install the program elsewhere`,
        );
      const account =
        spec.account === undefined || spec.password === undefined
          ? []
          : ['/RU', spec.account, '/RP', spec.password];
      const args = ['/Create', '/TN', serviceName, '/XML', file, '/F', ...account];
      return [
        { kind: 'write', file, text: `\uFEFF${bootTaskXml(spec)}`, encoding: 'utf16le' },
        run('The task is made', args, account.length > 0 ? [args.length - 1] : undefined),
        { kind: 'remove', file },
        eventSource,
      ];
    },
    uninstall: () => [
      { ...run('It is stopped', ['/End', '/TN', serviceName]), isOptional: true },
      run('The task is removed', ['/Delete', '/TN', serviceName, '/F']),
    ],
    start: () => [run('It is started', ['/Run', '/TN', serviceName])],
    stop: () => [run('It is stopped', ['/End', '/TN', serviceName])],
    status: {
      file: 'schtasks.exe',
      args: ['/Query', '/TN', serviceName, '/XML'],
      // The table's words are in the language of Windows; whether it runs is told by the data folder.
      read: ({ code }) =>
        code === 0
          ? { state: 'stopped', pid: undefined, detail: 'a task at start-up' }
          : { state: 'not_installed', pid: undefined, detail: 'there is no such task' },
    },
  };
}
