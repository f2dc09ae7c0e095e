import { statSync } from 'node:fs';

/** Why a process never began, as the system's code and as a sentence for the admin. */
export function describeSpawnFailure(
  error: NodeJS.ErrnoException,
  file: string,
  cwd: string | undefined,
): { readonly code: string; readonly reason: string } {
  const code = error.code ?? 'UNKNOWN';
  const isFolderMissing = (() => {
    if (cwd === undefined) return false;
    try {
      return !statSync(cwd).isDirectory();
    } catch {
      return true;
    }
  })();
  if (isFolderMissing) {
    return { code, reason: `The working directory ${cwd} does not exist or is no folder` };
  }
  // An encoding there is none of: our own message, and nothing of the program's.
  if (error instanceof RangeError) return { code: 'EINVAL', reason: error.message };
  switch (code) {
    case 'FOLDER':
      return {
        code: 'EACCES',
        reason: `The working directory ${cwd} does not exist, or this user may not enter it`,
      };
    case 'ENOENT':
      return { code, reason: `The program "${file}" was not found; give its full path, or check PATH` };
    case 'EACCES':
    case 'EPERM':
      return {
        code,
        reason: `"${file}" may not be run by this user (${code}); check its rights and that it is a program`,
      };
    case 'EMFILE':
    case 'ENFILE':
      return {
        code,
        reason: `The system has no free file handles left to start "${file}" (${code}); try fewer runs at once`,
      };
    case 'EAGAIN':
    case 'ENOMEM':
      return { code, reason: `The system has no room for another process (${code}) to start "${file}"` };
    case 'E2BIG':
      return {
        code,
        reason: `The arguments and environment for "${file}" are longer than the system allows`,
      };
    case 'ENOEXEC':
      return {
        code,
        reason: `"${file}" is not a program this system can run; a script needs its interpreter`,
      };
    case 'ERR_INVALID_ARG_VALUE':
      return {
        code,
        reason: 'A NUL character stands in the program, its arguments or its environment; none can hold one',
      };
    default:
      return { code, reason: `"${file}" could not be started: ${error.message}` };
  }
}
