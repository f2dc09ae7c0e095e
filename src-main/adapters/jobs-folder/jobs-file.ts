import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import type { JobsFile } from '../../core/ports/jobs-file';

const largest = 20 * 1024 * 1024;

/** The file named by --config. */
export function createJobsFile(path: string): JobsFile {
  const absolute = resolve(path);
  return {
    path: absolute,
    async read() {
      try {
        const info = await stat(absolute);
        if (!info.isFile()) throw new AppError('unavailable', `${absolute} is not a file`);
        if (info.size > largest)
          throw new AppError(
            'unavailable',
            `${absolute} holds ${info.size} bytes; expected at most ${largest}`,
          );
        return await readFile(absolute, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        if (error instanceof AppError) throw error;
        throw new AppError('unavailable', `${absolute} can't be read: ${(error as Error).message}`, {
          cause: error,
        });
      }
    },
  };
}
