import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A file that appears whole or not at all: written beside its place, synced, renamed (targets.md, "torn files"). */
export interface ReportFile {
  readonly temporary: string;
  commit(): Promise<{ readonly path: string; readonly bytes: number }>;
  discard(): Promise<void>;
}

export async function openReportFile(path: string): Promise<ReportFile> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}.part`);
  return {
    temporary,
    async commit() {
      const handle = await open(temporary, 'r+');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
      const { size } = await stat(temporary);
      await rename(temporary, path);
      return { path, bytes: size };
    },
    discard: () => rm(temporary, { force: true }),
  };
}
