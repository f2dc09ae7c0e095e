import type { XmlElement } from '../../ports/xml-reader';
import type { ConvertedJob } from '../converted-job';
import { durationSeconds } from './duration';
import { child, isTrue, textOf } from './trigger';

export interface TaskSettings {
  readonly isEnabled: boolean;
  readonly keys: Partial<ConvertedJob['definition']>;
  readonly maps: readonly string[];
  readonly unmapped: readonly string[];
}

/** What Task Scheduler ends a run after when the task says nothing. */
const defaultLimit = 'PT72H';
/** It starts tasks on time or not at all; a little leeway for a busy machine. */
const onTimeSeconds = 60;

const policies: Readonly<Record<string, readonly [Partial<ConvertedJob['definition']>, string]>> = {
  IgnoreNew: [{ overlap: 'skip' }, 'overlap skip'],
  Queue: [{ overlap: 'queue' }, 'overlap queue'],
  StopExisting: [{ overlap: 'replace' }, 'overlap replace'],
  Parallel: [{ max_instances: 100 }, 'max_instances 100, the most there is here'],
};

const systemAccounts: Readonly<Record<string, string>> = {
  'S-1-5-18': 'SYSTEM',
  'S-1-5-19': 'LOCAL SERVICE',
  'S-1-5-20': 'NETWORK SERVICE',
};

/** Settings without a counterpart, and when they mean something. */
const without: readonly (readonly [name: string, isSet: (text: string) => boolean, why: string])[] = [
  ['DisallowStartIfOnBatteries', (text) => isTrue(text, true), 'a job starts on battery power too'],
  ['StopIfGoingOnBatteries', (text) => isTrue(text, true), 'a run goes on on battery power'],
  [
    'RunOnlyIfNetworkAvailable',
    (text) => isTrue(text, false),
    'nothing here asks for the network; a precondition (command_succeeds) can',
  ],
  ['RunOnlyIfIdle', (text) => isTrue(text, false), 'nothing here waits for an idle machine'],
  [
    'WakeToRun',
    (text) => isTrue(text, false),
    'nothing here wakes the machine; what was missed in its sleep is caught up as misfire_grace_time says',
  ],
  ['DeleteExpiredTaskAfter', () => true, 'a job whose schedule has ended stays'],
  ['Hidden', (text) => isTrue(text, false), 'there are no hidden jobs'],
  ['Priority', (text) => text !== '7', 'programs run with the priority of the scheduler'],
  [
    'AllowHardTerminate',
    (text) => !isTrue(text, true),
    'a run that exceeds its timeout is ended with all its programs',
  ],
  ['AllowStartOnDemand', (text) => !isTrue(text, true), 'every job can be run by hand'],
  ['DisallowStartOnRemoteAppSession', (text) => isTrue(text, false), 'sessions play no part here'],
  ['Volatile', (text) => isTrue(text, false), 'a job stays over a restart'],
  ['MaintenanceSettings', () => true, 'there is no automatic maintenance here'],
];

/** Settings and Principals of a task as keys of a job. */
export function taskSettings(task: XmlElement): TaskSettings {
  const settings = child(task, 'Settings');
  const maps: string[] = [];
  const unmapped: string[] = [];
  const policy = textOf(settings, 'MultipleInstancesPolicy') ?? 'IgnoreNew';
  const [overlap, words] = policies[policy] ?? [{}, undefined];
  if (words === undefined)
    unmapped.push(`MultipleInstancesPolicy is "${policy}"; expected ${Object.keys(policies).join(', ')}`);
  else maps.push(`MultipleInstancesPolicy ${policy}: ${words}`);
  const limit = textOf(settings, 'ExecutionTimeLimit') ?? defaultLimit;
  const timeout = durationSeconds(limit);
  if (timeout === undefined)
    unmapped.push(`ExecutionTimeLimit is "${limit}"; expected a duration such as PT1H`);
  else maps.push(`ExecutionTimeLimit ${limit}: timeout ${timeout}${timeout === 0 ? ' (none)' : ''}`);
  const isLate = isTrue(textOf(settings, 'StartWhenAvailable'), false);
  maps.push(
    isLate
      ? 'StartWhenAvailable: a missed run is caught up once, however late'
      : `No StartWhenAvailable: a missed run stays missed (misfire_grace_time ${onTimeSeconds})`,
  );
  const restart = child(settings, 'RestartOnFailure');
  const count = Number(textOf(restart, 'Count'));
  const wait = durationSeconds(textOf(restart, 'Interval'));
  const retries = restart && Number.isInteger(count) && count > 0 && wait !== undefined;
  if (retries) maps.push(`RestartOnFailure: max_retries ${Math.min(count, 100)}, retry_delay ${wait}`);
  if (retries && count > 100)
    unmapped.push(`RestartOnFailure: Count is ${count}; a job has at most 100 retries`);
  for (const [name, isSet, why] of without) {
    const element = child(settings, name);
    if (element && isSet(element.text)) unmapped.push(`${name}: ${why}`);
  }

  const principal = child(child(task, 'Principals'), 'Principal');
  const user = textOf(principal, 'UserId');
  const group = textOf(principal, 'GroupId');
  const logon = textOf(principal, 'LogonType');
  let runAs: { run_as?: string } = {};
  const system =
    user === undefined
      ? undefined
      : (systemAccounts[user] ??
        (/^(NT AUTHORITY\\)?(SYSTEM|LOCAL ?SERVICE|NETWORK ?SERVICE)$/i.test(user) ? user : undefined));
  if (system !== undefined)
    unmapped.push(`UserId ${system}: an account of Windows itself; the job runs as the scheduler does`);
  else if (user !== undefined && /^S-1-/.test(user))
    unmapped.push(`UserId ${user}: a security id; write the account's name as run_as`);
  else if (user !== undefined) {
    runAs = { run_as: user };
    maps.push(`UserId ${user}: run_as`);
    if (logon === undefined || logon.includes('Password') || logon === 'S4U')
      unmapped.push(
        `The password of ${user} is not in the file: save it as a secret and name it in run_as_password`,
      );
  }
  if (group !== undefined)
    unmapped.push(`GroupId ${group}: runs for whoever of the group is logged on; nothing here does`);
  if (logon?.startsWith('InteractiveToken'))
    unmapped.push(
      `LogonType ${logon}: there it runs only while its user is logged on, and can show windows; here neither`,
    );
  if (textOf(principal, 'RunLevel') === 'HighestAvailable')
    unmapped.push(
      'RunLevel HighestAvailable: a job has the rights of the account it runs as; nothing raises them',
    );
  return {
    isEnabled: isTrue(textOf(settings, 'Enabled'), true),
    maps,
    unmapped,
    keys: {
      ...overlap,
      ...(timeout === undefined ? {} : { timeout }),
      ...(isLate ? { misfire_grace_time: null, coalesce: true } : { misfire_grace_time: onTimeSeconds }),
      ...(retries ? { max_retries: Math.min(count, 100), retry_delay: wait } : { max_retries: 0 }),
      ...runAs,
    },
  };
}
