import type { WindowsAccount } from './account';

/** An account that a task can be made for. */
export type TaskAccount = Extract<WindowsAccount, { kind: 'service' | 'managed' | 'user' }>;

/** TASK_LOGON_TYPE of the Task Scheduler's interface; what the task's XML calls it, where it names it at all. */
export function logonOf(
  account: TaskAccount,
  hasPassword: boolean,
): { readonly number: 1 | 2 | 5; readonly xml?: 'Password' | 'S4U' } {
  if (account.kind === 'service') return { number: 5 };
  if (account.kind === 'managed' || hasPassword) return { number: 1, xml: 'Password' };
  return { number: 2, xml: 'S4U' };
}

/** Text of an XML 1.0 document; a character it can't hold becomes U+FFFD. */
export function xmlText(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML can't hold
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  );
}

/** Whether the Task Scheduler would read something into a path: it expands %NAME% and $(Arg0). */
export const isPlainPath = (path: string): boolean => !/[%"]|\$\(/.test(path);

/** The wrapper's command line: Windows PowerShell, which every Windows has, and a file. */
export function wrapperCommand(
  systemRoot: string,
  script: string,
): { readonly file: string; readonly args: string } {
  return {
    file: `${systemRoot}\\System32\\WindowsPowerShell\\v1.0\\powershell.exe`,
    args: `-NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "${script}"`,
  };
}

/** A task of schema 1.2 that starts only when told to, once, whatever the power, for as long as it takes. */
export function taskXml(task: {
  readonly account: TaskAccount;
  readonly hasPassword: boolean;
  readonly command: { readonly file: string; readonly args: string };
}): string {
  const { account, command } = task;
  const logon = logonOf(account, task.hasPassword).xml;
  const lines = [
    '<?xml version="1.0" encoding="UTF-16"?>',
    '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
    '  <RegistrationInfo>',
    '    <Description>One run of Job Scheduler; it is removed when the run ends.</Description>',
    '  </RegistrationInfo>',
    '  <Triggers />',
    '  <Principals>',
    '    <Principal id="Author">',
    `      <UserId>${xmlText(account.kind === 'service' ? account.sid : account.name)}</UserId>`,
    ...(logon === undefined ? [] : [`      <LogonType>${logon}</LogonType>`]),
    // The whole token: as a service of that account would have.
    '      <RunLevel>HighestAvailable</RunLevel>',
    '    </Principal>',
    '  </Principals>',
    '  <Settings>',
    '    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>',
    '    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>',
    '    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>',
    '    <AllowHardTerminate>true</AllowHardTerminate>',
    '    <StartWhenAvailable>false</StartWhenAvailable>',
    '    <RunOnlyIfNetworkAvailable>false</RunOnlyIfNetworkAvailable>',
    '    <AllowStartOnDemand>true</AllowStartOnDemand>',
    '    <Enabled>true</Enabled>',
    '    <Hidden>true</Hidden>',
    '    <RunOnlyIfIdle>false</RunOnlyIfIdle>',
    '    <WakeToRun>false</WakeToRun>',
    '    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>',
    // The default of 7 is a background priority, for processor and disk.
    '    <Priority>5</Priority>',
    '  </Settings>',
    '  <Actions Context="Author">',
    '    <Exec>',
    `      <Command>${xmlText(command.file)}</Command>`,
    `      <Arguments>${xmlText(command.args)}</Arguments>`,
    '    </Exec>',
    '  </Actions>',
    '</Task>',
  ];
  return lines.join('\r\n');
}
