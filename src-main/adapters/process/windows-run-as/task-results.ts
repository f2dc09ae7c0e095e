/** What making a task came to. */
export type Registered =
  | { readonly ok: true }
  | { readonly ok: false; readonly hresult: number; readonly message: string };

/** The last line of `register.ps1`; undefined when it said nothing we know. */
export function parseRegistered(text: string): Registered | undefined {
  const value = jsonObject(text.trim().split(/\r?\n/).at(-1) ?? '');
  if (value?.ok === true) return { ok: true };
  if (value?.ok !== false) return undefined;
  return { ok: false, hresult: Number(value.hresult) >>> 0, message: String(value.message ?? '').trim() };
}

/** Failures to make or start a task, by their HRESULT: the texts differ with the language of Windows. */
const reasons: ReadonlyMap<number, string> = new Map([
  [
    0x80070005,
    'Windows denies making tasks for other accounts: the scheduler has to run elevated (as a service, or "Run as administrator")',
  ],
  [0x80070534, 'there is no such account'],
  [0x80070525, 'there is no such account'],
  [0x8007052e, 'the password is wrong, or the account needs one: set run_as_password'],
  [0x80070533, 'the account is disabled'],
  [0x80070701, 'the account has expired'],
  [0x80070532, "the account's password has expired"],
  [0x80070773, "the account's password has to be changed first"],
  [0x80070775, 'the account is locked out'],
  [0x8007052f, 'a restriction of the account (such as an empty password or logon hours) forbids the logon'],
  [0x80070530, 'the account may not log on at this time'],
  [
    0x80070569,
    'the account lacks the right "Log on as a batch job" (secpol.msc, Local Policies, User Rights Assignment)',
  ],
  [
    0x80041314,
    'the account lacks the right "Log on as a batch job" (secpol.msc, Local Policies, User Rights Assignment)',
  ],
  [
    0x80070520,
    'Windows may not keep the password: the policy "Network access: Do not allow storage of passwords and credentials" is on; use a group managed service account (DOMAIN\\name$)',
  ],
  [0x80041310, 'Windows could not keep the credentials of the account (SCHED_E_ACCOUNT_DBASE_CORRUPT)'],
  [0x8004130f, 'no account information could be set for the task: set run_as_password'],
  [0x8007051f, 'no domain controller could be reached to check the account'],
  [0x80041315, 'the Task Scheduler service is not running'],
  [0x800706ba, 'the Task Scheduler service is not running'],
]);

const hex = (code: number): string => `0x${(code >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;

/** Why a task could not be made or started, for the admin. */
export function taskFailure(hresult: number, message = ''): string {
  const words = reasons.get(hresult >>> 0) ?? (message === '' ? 'the task could not be started' : message);
  return `${words} (${hex(hresult)})`;
}

/** Why icacls failed; its exit code is Windows' error code. */
export function icaclsFailure(code: number, text: string): string {
  if (code === 1332 || code === 1337) return 'there is no such account';
  const line = text.trim().split(/\r?\n/)[0] ?? '';
  return `its folder could not be opened to the account: icacls ended with ${code}${line === '' ? '' : `: ${line}`}`;
}

export type TaskState =
  | { readonly kind: 'waiting' | 'running' | 'gone' }
  | { readonly kind: 'ended'; readonly result: number };

/** The fields of one line of CSV as schtasks writes it. */
export function csvFields(line: string): string[] {
  return [...line.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map((match) =>
    (match[1] ?? '').replaceAll('""', '"'),
  );
}

/** Out of `/Query /V /FO CSV /NH`: the seventh field is the last result, a number in every language. */
export function parseTaskState(answer: string): TaskState {
  const line = answer.split(/\r?\n/).find((one) => one.startsWith('"'));
  const result = line === undefined ? Number.NaN : Number.parseInt(csvFields(line)[6] ?? '', 10);
  if (Number.isNaN(result)) return { kind: 'gone' };
  const code = result >>> 0;
  // SCHED_S_TASK_RUNNING; SCHED_S_TASK_READY, _HAS_NOT_RUN and _QUEUED
  if (code === 0x41301) return { kind: 'running' };
  if (code === 0x41300 || code === 0x41303 || code === 0x41325) return { kind: 'waiting' };
  return { kind: 'ended', result: code };
}

/**
 * What it means that a task is over although its wrapper said nothing; undefined while it is not over. `hasRun`: it
 * was seen running.
 */
export function silentEnd(
  state: TaskState,
  hasRun: boolean,
): { readonly signal: string } | { readonly refused: string } | undefined {
  if (state.kind === 'gone') return { signal: 'TASK_REMOVED' };
  if (state.kind !== 'ended') return undefined;
  // SCHED_S_TASK_TERMINATED
  if (state.result === 0x41306) return { signal: 'TASK_TERMINATED' };
  if (state.result >= 0x80000000) return { refused: taskFailure(state.result) };
  if (hasRun) return { signal: `TASK_RESULT_${state.result}` };
  return {
    refused: `its task ended with ${state.result} before the program began; is Windows PowerShell restricted for this account (AppLocker, execution policy)?`,
  };
}

/** Names of tasks that begin with `prefix`, out of `/Query /FO CSV /NH`. */
export function parseTaskNames(answer: string, prefix: string): string[] {
  const names = answer
    .split(/\r?\n/)
    .map((line) => (csvFields(line)[0] ?? '').replace(/^\\JobScheduler\\/i, ''))
    .filter((name) => name.startsWith(prefix) && /^[\w-]+$/.test(name));
  return [...new Set(names)];
}

/** What the wrapper says at its end. It runs as another account: nothing in it is trusted to be well formed. */
export type WrapperResult =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'stopped' }
  /** Windows' error code of the start, such as 2 for a program that is not there. */
  | { readonly kind: 'failed'; readonly error: number; readonly message: string };

/** Undefined while it is not written to its end. */
export function parseWrapperResult(text: string): WrapperResult | undefined {
  if (!text.endsWith('\n')) return undefined;
  const value = jsonObject(text.trim());
  if (value?.stopped === true) return { kind: 'stopped' };
  if (Number.isInteger(value?.code)) return { kind: 'exited', code: Number(value?.code) };
  if (Number.isInteger(value?.error))
    return {
      kind: 'failed',
      error: Number(value?.error),
      message: String(value?.message ?? '').slice(0, 500),
    };
  return undefined;
}

/** The system's code of a failed start, as Node would name it. */
export function startErrorCode(error: number): string {
  if (error === 2 || error === 3 || error === 267) return 'ENOENT';
  if (error === 5) return 'EACCES';
  return error === 193 || error === 216 ? 'ENOEXEC' : `WIN${error}`;
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
