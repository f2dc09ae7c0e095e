/** How a line is handed to the system's shell. */
export interface ShellCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** Windows: the arguments are the command line already. */
  readonly isVerbatim: boolean;
}

/**
 * A shell line (`shell: true` in the job). Arguments become `$1`, `$2`, ... of a POSIX shell, so that no value is
 * ever pasted into the line; cmd.exe has no such thing, so there are none with it.
 */
export function shellCommand(
  line: string,
  args: readonly string[],
  platform: string,
  comspec: string,
): ShellCommand | { readonly reason: string } {
  if (platform !== 'win32') return { file: '/bin/sh', args: ['-c', line, 'sh', ...args], isVerbatim: false };
  if (args.length > 0) {
    return {
      reason: 'cmd.exe takes no arguments beside a shell line; pass values in environment, as %NAME%',
    };
  }
  if (/[\r\n]/.test(line))
    return { reason: 'A shell line for cmd.exe must be one line; use a .bat file for more' };
  return { file: comspec, args: ['/d', '/s', '/c', `"${line}"`], isVerbatim: true };
}
