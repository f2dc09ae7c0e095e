import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StoreEngine } from '../../../../src-shared/model/store';

const Pending = z.object({
  to: StoreEngine,
  /** Which database it goes to, or comes from: its own mark. */
  identity: z.string(),
  since: z.string(),
});
/** A move whose setting is written: what changes until the program ends has still to be brought there. */
export type PendingMove = z.infer<typeof Pending>;

const fileIn = (dataFolder: string): string => join(dataFolder, 'store-move.json');

/** Whether there is something for `finishAtStart` to do, if only to take a file away. */
export const hasPendingMove = (dataFolder: string): boolean => existsSync(fileIn(dataFolder));

/** Undefined when no move waits for its end; a file nobody can read is as none. */
export function readPendingMove(dataFolder: string): PendingMove | undefined {
  try {
    return Pending.safeParse(JSON.parse(readFileSync(fileIn(dataFolder), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** On disk when this returns: the setting may follow. */
export function writePendingMove(dataFolder: string, pending: PendingMove): void {
  const fresh = `${fileIn(dataFolder)}.${randomUUID()}`;
  const handle = openSync(fresh, 'wx', 0o600);
  try {
    writeSync(handle, JSON.stringify(pending));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(fresh, fileIn(dataFolder));
}

export function removePendingMove(dataFolder: string): void {
  rmSync(fileIn(dataFolder), { force: true });
}
