import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ManagedFolder, ManagedFolders } from '../../core/ports/managed-folders';

const marker = '.complete';
/** Whoever makes a folder touches its lock this often; a lock older than `staleMs` has lost its owner. */
const beatMs = 2000;
const staleMs = 20_000;
const pollMs = 250;
const dayMs = 24 * 60 * 60 * 1000;

/** Waits, or less when the signal aborts. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}

/** Takes a lock file that other processes see too; undefined while someone else has it. */
async function takeLock(path: string): Promise<{ release(): Promise<void> } | undefined> {
  try {
    const handle = await open(path, 'wx', 0o600);
    await handle.writeFile(String(process.pid));
    await handle.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now());
    if (age > staleMs) await rm(path, { force: true });
    return undefined;
  }
  const beat = setInterval(() => {
    const now = new Date();
    void utimes(path, now, now).catch(() => undefined);
  }, beatMs);
  beat.unref();
  return {
    async release() {
      clearInterval(beat);
      await rm(path, { force: true });
    },
  };
}

/** Keeps managed folders under `folder`. One that no run has used for `keepDays` goes when another is made. */
export function createManagedFolders(options: {
  readonly folder: string;
  readonly keepDays?: number;
}): ManagedFolders {
  const { folder: root, keepDays = 90 } = options;
  /** The last one in line for each folder, in this process. */
  const lines = new Map<string, Promise<unknown>>();

  const removeUnused = async (current: string): Promise<void> => {
    for (const name of await readdir(root).catch((): string[] => [])) {
      const path = join(root, name);
      if (path === current || name.endsWith('.lock')) continue;
      const used = await stat(join(path, marker)).catch(() => undefined);
      if (used && Date.now() - used.mtimeMs > keepDays * dayMs)
        await rm(path, { recursive: true, force: true });
    }
  };

  const isComplete = async (path: string): Promise<boolean> => {
    const now = new Date();
    // Touched at each use, so that the unused ones can be told.
    return utimes(join(path, marker), now, now).then(
      () => true,
      () => false,
    );
  };

  const makeOnce = async (
    path: string,
    { content, make, onWait, signal }: Parameters<ManagedFolders['ensure']>[0],
  ): Promise<ManagedFolder> => {
    await mkdir(root, { recursive: true, mode: 0o700 });
    for (let round = 0; ; round += 1) {
      if (signal.aborted) return { kind: 'ended' };
      if (await isComplete(path)) return { kind: 'ready', path, isNew: false };
      const lock = await takeLock(`${path}.lock`);
      if (!lock) {
        if (round === 0) onWait?.();
        await pause(pollMs, signal);
        continue;
      }
      try {
        // Someone may have finished it between the look and the lock.
        if (await isComplete(path)) return { kind: 'ready', path, isNew: false };
        await rm(path, { recursive: true, force: true, maxRetries: 3 });
        await mkdir(path, { mode: 0o700 });
        const reason = await make(path);
        if (reason === undefined && !signal.aborted) {
          await writeFile(join(path, marker), content, { mode: 0o600 });
          await removeUnused(path);
          return { kind: 'ready', path, isNew: true };
        }
        await rm(path, { recursive: true, force: true, maxRetries: 3 });
        return signal.aborted ? { kind: 'ended' } : { kind: 'failed', reason: reason ?? 'ended' };
      } finally {
        await lock.release();
      }
    }
  };

  return {
    async ensure(request) {
      const path = join(root, createHash('sha256').update(request.content).digest('hex').slice(0, 20));
      const ahead = lines.get(path);
      if (ahead && !(await isComplete(path))) request.onWait?.();
      const mine = (async () => {
        const aborted = new Promise<void>((resolve) => {
          request.signal.addEventListener('abort', () => resolve(), { once: true });
        });
        await Promise.race([ahead, aborted]);
        return makeOnce(path, { ...request, onWait: ahead ? undefined : request.onWait });
      })();
      const settled = mine.catch(() => undefined);
      lines.set(path, settled);
      void settled.then(() => {
        if (lines.get(path) === settled) lines.delete(path);
      });
      return mine;
    },
  };
}
