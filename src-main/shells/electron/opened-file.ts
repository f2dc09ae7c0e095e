import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { OpenedFile } from '../../../src-shared/desktop-contract';

/** As much as the import takes. */
const largest = 10 * 1024 * 1024;

/** A `.job.yaml` somebody opened, kept until the window asks for it: it is shown in the import's preview, never saved from here. */
export interface OpenedFiles {
  offer(file: string): void;
  /** The newest one, once; null when there is none. A file that can't be read is told by its problem. */
  take(): Promise<OpenedFile | null>;
}

async function read(file: string): Promise<OpenedFile> {
  const name = basename(file);
  try {
    const handle = await open(file, 'r');
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) return { name, yaml: null, problem: `${file} is no file` };
      if (stat.size > largest)
        return { name, yaml: null, problem: `${name} has ${stat.size} bytes; expected at most 10 MB` };
      return { name, yaml: await handle.readFile('utf8'), problem: null };
    } finally {
      await handle.close();
    }
  } catch (error) {
    return { name, yaml: null, problem: `${file} can't be read: ${(error as Error).message}` };
  }
}

export function createOpenedFiles(): OpenedFiles {
  let offered: string | undefined;
  return {
    offer(file) {
      offered = file;
    },
    async take() {
      const file = offered;
      offered = undefined;
      return file === undefined ? null : read(file);
    },
  };
}

/** The page that shows it. */
export const openedPath = '/jobs?import=open&from=file';
