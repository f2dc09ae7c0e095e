import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Where `--mode scheduler` can be reached by `--mode web` on the same data: a pipe on Windows, else a socket file.
 * Socket paths are limited to about 100 bytes, which a data folder's may exceed.
 */
export function controlSocket(dataFolder: string): string {
  const name = createHash('sha256').update(dataFolder).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\job-scheduler-${name}`;
  const inData = join(dataFolder, 'control.sock');
  return inData.length < 100 ? inData : join(tmpdir(), `job-scheduler-${name}.sock`);
}
