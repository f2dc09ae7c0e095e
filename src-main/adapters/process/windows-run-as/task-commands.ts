import { createHash } from 'node:crypto';
import { logonOf, type TaskAccount } from './task-xml';

const folder = '\\JobScheduler\\';

/** What the names of a data folder's tasks begin with; its token itself stays secret. */
export function taskPrefix(token: string): string {
  return `run-${createHash('sha256').update(token).digest('hex').slice(0, 12)}-`;
}

/** schtasks' arguments. Making the task is not among them: its password would be asked for on a console. */
export const schtasks = {
  query: (name: string): string[] => ['/Query', '/TN', `${folder}${name}`, '/FO', 'CSV', '/NH', '/V'],
  list: (): string[] => ['/Query', '/TN', folder, '/FO', 'CSV', '/NH'],
  end: (name: string): string[] => ['/End', '/TN', `${folder}${name}`],
  remove: (name: string): string[] => ['/Delete', '/TN', `${folder}${name}`, '/F'],
};

/** OWNER RIGHTS, SYSTEM and Administrators: by number, as their names differ with the language of Windows. */
const full = ['*S-1-3-4', '*S-1-5-18', '*S-1-5-32-544'];

const icaclsName = (account: TaskAccount): string =>
  account.kind === 'service' ? `*${account.sid}` : account.name;

/** The run's folder: its owner, the system and administrators all, the account may read; nobody else enters. */
export function icaclsFolder(path: string, account: TaskAccount): string[] {
  const name = icaclsName(account);
  const grants = full.map((sid) => `${sid}:(OI)(CI)F`);
  // A second grant would take the place of the first.
  const own = full.includes(name) ? [] : [`${name}:(OI)(CI)RX`];
  return [path, '/inheritance:r', '/grant:r', ...grants, ...own];
}

/** A folder the account may fill and empty as it likes: what it leaves there is never trusted. */
export function icaclsAccountFolder(path: string, account: TaskAccount): string[] {
  const name = icaclsName(account);
  const grants = full.map((sid) => `${sid}:(OI)(CI)F`);
  const own = full.includes(name) ? [] : [`${name}:(OI)(CI)M`];
  return [path, '/inheritance:r', '/grant:r', ...grants, ...own];
}

/** A file the account writes. It may not delete it: it could put a link to something of ours in its place. */
export function icaclsFile(path: string, account: TaskAccount): string[] {
  return [path, '/grant', `${icaclsName(account)}:(R,W)`];
}

/** The command line that makes and starts a task; the request goes to its standard input. */
export function registerCommand(script: string): string[] {
  return ['-NoLogo', '-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File', script];
}

/** The request of `register.ps1`, in ASCII, so that no code page can change a password. */
export function registerRequest(task: {
  readonly name: string;
  readonly xml: string;
  readonly account: TaskAccount;
  readonly password?: string;
}): string {
  const { account, name, xml, password } = task;
  return asciiJson({
    name,
    xml,
    user: account.kind === 'service' ? account.sid : account.name,
    password: account.kind === 'user' ? (password ?? null) : null,
    logon_type: logonOf(account, password !== undefined).number,
  });
}

/** JSON in which every other character is escaped. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** One argument as CommandLineToArgvW and the C runtime read it back. */
export function quoteArgument(argument: string): string {
  if (argument !== '' && !/[\s"]/.test(argument)) return argument;
  return `"${argument.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
}

/** What comes behind the program in a command line; `isVerbatim` ones are quoted already. */
export function argumentLine(args: readonly string[], isVerbatim: boolean): string {
  return (isVerbatim ? args : args.map(quoteArgument)).join(' ');
}
