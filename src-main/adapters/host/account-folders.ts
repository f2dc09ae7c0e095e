import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Host, TemporaryFolder } from '../../core/ports/host';
import { setprivArguments, sudoArguments } from '../process/account-command';
import { planRunAs, type RunAs, type RunAsFacts, systemPath } from '../process/run-as';
import { runTool } from '../process/windows-run-as/run-tool';
import { icaclsAccountFolder } from '../process/windows-run-as/task-commands';

type Become = Extract<RunAs, { kind: 'setuid' | 'sudo' }>;

/** What a tool said and how it ended; more than this is no result of ours. */
const mostText = 4 * 1024 * 1024;

/** Starts a small tool as the account, with nothing of our environment. */
function startAsAccount(become: Become, file: string, args: readonly string[]) {
  const options = { env: { PATH: systemPath, LC_ALL: 'C' }, cwd: '/' };
  if (become.kind === 'sudo') return spawn('sudo', sudoArguments(become.user, file, args, []), options);
  return become.hasGroups
    ? spawn('setpriv', setprivArguments(become, file, args), options)
    : spawn(file, [...args], { ...options, uid: become.uid, gid: become.gid });
}

/** Runs a small tool as the account and reads what it says. */
function runAsAccount(
  become: Become,
  file: string,
  args: readonly string[],
  stdin = '',
): Promise<{ readonly code: number; readonly text: string; readonly errors: string }> {
  const child = startAsAccount(become, file, args);
  return new Promise((resolve, reject) => {
    let text = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      if (text.length < mostText) text += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      if (errors.length < 10_000) errors += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, text, errors: errors.trim() }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
  });
}

/** Reads a file by the account's right into one of ours. */
async function copyAsAccount(become: Become, path: string, target: string): Promise<boolean> {
  const child = startAsAccount(become, 'cat', ['--', path]);
  child.stdin.end();
  const ended = new Promise<number>((resolve) => {
    child.once('error', () => resolve(-1));
    child.once('close', (code) => resolve(code ?? -1));
  });
  child.stderr.resume();
  try {
    await pipeline(child.stdout, createWriteStream(target, { mode: 0o600 }));
    if ((await ended) === 0) return true;
  } catch {
    // A disk that is full: nothing half-written stays.
  }
  await rm(target, { force: true });
  return false;
}

/**
 * Everything is done as the account itself, never by us on its behalf: whatever it puts in place of a file, a link
 * for one, leads no further than it can go alone. What a crash leaves lies in the system's temporary folder.
 */
async function makePosixFolder(become: Become): Promise<TemporaryFolder> {
  const made = await runAsAccount(become, 'mktemp', ['-d', '-t', 'job-scheduler-XXXXXXXXXX']);
  const path = made.text.trim();
  if (made.code !== 0 || path === '')
    throw new Error(`The account of run_as could not make a temporary folder: ${made.errors}`);
  return {
    path,
    isForeign: true,
    async write(name, content) {
      const file = join(path, name);
      const wrote = await runAsAccount(become, 'dd', [`of=${file}`, 'conv=excl', 'status=none'], content);
      if (wrote.code !== 0) throw new Error(`The account of run_as could not write ${file}: ${wrote.errors}`);
      return file;
    },
    async read(name) {
      const read = await runAsAccount(become, 'cat', ['--', join(path, name)]);
      return read.code === 0 ? read.text : undefined;
    },
    copyOut: (name, target) => copyAsAccount(become, join(path, name), target),
    async remove() {
      await runAsAccount(become, 'rm', ['-rf', '--', path]);
    },
  };
}

/**
 * A folder for one run that the account of `run_as` can read and write; undefined when that is this process's own
 * account, or when the run will be refused anyway. `makeOwn` makes the folder that Windows then opens to the account.
 */
export async function makeAccountFolder(
  account: string,
  facts: RunAsFacts,
  makeOwn: () => Promise<TemporaryFolder>,
): Promise<TemporaryFolder | undefined> {
  const plan = await planRunAs(account, facts);
  switch (plan.kind) {
    case 'setuid':
    case 'sudo':
      return makePosixFolder(plan);
    case 'task': {
      const folder = await makeOwn();
      const tool = `${process.env.SystemRoot ?? 'C:\\Windows'}\\System32\\icacls.exe`;
      const opened = await runTool(tool, icaclsAccountFolder(folder.path, plan.account));
      if (opened.code !== 0) {
        await folder.remove();
        throw new Error(`The temporary folder could not be opened to ${account}: ${opened.text}`);
      }
      return { ...folder, isForeign: true };
    }
    default:
      return undefined;
  }
}

const lookAt = `if [ -f "$1" ]; then echo file; elif [ -d "$1" ]; then echo folder; fi
if [ -f "$1" ] && [ -x "$1" ]; then echo runnable; fi`;

/**
 * The machine as an account sees it: what our own account does not see is looked at by theirs, and programs are those
 * of the system's PATH. `host` itself where there is no other account to look.
 */
export async function hostOfAccount(
  host: Host,
  account: string | undefined,
  facts: RunAsFacts,
): Promise<Host> {
  const plan = account === undefined ? undefined : await planRunAs(account, facts);
  if (plan?.kind !== 'setuid' && plan?.kind !== 'sudo') return host;
  const look = async (path: string): Promise<readonly string[]> => {
    const seen = await runAsAccount(plan, '/bin/sh', ['-c', lookAt, 'sh', path]);
    return seen.text.split('\n');
  };
  return {
    ...host,
    pathVariable: systemPath,
    async kindOf(path) {
      const own = await host.kindOf(path);
      if (own !== 'none') return own;
      const [kind] = await look(path);
      return kind === 'file' || kind === 'folder' ? kind : 'none';
    },
    async findProgram(name, pathVariable = systemPath) {
      const own = await host.findProgram(name, pathVariable);
      return own ?? (isAbsolute(name) && (await look(name)).includes('runnable') ? name : undefined);
    },
  };
}
