import { sql } from 'kysely';
import type { Engine } from '../engine';
import { containsText } from './contains-text';
import { countHistory } from './history-counts';
import { narrowPage } from './history-pages';

/** SQLite's answers to what the engines do differently. */
export const sqliteEngine: Engine = {
  async insertReturningId(db, values) {
    const result = await db.insertInto('job_execution_history_V2').values(values).executeTakeFirstOrThrow();
    return Number(result.insertId);
  },
  page: (query, limit, offset) => query.limit(limit).offset(offset),
  hourOf: (column) => sql<string>`substr(${sql.ref(column)}, 1, 13)`,
  grouped: (column) => sql<string>`+${sql.ref(column)}`,
  contains: containsText,
  countHistory,
  narrowPage,
  isUniqueViolation: (error) =>
    error instanceof Error && /UNIQUE constraint failed|constraint failed/i.test(error.message),
};
