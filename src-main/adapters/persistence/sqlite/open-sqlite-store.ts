import { Kysely, SqliteDialect } from 'kysely';
import { AppError } from '../../../../src-shared/errors';
import type { Store } from '../../../core/ports/store';
import type { Engine } from '../engine';
import { migrateToLatest } from '../migrations/migrate';
import { createStore } from '../store';
import type { Tables } from '../tables';
import { createDiskSync, type DiskSync } from './disk-sync';
import { withGroupCommit } from './group-commit';
import { keepHistoryCounts } from './history-counts';
import { kyselyDatabase } from './kysely-database';
import { openDatabase, type SqliteDatabase } from './open-database';
import { sqliteEngine } from './sqlite-engine';

const busyMs = 5000;
/** Least time between two commits that wait for a disk: what comes in meanwhile shares the next one. */
const commitSpacingMs = 8;

function describe(error: unknown, file: string): string {
  const text = error instanceof Error ? error.message : String(error);
  if (/not a database/i.test(text))
    return `${file} is not a SQLite database; move it away, or name another folder with --data`;
  if (/malformed|corrupt/i.test(text))
    return `${file} is damaged (${text}); restore a backup, or move it away to start anew`;
  if (/locked|busy/i.test(text)) return `${file} is locked by another program`;
  if (/readonly|read-only|unable to open|permission|EACCES/i.test(text)) {
    return `${file} can't be opened for writing; check the rights of the file and its folder (${text})`;
  }
  if (/full/i.test(text)) return `The disk of ${file} is full`;
  return `${file} can't be opened: ${text}`;
}

/** An embedded database whose tables are up to date. */
export interface OpenSqlite {
  readonly db: Kysely<Tables>;
  /** How its commits reach the disk; undefined where SQLite itself waits for the disk. */
  readonly disk: DiskSync | undefined;
  close(): Promise<void>;
}

/**
 * Opens (or creates) an embedded database and brings its tables up to date. Throws AppError `unavailable` with what
 * to do about it.
 */
export async function openSqlite({ file }: { readonly file: string }): Promise<OpenSqlite> {
  let database: SqliteDatabase | undefined;
  try {
    database = openDatabase(file, busyMs);
    // FULL: an acknowledged write survives a power cut, not only a crash.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
    database.exec(
      'PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864;',
    );
    const opened = database;
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: kyselyDatabase(opened) }) });
    await migrateToLatest(db);
    await keepHistoryCounts(db);
    const disk = createDiskSync(opened, file);
    const close = async () => {
      await disk?.close();
      try {
        // The file alone is whole then: whoever copies it, or puts it elsewhere, needs no log beside it.
        opened.exec('PRAGMA busy_timeout = 1000; PRAGMA wal_checkpoint(TRUNCATE);');
      } catch {
        // Somebody reads it just now, or the disk is full: the log keeps what the file has not.
      }
      await db.destroy();
    };
    return { db, disk, close };
  } catch (error) {
    try {
      database?.close();
    } catch {
      // It never opened whole.
    }
    if (error instanceof AppError) throw error;
    throw new AppError('unavailable', describe(error, file), { cause: error });
  }
}

/** The store over an open embedded database; `close` is called once nothing waits any more. */
export function storeOver(
  { db, disk, close }: OpenSqlite,
  spacingMs = commitSpacingMs,
  engine: Engine = sqliteEngine,
): Store {
  return withGroupCommit(createStore(db, engine, close), db, { spacingMs, engine, disk });
}

/** The embedded store. Throws AppError `unavailable`. */
export async function openSqliteStore({ file }: { readonly file: string }): Promise<Store> {
  return storeOver(await openSqlite({ file }), file === ':memory:' ? 0 : commitSpacingMs);
}
