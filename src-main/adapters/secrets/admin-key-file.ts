import { lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { AppError } from '../../../src-shared/errors';

/**
 * Keeps the administrator key where only its owner can read it; the command line finds it there. Created
 * exclusively with mode 0600. Throws `unavailable` when something else stands in its place.
 */
export function writeAdminKeyFile(file: string, key: string): void {
  try {
    writeFileSync(file, `${key}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new AppError('unavailable', `The key file ${file} can't be written: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** The key in the file; undefined when there is none. Throws `unavailable` for a link or a file others can read. */
export function readAdminKeyFile(file: string): string | undefined {
  let info: ReturnType<typeof lstatSync>;
  try {
    info = lstatSync(file);
  } catch {
    return undefined;
  }
  if (!info.isFile()) throw new AppError('unavailable', `The key file ${file} is not a plain file`);
  if (process.platform !== 'win32' && (info.mode & 0o077) !== 0) {
    throw new AppError(
      'unavailable',
      `The key file ${file} can be read by others; make it private: chmod 600 ${file}`,
    );
  }
  return readFileSync(file, 'utf8').trim();
}
