import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import type { TemporaryFolder } from '../../core/ports/host';

/** `<pid>-<uuid>`: who made it, so that another program on the same data folder keeps its own. */
const namePattern = /^(\d+)-[0-9a-f-]{36}$/;

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Makes a private folder under `parent`. */
export async function makeTemporaryFolder(parent: string): Promise<TemporaryFolder> {
  const path = join(parent, `${process.pid}-${randomUUID()}`);
  await mkdir(path, { recursive: true, mode: 0o700 });
  return {
    path,
    isForeign: false,
    async write(name, content) {
      const file = join(path, name);
      await writeFile(file, content, { mode: 0o600, flag: 'wx' });
      return file;
    },
    read: (name) => readFile(join(path, name), 'utf8').catch(() => undefined),
    copyOut: (name, target) =>
      copyFile(join(path, name), target).then(
        () => true,
        () => false,
      ),
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/**
 * Removes what programs that ended left under `parent`: scripts and parameters are not for keeping. Call it once, at
 * the start, before anything is made. A folder whose maker's process id lives again is older than the machine's last
 * start, or waits for the next sweep. Returns how many entries went.
 */
export async function sweepTemporaryFolders(parent: string): Promise<number> {
  const bootTime = Date.now() - uptime() * 1000;
  let count = 0;
  for (const name of await readdir(parent).catch((): string[] => [])) {
    const path = join(parent, name);
    const pid = Number(namePattern.exec(name)?.[1] ?? 0);
    const info = await stat(path).catch(() => undefined);
    const isLeft = pid === 0 || pid === process.pid || !isRunning(pid) || (info?.mtimeMs ?? 0) < bootTime;
    if (!isLeft) continue;
    await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
    count += 1;
  }
  return count;
}
