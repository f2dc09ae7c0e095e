import { createRequire } from 'node:module';

/** The part of SQLite's own Node API that is used here; node:sqlite and @photostructure/sqlite both have it. */
export interface SqliteDatabase {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): void;
  close(): void;
}

export type SqliteParameter = null | number | bigint | string | Uint8Array;

export interface SqliteStatement {
  all(...parameters: SqliteParameter[]): unknown[];
  run(...parameters: SqliteParameter[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  iterate(...parameters: SqliteParameter[]): IterableIterator<unknown>;
  columns(): { name: string; type?: string | null }[];
}

interface SqliteModule {
  readonly DatabaseSync: new (
    file: string,
    options?: { timeout?: number; readOnly?: boolean },
  ) => SqliteDatabase;
}

/** Node has its own SQLite from 22.13 on; before that the same API comes from a package. */
function sqliteModule(): SqliteModule {
  const require = createRequire(import.meta.url);
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const hasOwn = major > 22 || (major === 22 && minor >= 13);
  return require(hasOwn ? 'node:sqlite' : '@photostructure/sqlite') as SqliteModule;
}

/** Opens a database file; `busyMs` is how long to wait for another connection's lock. */
export function openDatabase(file: string, busyMs: number, readOnly = false): SqliteDatabase {
  const { DatabaseSync } = sqliteModule();
  return new DatabaseSync(file, { timeout: busyMs, readOnly });
}
