import { childEnvironment, neutralEnvironment } from './child-environment';
import type { RunAs } from './run-as';
import type { StartCommand } from './started-process';

/**
 * sudo's arguments: nothing is asked (-n), and of the environment exactly these variables are handed on, by name: a
 * value in the command line could be read by everybody.
 */
export function sudoArguments(
  user: string,
  file: string,
  args: readonly string[],
  variables: readonly string[],
): string[] {
  const names = variables.filter((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  return ['-n', '-u', user, `--preserve-env=${names.join(',')}`, '--', file, ...args];
}

/** Carries a job's own PATH past sudo, which puts its `secure_path` in the place of PATH. */
const pathCarrier = 'JOB_SCHEDULER_PATH';
const noFolder = 'job-scheduler: no such folder';

/** What the account's shell does first: the folder may be one that only the account can enter. */
const beginning = `cd -- "$1" 2>/dev/null || { echo '${noFolder}' >&2; exit 125; }
[ -z "$${pathCarrier}" ] || export PATH="$${pathCarrier}"
unset ${pathCarrier}
shift
exec "$@"`;

/** A program as sudo is to run it: in its folder, with its variables and its PATH. The arguments stay arguments. */
export function sudoCommand(
  user: string,
  command: { readonly file: string; readonly args: readonly string[] },
  cwd: string,
  variables: Readonly<Record<string, string>>,
): { readonly args: string[]; readonly env: Readonly<Record<string, string>> } {
  const { PATH, ...others } = variables;
  const env = { ...others, ...(PATH === undefined ? {} : { [pathCarrier]: PATH }) };
  const line = ['-c', beginning, 'sh', cwd, command.file, ...command.args];
  return { args: sudoArguments(user, '/bin/sh', line, Object.keys(env)), env };
}

/**
 * The system's code when the account's shell, or setpriv, could not begin the program itself. They say so by their
 * exit code and their last words; undefined when the program ran.
 */
export function foreignStartFailure(code: number, lastError: string | undefined): string | undefined {
  if (lastError === undefined) return undefined;
  if (code === 125 && lastError === noFolder) return 'FOLDER';
  const isTheirs = /^(\S*sh: .*exec: |setpriv: failed to execute )/.test(lastError);
  if (!isTheirs || (code !== 126 && code !== 127)) return undefined;
  return code === 127 ? 'ENOENT' : 'EACCES';
}

/** setpriv's arguments: to become a user with all of its groups, which Node's own way drops. */
export function setprivArguments(
  { uid, gid }: { readonly uid: number; readonly gid: number },
  file: string,
  args: readonly string[],
): string[] {
  return ['--reuid', String(uid), '--regid', String(gid), '--init-groups', '--', file, ...args];
}

/** What is really started so that it becomes this command as that account. `own` are the run's variables. */
export function commandAs(
  runAs: RunAs,
  command: { readonly file: string; readonly args: readonly string[] },
  own: Readonly<Record<string, string>>,
  cwd: string | undefined,
  inherited: Readonly<Record<string, string>>,
): Pick<StartCommand, 'file' | 'args' | 'env'> & { readonly cwd: string | undefined } {
  if (runAs.kind === 'sudo') {
    const { args, env } = sudoCommand(runAs.user, command, cwd ?? '/', own);
    return { file: 'sudo', args, env: { ...inherited, ...env }, cwd: '/' };
  }
  const { file, args } = command;
  if (runAs.kind !== 'setuid')
    return { file, args, env: childEnvironment(inherited, own, process.platform), cwd };
  const env = childEnvironment(neutralEnvironment(inherited), own, process.platform);
  return runAs.hasGroups
    ? { file: 'setpriv', args: setprivArguments(runAs, file, args), env, cwd }
    : { file, args, env, cwd };
}
