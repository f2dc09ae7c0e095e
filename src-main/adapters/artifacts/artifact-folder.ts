import { constants, mkdirSync, readdirSync } from 'node:fs';
import { copyFile, lstat, mkdir, open, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isArtifactName } from '../../../src-shared/model/artifact';
import type { Artifact, ArtifactStore } from '../../core/ports/artifact-store';

const mebibyte = 1024 * 1024;
/** More files than this are there, but not listed. */
const mostListed = 1000;

/** Keeps artifacts in `<folder>/<id / 1000>/exec_<id>/`, plain files side by side; folders inside are not shown. */
export function createArtifactFolder(options: {
  readonly folder: string;
  /** Largest file that `keep` copies. */
  readonly capBytes?: number;
}): ArtifactStore {
  const { capBytes = 200 * mebibyte } = options;
  /** Empty folders on their way out, one after the other. */
  let removing: Promise<unknown> = Promise.resolve();
  const folderOf = (execution_id: number) =>
    join(options.folder, String(Math.floor(execution_id / 1000)), `exec_${execution_id}`);

  const list = async (execution_id: number): Promise<Artifact[]> => {
    const folder = folderOf(execution_id);
    const found: Artifact[] = [];
    const names = await readdir(folder).catch((): string[] => []);
    for (const name of names.sort()) {
      if (found.length >= mostListed) break;
      if (!isArtifactName(name)) continue;
      const info = await lstat(join(folder, name)).catch(() => undefined);
      if (info?.isFile()) found.push({ name, bytes: info.size, modified: Math.round(info.mtimeMs) });
    }
    return found;
  };

  return {
    list,
    async open(execution_id) {
      const folder = folderOf(execution_id);
      // Every run comes by here: these two calls take less time than handing them to another thread.
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return folder;
    },
    async keep(execution_id, name, path) {
      if (!isArtifactName(name)) return { refused: `"${name}" is not a name for a file` };
      const info = await lstat(path).catch(() => undefined);
      if (!info?.isFile()) return { refused: `${path} is not a plain file` };
      if (info.size > capBytes)
        return { refused: `${path} has ${info.size} bytes; at most ${capBytes} are kept as an artifact` };
      const target = join(folderOf(execution_id), name);
      await mkdir(folderOf(execution_id), { recursive: true, mode: 0o700 });
      await rm(target, { force: true });
      await copyFile(path, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      return { name, bytes: info.size, modified: Math.round(info.mtimeMs) };
    },
    async close(execution_id) {
      // Refused while anything is inside: that is the point.
      const folder = folderOf(execution_id);
      const isEmpty = (() => {
        try {
          return readdirSync(folder).length === 0;
        } catch {
          return true;
        }
      })();
      if (!isEmpty) return list(execution_id);
      // Nobody waits for it: while the store writes, a file system may take milliseconds for this.
      removing = removing.then(() => rmdir(folder).catch(() => undefined));
      return [];
    },
    async read(execution_id, name) {
      if (!isArtifactName(name)) return undefined;
      const path = join(folderOf(execution_id), name);
      const info = await lstat(path).catch(() => undefined);
      if (!info?.isFile()) return undefined;
      const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(
        () => undefined,
      );
      if (!handle) return undefined;
      const { size } = await handle.stat();
      return { bytes: size, content: handle.createReadStream({ end: Math.max(0, size - 1) }) };
    },
    async remove(execution_ids) {
      for (const execution_id of execution_ids)
        await rm(folderOf(execution_id), { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
