import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { TemporaryFolder } from '../../core/ports/host';
import { planRunAs, type RunAs, type RunAsFacts, sudoArguments } from '../process/run-as';
import { runTool } from '../process/windows-run-as/run-tool';
import { icaclsAccountFolder } from '../process/windows-run-as/task-commands';

type Become = Extract<RunAs, { kind: 'setuid' | 'sudo' }>;

/** What a tool said and how it ended; more than this is no result of ours. */
const mostText = 4 * 1024 * 1024;

/** Runs a small tool as the account, with nothing of our environment. */
function runAsAccount(
  become: Become,
  file: string,
  args: readonly string[],
  stdin = '',
): Promise<{ readonly code: number; readonly text: string; readonly errors: string }> {
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' };
  const child =
    become.kind === 'sudo'
      ? spawn('sudo', sudoArguments(become.user, file, args, []), { env, cwd: '/' })
      : spawn(file, [...args], { env, cwd: '/', uid: become.uid, gid: become.gid });
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
