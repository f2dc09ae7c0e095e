import { execFile } from 'node:child_process';
import { hostname, userInfo } from 'node:os';
import type { ForeignProcesses } from './process-tree';
import { parseWindowsAccount } from './windows-run-as/account';
import type { TaskAccount } from './windows-run-as/task-xml';

/** How a program is started as somebody else; `refused` says why it can't be. */
export type RunAs =
  | { readonly kind: 'self' }
  /** Started by root: the system changes to the user itself. */
  | {
      readonly kind: 'setuid';
      readonly uid: number;
      readonly gid: number;
      readonly environment: Readonly<Record<string, string>>;
      /** It is a member of more groups than its own. */
      readonly hasGroups: boolean;
    }
  /** Started through sudo, which must ask for no password. */
  | { readonly kind: 'sudo'; readonly user: string }
  /** On Windows, as a scheduled task made for this run. */
  | { readonly kind: 'task'; readonly account: TaskAccount }
  | { readonly kind: 'refused'; readonly reason: string };

export interface RunAsFacts {
  readonly platform: string;
  /** The account of this process, and its numeric id where there is one. */
  readonly self: {
    readonly name: string;
    readonly uid: number;
    /** Windows only: USERDOMAIN and COMPUTERNAME. */
    readonly domain?: string;
    readonly computer?: string;
  };
  /** A line of the user database, as `getent passwd NAME` prints it; undefined when there is no such user. */
  findUser(name: string): Promise<string | undefined>;
  /** The groups of a user as `id -G NAME` prints them; undefined when they are not known. */
  findGroups(name: string): Promise<string | undefined>;
  /** Whether `sudo -n -u NAME true` succeeds; a text says why it does not. */
  trySudo(name: string): Promise<true | string>;
}

/** Where every account finds the system's programs; ours may name folders that only we can enter. */
export const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Names that a user database can hold and no tool reads as an option. */
const userName = /^[A-Za-z_][A-Za-z0-9_.@-]{0,63}\$?$/;

/** `name:x:uid:gid:gecos:home:shell` */
export function parsePasswd(line: string):
  | {
      readonly name: string;
      readonly uid: number;
      readonly gid: number;
      readonly home: string;
      readonly shell: string;
    }
  | undefined {
  const [name = '', , uid = '', gid = '', , home = '', shell = ''] = line.trim().split(':');
  return /^\d+$/.test(uid) && /^\d+$/.test(gid)
    ? { name, uid: Number(uid), gid: Number(gid), home, shell }
    : undefined;
}

/** Decides how to become a user. Never falls back to this process's own account. */
export async function planRunAs(wanted: string, facts: RunAsFacts): Promise<RunAs> {
  const refuse = (why: string): RunAs => ({ kind: 'refused', reason: `run_as "${wanted}": ${why}` });
  if (facts.platform === 'win32') {
    const { name, domain = '', computer = '' } = facts.self;
    const account = parseWindowsAccount(wanted, { name, domain, computer });
    if (account.kind === 'refused') return refuse(account.reason);
    return account.kind === 'self' ? account : { kind: 'task', account };
  }
  if (!userName.test(wanted)) return refuse('is not a name of a user on this system');
  const entry = await facts.findUser(wanted);
  const user = entry === undefined ? undefined : parsePasswd(entry);
  if (!user) return refuse('there is no such user on this system');
  if (user.uid === facts.self.uid) return { kind: 'self' };
  if (facts.self.uid === 0) {
    const environment = {
      HOME: user.home,
      USER: user.name,
      LOGNAME: user.name,
      SHELL: user.shell || '/bin/sh',
      PATH: systemPath,
    };
    const groups = ((await facts.findGroups(user.name)) ?? '').split(/\s+/).filter((group) => group !== '');
    const hasGroups = groups.some((group) => Number(group) !== user.gid);
    return { kind: 'setuid', uid: user.uid, gid: user.gid, environment, hasGroups };
  }
  const sudo = await facts.trySudo(user.name);
  return sudo === true
    ? { kind: 'sudo', user: user.name }
    : refuse(
        `"${facts.self.name}" may not become this user without a password (${sudo}); add a sudoers rule with NOPASSWD and SETENV`,
      );
}

function ask(
  file: string,
  args: readonly string[],
  stdin = '',
): Promise<{ readonly ok: boolean; readonly text: string }> {
  return new Promise((resolve) => {
    const child = execFile(file, [...args], { timeout: 10_000 }, (error, stdout, stderr) => {
      resolve({ ok: !error, text: (stdout || stderr || error?.message || '').trim() });
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(stdin);
  });
}

/** This machine's facts. */
export function systemRunAsFacts(): RunAsFacts {
  const { username, uid } = userInfo();
  return {
    platform: process.platform,
    self: {
      name: username,
      uid,
      domain: process.env.USERDOMAIN ?? '',
      computer: process.env.COMPUTERNAME ?? hostname(),
    },
    async findUser(name) {
      const found = await ask('getent', ['passwd', name]);
      return found.ok ? found.text.split('\n')[0] : undefined;
    },
    async findGroups(name) {
      const found = await ask('id', ['-G', '--', name]);
      return found.ok ? found.text : undefined;
    },
    async trySudo(name) {
      const tried = await ask('sudo', ['-n', '-u', name, '--', 'true']);
      return tried.ok || (tried.text.split('\n')[0] ?? 'sudo failed');
    },
  };
}

/** Finds and signals processes of another user through sudo. */
export function sudoProcesses(user: string): ForeignProcesses {
  const become = ['-n', '-u', user, '--'];
  return {
    async kill(pids, signal) {
      if (pids.length > 0) await ask('sudo', [...become, 'kill', '-s', signal, '--', ...pids.map(String)]);
    },
    async variables(beginnings) {
      // What is looked for goes to standard input: a command line could be read by everybody.
      const look = 'LC_ALL=C exec grep -sHzaG -f - /proc/[0-9]*/environ';
      const patterns = beginnings.map((text) => `^${text.replace(/[\\.[\]*^$]/g, '\\$&')}\n`).join('');
      const { text } = await ask('sudo', [...become, 'sh', '-c', look], patterns);
      const found = new Map<number, string[]>();
      for (const line of text.split('\0')) {
        const [, pid, variable] = /^\/proc\/(\d+)\/environ:(.*)$/s.exec(line) ?? [];
        if (pid === undefined || variable === undefined) continue;
        found.set(Number(pid), [...(found.get(Number(pid)) ?? []), variable]);
      }
      return found;
    },
  };
}
