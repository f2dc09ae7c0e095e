import { closeSync, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import type { SqliteDatabase } from './open-database';

const syncFile = promisify(fdatasync);

/** Brings commits to the disk off the main thread. */
export interface DiskSync {
  /** Does work whose commits do not wait for the disk; nobody else may use the connection meanwhile. */
  withoutWaiting<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when everything committed before this call has reached the disk; rejects when the disk refused it. */
  onDisk(): Promise<void>;
  /** Waits for what is under way and lets go of the file. */
  close(): Promise<void>;
}

/**
 * With `synchronous = FULL` SQLite itself waits for the disk at the end of each commit, and every other work of the
 * program with it. With `NORMAL` it leaves the write-ahead log to the system (a crash of the program loses nothing, a
 * power cut the newest commits) and still syncs it before each checkpoint and at each new beginning
 * (https://www.sqlite.org/pragma.html#pragma_synchronous). So a commit under NORMAL, followed by fdatasync(2) of the log
 * before anybody is told, promises as much as FULL. Undefined where there is no such log to be had: in memory, say.
 */
export function createDiskSync(database: SqliteDatabase, file: string): DiskSync | undefined {
  let log: number;
  try {
    // It lives as long as the connection: once opened it stays the same file.
    log = openSync(`${file}-wal`, 'r+');
  } catch {
    return undefined;
  }
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  const begin = async () => {
    try {
      await syncFile(log);
    } finally {
      running = undefined;
    }
  };
  const start = () => {
    running = begin();
    return running;
  };

  return {
    async withoutWaiting(work) {
      database.exec('PRAGMA synchronous = NORMAL');
      try {
        return await work();
      } finally {
        database.exec('PRAGMA synchronous = FULL');
      }
    },
    onDisk() {
      if (!running) return start();
      // What runs now may have begun before the commit: the one after it has it for sure, and serves all who wait.
      next ??= running
        .catch(() => undefined)
        .then(() => {
          next = undefined;
          return start();
        });
      return next;
    },
    async close() {
      await next?.catch(() => undefined);
      await running?.catch(() => undefined);
      closeSync(log);
    },
  };
}
