import { readFileSync } from 'node:fs';
import { AppError } from '../../../src-shared/errors';
import { parsePasswd } from '../process/run-as';
import { parseWindowsAccount } from '../process/windows-run-as/account';
import type { RunTool } from '../process/windows-run-as/run-as-task';

/** What was found of the account a service is to run as. */
export interface FoundAccount {
  /** Its numeric id on Linux. */
  readonly uid?: number;
  /** What could not be looked at, in a sentence. */
  readonly note?: string;
}

interface Deps {
  readonly platform: string;
  readonly runTool: RunTool;
}

const refuse = (account: string, why: string): never => {
  throw new AppError('validation_failed', `--account is ${JSON.stringify(account)}: ${why}`);
};

/** Not found, by getent(1). */
const noSuchKey = 2;

/** The line of a user; systemd takes a name or a number, and asks where getent asks (files, LDAP, SSSD). */
async function passwdLine(name: string, runTool: RunTool): Promise<string | undefined> {
  const { code, text } = await runTool('getent', ['passwd', '--', name]);
  if (code === 0) return text.split('\n')[0];
  if (code === noSuchKey) return undefined;
  // A small system may have no getent; then there is this file alone.
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((line) => line.split(':')[0] === name || line.split(':')[2] === name);
}

async function findOnLinux(account: string, { runTool }: Deps): Promise<FoundAccount> {
  const line = /[:\r\n\0]/.test(account) ? undefined : await passwdLine(account, runTool);
  const user = line === undefined ? undefined : parsePasswd(line);
  if (!user)
    return refuse(
      account,
      'there is no such user on this machine (getent passwd); make it first, for example: useradd --system jobs',
    );
  return { uid: user.uid };
}

/** Ends with 3 when Windows knows no such account. The name comes as bytes: no text of it is read as PowerShell. */
const lookUp = (account: string) => `
$name = [Text.Encoding]::Unicode.GetString([Convert]::FromBase64String('${Buffer.from(account, 'utf16le').toString('base64')}'))
try { [void]([Security.Principal.NTAccount]$name).Translate([Security.Principal.SecurityIdentifier]) }
catch {
  $cause = $_.Exception
  while ($cause.InnerException) { $cause = $cause.InnerException }
  [Console]::Out.Write($cause.Message)
  if ($cause -is [Security.Principal.IdentityNotMappedException]) { exit 3 }
  exit 4
}
exit 0`;

async function findOnWindows(account: string, { runTool }: Deps): Promise<FoundAccount> {
  // A virtual account is made by Windows together with its service.
  if (/^NT SERVICE\\/i.test(account)) return {};
  // Nobody here is meant: every account is looked at, also one's own.
  const parsed = parseWindowsAccount(account, { name: '', domain: '', computer: '.' });
  if (parsed.kind === 'refused') return refuse(account, parsed.reason);
  if (parsed.kind === 'self' || parsed.kind === 'service') return {};
  const encoded = Buffer.from(lookUp(account.replace(/^\.\\/, '')), 'utf16le').toString('base64');
  const { code, text } = await runTool('powershell.exe', [
    '-NoProfile',
    '-NonInteractive',
    '-EncodedCommand',
    encoded,
  ]);
  if (code === 0) return {};
  if (code === 3)
    return refuse(account, 'Windows knows no such account; expected DOMAIN\\name, .\\name or name@domain');
  return { note: `the account ${account} could not be looked up: ${text.replace(/\s+/g, ' ').trim()}` };
}

/** Looks an account up where the system will, without rights. Throws `validation_failed` when there is none of that name. */
export async function findAccount(account: string, deps: Deps): Promise<FoundAccount> {
  if (account.trim() === '') return refuse(account, 'it is empty; leave it out, or name an account');
  return deps.platform === 'win32' ? findOnWindows(account, deps) : findOnLinux(account, deps);
}
