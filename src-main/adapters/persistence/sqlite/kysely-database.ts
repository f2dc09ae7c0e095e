import type { SqliteDatabase as KyselyDatabase, SqliteStatement as KyselyStatement } from 'kysely';
import type { SqliteDatabase, SqliteParameter, SqliteStatement } from './open-database';

const keptStatements = 300;

/**
 * Shows SQLite's own API to Kysely, which expects better-sqlite3's. Prepared statements are kept: preparing one
 * costs more than running it.
 */
export function kyselyDatabase(database: SqliteDatabase): KyselyDatabase {
  const statements = new Map<string, { statement: SqliteStatement; isReader: boolean }>();

  const prepared = (sql: string) => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    const fresh = { statement, isReader: statement.columns().length > 0 };
    if (statements.size >= keptStatements) statements.delete(statements.keys().next().value ?? '');
    statements.set(sql, fresh);
    return fresh;
  };

  return {
    close: () => database.close(),
    prepare(sql) {
      const { statement, isReader } = prepared(sql);
      const checked = (parameters: readonly unknown[]): SqliteParameter[] =>
        parameters.map((value) => {
          // The driver turns a Date into NULL without a word.
          if (value instanceof Date)
            throw new TypeError('a Date reached the database; instants are stored as text');
          if (typeof value === 'boolean') return value ? 1 : 0;
          return (value ?? null) as SqliteParameter;
        });
      const result: KyselyStatement = {
        reader: isReader,
        all: (parameters) => statement.all(...checked(parameters)),
        run: (parameters) => statement.run(...checked(parameters)),
        iterate: (parameters) => statement.iterate(...checked(parameters)),
      };
      return result;
    },
  };
}
