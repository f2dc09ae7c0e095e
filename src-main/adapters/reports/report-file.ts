import { randomUUID } from 'node:crypto';
import type { WriteStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';

/** A file that appears whole or not at all: written beside its place, synced, renamed. */
export interface ReportFile {
  readonly path: string;
  readonly out: WriteStream;
  /** Waits until `stream`, on the way to the file, has room; throws when the file can't be written. */
  room(stream: Writable): void | Promise<void>;
  /** Resolves when the file is closed; whoever calls has ended the stream. */
  closed(): Promise<void>;
  commit(): Promise<{ readonly path: string; readonly bytes: number }>;
  discard(): Promise<void>;
}

/** Whether a stream asks to wait. Those of older stream packages have no `writableNeedDrain`. */
export function needsDrain(stream: Writable): boolean {
  const { writableNeedDrain, _writableState } = stream as Writable & {
    readonly _writableState?: { readonly needDrain?: boolean };
  };
  return writableNeedDrain ?? _writableState?.needDrain ?? false;
}

/** Why a report can't be written, for the admin. */
function explain(error: unknown, path: string): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  const why: Record<string, string> = {
    EACCES: 'this program may not write there',
    EPERM: 'this program may not write there, or the file is open in another program such as Excel',
    EBUSY: 'the file is open in another program such as Excel',
    EROFS: 'the disk is read-only',
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    ENOTDIR: 'a part of its path is a file, not a folder',
    EEXIST: 'a part of its path is a file, not a folder',
    EISDIR: 'it is a folder',
    ENAMETOOLONG: 'its name is too long',
  };
  const reason = code === undefined ? message : (why[code] ?? message);
  return new Error(`The report ${path} could not be written: ${reason}${code ? ` (${code})` : ''}`, {
    cause: error,
  });
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the new name durable; Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync().catch(() => undefined);
  } finally {
    await handle.close();
  }
}

/** Makes the folders of `path` and opens the temporary file. Throws Error in plain words. */
export async function openReportFile(path: string): Promise<ReportFile> {
  const temporary = join(dirname(path), `.${basename(path).slice(0, 200)}.${randomUUID().slice(0, 8)}.part`);
  const explained = (error: unknown): never => {
    throw explain(error, path);
  };
  await mkdir(dirname(path), { recursive: true }).catch(explained);
  const kind = await stat(path).catch(() => undefined);
  if (kind?.isDirectory()) throw explain({ code: 'EISDIR' }, path);
  const handle = await open(temporary, 'wx', 0o640).catch(explained);
  const out = handle.createWriteStream();

  let failure: Error | undefined;
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined);
  out.on('error', (error) => {
    failure = explain(error, path);
    fail(failure);
  });

  return {
    path,
    out,
    room(stream) {
      if (failure) throw failure;
      if (!needsDrain(stream)) return undefined;
      const drained = new Promise<void>((resolve) => {
        stream.once('drain', resolve);
      });
      return Promise.race([failed, drained]);
    },
    async closed() {
      if (!out.closed) await Promise.race([failed, finished(out)]);
    },
    async commit() {
      try {
        await syncFile(temporary);
        const { size } = await stat(temporary);
        await rename(temporary, path);
        await syncFolder(dirname(path));
        return { path, bytes: size };
      } catch (error) {
        throw explain(error, path);
      }
    },
    async discard() {
      out.destroy();
      if (!out.closed) await finished(out).catch(() => undefined);
      await rm(temporary, { force: true });
    },
  };
}
