import { chmodSync, copyFileSync, existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { AppError } from '../../../../src-shared/errors';
import { openDatabase } from './open-database';

/** Throws `unavailable` unless the file is a whole database of this program; how many jobs and runs it holds. */
export function inspectSqlite(file: string): { readonly jobs: number; readonly executions: number } {
  if (!existsSync(file)) throw new AppError('not_found', `There is no file ${file}`);
  const database = openDatabase(file, 5000, true);
  try {
    const [check] = database.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[];
    if (check?.integrity_check !== 'ok')
      throw new AppError('unavailable', `${file} is damaged: ${check?.integrity_check}`);
    const count = (table: string) =>
      Number((database.prepare(`SELECT COUNT(*) AS n FROM ${table}`).all()[0] as { n: number }).n);
    return { jobs: count('job_configurations'), executions: count('job_execution_history_V2') };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      'unavailable',
      `${file} is not a database of this program: ${error instanceof Error ? error.message : error}`,
      { cause: error },
    );
  } finally {
    database.close();
  }
}

/** What stands in a database sealed with the key of its data folder. */
export interface SealedValue {
  readonly kind: 'secret' | 'password' | 'audit';
  /** Of the secret, or of the connection whose password it is. */
  readonly name: string;
  readonly value: string;
}

/** Every sealed value in a database file, as it stands there. */
export function sealedValues(file: string): SealedValue[] {
  const database = openDatabase(file, 5000, true);
  try {
    const rows = (kind: SealedValue['kind'], sql: string) =>
      (database.prepare(sql).all() as { name: string; value: string }[]).map((row) => ({ kind, ...row }));
    const isThere = (table: string) =>
      database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?").all(table).length >
      0;
    return [
      ...(isThere('secrets') ? rows('secret', 'SELECT name, value FROM secrets') : []),
      ...(isThere('user_connections')
        ? rows(
            'password',
            "SELECT connection_id AS name, password AS value FROM user_connections WHERE password <> ''",
          )
        : []),
      ...(isThere('facts') ? rows('audit', "SELECT name, value FROM facts WHERE name = 'audit_head'") : []),
    ];
  } finally {
    database.close();
  }
}

/**
 * Writes a whole copy of a database as it is at this moment, whoever else writes to it. The file appears when it is
 * complete, or not at all. Refuses to write over one that is there.
 */
export function copySqlite(file: string, to: string): void {
  if (!existsSync(file)) throw new AppError('not_found', `There is no embedded store ${file}`);
  if (existsSync(to)) throw new AppError('conflict', `${to} exists already; name another file`);
  const part = `${to}.part`;
  rmSync(part, { force: true });
  const database = openDatabase(file, 30_000, true);
  try {
    // SQLite writes into an empty file that is there: nobody else can ever read this one.
    writeFileSync(part, '', { mode: 0o600, flag: 'wx' });
    database.prepare('VACUUM INTO ?').run(part);
    renameSync(part, to);
  } catch (error) {
    rmSync(part, { force: true });
    throw new AppError(
      'unavailable',
      `The copy ${to} can't be written: ${error instanceof Error ? error.message : error}`,
      { cause: error },
    );
  } finally {
    database.close();
  }
}

/**
 * Brings into a database file what its write-ahead log still holds. A closed connection may leave that to the next one:
 * @photostructure/sqlite really lets go of a file only when its statements have been collected. Throws `unavailable`
 * while somebody else is in the middle of reading or writing it.
 */
function takeInLog(file: string): void {
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false });
  if (!log || log.size === 0) return;
  const database = openDatabase(file, 2000);
  try {
    const [done] = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all() as { busy: number }[];
    if (done?.busy !== 0) throw new AppError('unavailable', `${file} is in use; close what works with it`);
  } finally {
    database.close();
  }
}

/** A name that is free, for a file that a restored one takes the place of. */
export function nameOfOld(file: string): string {
  const name = `${file}.before-restore-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}`;
  let free = name;
  for (let count = 2; existsSync(free); count += 1) free = `${name}-${count}`;
  return free;
}

/**
 * Puts a copy in the place of a database that nobody has open; the one before is kept, and its new name returned.
 * Throws `unavailable` when one of the two is still in use: then nothing has changed.
 */
export function replaceSqlite(file: string, by: string): string | undefined {
  const incoming = `${file}.incoming`;
  takeInLog(by);
  copyFileSync(by, incoming);
  chmodSync(incoming, 0o600);
  let kept: string | undefined;
  if (existsSync(file)) {
    takeInLog(file);
    kept = nameOfOld(file);
    renameSync(file, kept);
    for (const tail of ['-wal', '-shm']) rmSync(file + tail, { force: true });
  }
  renameSync(incoming, file);
  return kept;
}
