import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replaceSqlite } from '../../../src-main/adapters/persistence/sqlite/backup-sqlite';
import {
  openDatabase,
  type SqliteStatement,
} from '../../../src-main/adapters/persistence/sqlite/open-database';
import { openSqliteStore } from '../../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import { tempFolder } from '../../support/temp-folder';

/** Statements that are not collected, so that a closed database goes on holding its log. */
const held: SqliteStatement[] = [];

/** A database whose rows stand in its log alone. */
function makeLogged(file: string, word: string) {
  const database = openDatabase(file, 1000);
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE words (word TEXT)');
  const statement = database.prepare('INSERT INTO words VALUES (?)');
  statement.run(word);
  held.push(statement);
  return database;
}

function wordsIn(file: string): unknown[] {
  const database = openDatabase(file, 1000, true);
  try {
    return (database.prepare('SELECT word FROM words').all() as { word: string }[]).map(({ word }) => word);
  } finally {
    database.close();
  }
}

describe('an embedded database that is put elsewhere', () => {
  it('brings along what only its log holds, and so does the one that is kept', () => {
    const folder = tempFolder();
    const [file, by] = [join(folder, 'store.db'), join(folder, 'incoming.db')];
    makeLogged(file, 'before').close();
    makeLogged(by, 'after').close();
    const kept = replaceSqlite(file, by);
    expect(wordsIn(file)).toEqual(['after']);
    expect(wordsIn(kept ?? '')).toEqual(['before']);
  });

  it('is refused while somebody is in the middle of it, and nothing has changed', () => {
    const folder = tempFolder();
    const [file, by] = [join(folder, 'store.db'), join(folder, 'incoming.db')];
    makeLogged(file, 'before').close();
    const database = makeLogged(by, 'after');
    database.exec('BEGIN IMMEDIATE');
    expect(() => replaceSqlite(file, by)).toThrow(/incoming\.db is in use/);
    database.exec('ROLLBACK');
    database.close();
    expect(wordsIn(file)).toEqual(['before']);
    expect(existsSync(`${file}.incoming`)).toBe(false);
  });

  it('is whole without its log once the store was closed', async () => {
    const folder = tempFolder();
    const file = join(folder, 'store.db');
    const store = await openSqliteStore({ file });
    await store.facts.set('word', 'kept');
    await store.close();
    copyFileSync(file, join(folder, 'copy.db'));
    const copy = await openSqliteStore({ file: join(folder, 'copy.db') });
    expect(await copy.facts.get('word')).toBe('kept');
    await copy.close();
  });
});
