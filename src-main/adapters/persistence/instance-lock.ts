import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import { openDatabase, type SqliteDatabase } from './sqlite/open-database';

/** What the holder of a data folder tells others of itself. */
export interface InstanceInfo {
  readonly pid: number;
  readonly started: string;
  readonly mode: 'scheduler' | 'web' | 'both' | 'desktop';
  /** Where another process of this machine can reach its API without the network; only in mode scheduler. */
  readonly socket?: string;
  /** Where its API is served; the command line finds it here. */
  readonly address?: string;
}

export interface InstanceLock {
  /** Tells others more of the holder than was known when it took the folder. */
  tell(more: Partial<InstanceInfo>): void;
  release(): void;
}

const infoFile = (folder: string): string => join(folder, 'instance.json');

/** What the current or last holder wrote; undefined when there is none that can be read. */
export function readInstanceInfo(folder: string): InstanceInfo | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(infoFile(folder), 'utf8'));
    return typeof value === 'object' && value !== null && 'pid' in value
      ? (value as InstanceInfo)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Step by step: Node's own recursive mkdir never returns for a place such as /proc/x. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  mkdirSync(folder, { mode: 0o700 });
}

function prepareFolder(folder: string): void {
  try {
    makeFolder(folder);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('unavailable', `The data folder ${folder} can't be used: ${reason}`, { cause: error });
  }
}

/**
 * Takes the data folder for this process. A second copy is refused with AppError `conflict`. The lock is one of
 * the operating system's (SQLite's, on a file of its own), so it ends with its process however that ends, and a
 * process that got the same id afterwards holds nothing.
 */
export function acquireInstanceLock(folder: string, info: InstanceInfo): InstanceLock {
  prepareFolder(folder);
  const file = join(folder, 'instance.lock');
  let database: SqliteDatabase | undefined;
  try {
    database = openDatabase(file, 0);
    database.exec('BEGIN EXCLUSIVE');
    writeFileSync(infoFile(folder), `${JSON.stringify(info)}\n`);
  } catch (error) {
    database?.close();
    const text = error instanceof Error ? error.message : String(error);
    if (!/locked|busy/i.test(text)) {
      throw new AppError('unavailable', `The data folder ${folder} can't be locked: ${text}`, {
        cause: error,
      });
    }
    const holder = readInstanceInfo(folder);
    const who = holder ? `process ${holder.pid} (started ${holder.started})` : 'another process';
    const pages = holder?.address === undefined ? '' : `, whose pages are at ${holder.address}`;
    throw new AppError(
      'conflict',
      `The data folder ${folder} is in use by ${who}${pages}; stop it, or name another with --data`,
    );
  }
  const held = database;
  let isReleased = false;
  let told = info;
  return {
    tell(more) {
      told = { ...told, ...more };
      writeFileSync(infoFile(folder), `${JSON.stringify(told)}\n`);
    },
    release() {
      if (isReleased) return;
      isReleased = true;
      rmSync(infoFile(folder), { force: true });
      held.exec('ROLLBACK');
      held.close();
    },
  };
}
