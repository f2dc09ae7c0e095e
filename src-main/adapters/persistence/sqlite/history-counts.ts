import { type Expression, expressionBuilder, type Kysely, type SqlBool, sql } from 'kysely';
import type { ExecutionFilter } from '../../../core/ports/store';
import type { ConditionsOf } from '../engine';
import { toText } from '../instants';
import type { Tables } from '../tables';
import { containsText } from './contains-text';

/**
 * How many rows of the history there are, by day and by what lists are filtered by. Counting a million rows takes
 * longer than a page may; adding up a few thousand sums does not. Triggers keep them within the transaction of each
 * change, whoever makes it.
 */
const table = 'history_counts';
const key = ['day', 'job_id', 'job_name', 'status', 'trigger_type'] as const;
/** The parts of a sum's key, of a row: `NEW`, `OLD`, or the table itself. */
const partsOf = (row: string): readonly string[] => [
  `substr(${row}.start_time, 1, 10)`,
  `${row}.job_id`,
  `${row}.job_name`,
  `${row}.status`,
  `COALESCE(${row}.trigger_type, '')`,
];
const same = (row: string): string =>
  key.map((name, index) => `${name} = ${partsOf(row)[index]}`).join(' AND ');
// Not an upsert: an INSERT OR IGNORE of the history would impose its own way with conflicts.
const add = `INSERT INTO ${table} (${key.join(', ')}, n) SELECT ${partsOf('NEW').join(', ')}, 0
    WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE ${same('NEW')});
  UPDATE ${table} SET n = n + 1 WHERE ${same('NEW')};`;
const subtract = `UPDATE ${table} SET n = n - 1 WHERE ${same('OLD')};
  DELETE FROM ${table} WHERE ${same('OLD')} AND n = 0;`;
const moved = key.map((_, index) => `${partsOf('OLD')[index]} IS NOT ${partsOf('NEW')[index]}`).join(' OR ');
const history = 'job_execution_history_V2';

const statements = [
  `CREATE TABLE ${table} (day TEXT NOT NULL, job_id TEXT NOT NULL, job_name TEXT NOT NULL, status TEXT NOT NULL,
     trigger_type TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (${key.join(', ')})) WITHOUT ROWID`,
  `INSERT INTO ${table} SELECT ${partsOf('h').join(', ')}, COUNT(*) FROM ${history} h GROUP BY 1, 2, 3, 4, 5`,
  `CREATE TRIGGER ${table}_insert AFTER INSERT ON ${history} BEGIN ${add} END`,
  `CREATE TRIGGER ${table}_delete AFTER DELETE ON ${history} BEGIN ${subtract} END`,
  `CREATE TRIGGER ${table}_update AFTER UPDATE ON ${history} WHEN ${moved} BEGIN ${subtract} ${add} END`,
];

const messageIndex = 'IX_job_history_message_texts';
/** What lists and charts of a long history need here; on the server they are not read. */
const indexes = [
  // A search looks into messages, which few rows have; with all that is asked of them in it no row is read in vain.
  `DROP INDEX IF EXISTS IX_job_history_messages`,
  `CREATE INDEX IF NOT EXISTS ${messageIndex} ON ${history}
     (start_time, error_message, job_id, job_name, status, trigger_type) WHERE error_message IS NOT NULL`,
  // What the dashboard counts.
  `CREATE INDEX IF NOT EXISTS IX_job_history_figures ON ${history} (start_time, status, job_id, retry_count)`,
  ...['end_time', 'duration_seconds', 'job_name', 'scheduled_time'].map(
    (column) => `CREATE INDEX IF NOT EXISTS IX_job_history_by_${column} ON ${history} (${column})`,
  ),
];

/** Makes the sums and indexes of an embedded database that has none yet; all of it or nothing. */
export async function keepHistoryCounts(db: Kysely<Tables>): Promise<void> {
  for (const statement of indexes) await sql.raw(statement).execute(db);
  const { rows } = await sql`SELECT 1 FROM sqlite_master WHERE name = ${table}`.execute(db);
  if (rows.length > 0) return;
  await db.transaction().execute(async (transaction) => {
    for (const statement of statements) await sql.raw(statement).execute(transaction);
  });
}

export const dayMs = 86_400_000;
const dayOf = (instant: number): string => toText(instant).slice(0, 10);

/** Whole days between two instants, if there are any: first day, and the day after the last. */
export function wholeDays({
  from,
  to,
}: ExecutionFilter): { readonly first?: number; readonly end?: number } | undefined {
  const first = from === undefined ? undefined : Math.ceil(from / dayMs) * dayMs;
  const end = to === undefined ? undefined : Math.floor(to / dayMs) * dayMs;
  if (first !== undefined && end !== undefined && first >= end) return undefined;
  return { ...(first === undefined ? {} : { first }), ...(end === undefined ? {} : { end }) };
}

/** Which sums belong to a filter; a search is looked for in the names alone. */
export function sumsOf(filter: ExecutionFilter, days: { first?: number; end?: number }) {
  const all = [sql<SqlBool>`1 = 1`];
  const oneOf = (column: string, values: readonly string[] | undefined) => {
    if (values?.length) all.push(sql<SqlBool>`${sql.ref(column)} IN (${sql.join(values)})`);
  };
  if (days.first !== undefined) all.push(sql<SqlBool>`day >= ${dayOf(days.first)}`);
  if (days.end !== undefined) all.push(sql<SqlBool>`day < ${dayOf(days.end)}`);
  if (filter.job_id !== undefined) all.push(sql<SqlBool>`job_id = ${filter.job_id}`);
  oneOf('status', filter.status);
  oneOf('trigger_type', filter.trigger);
  if (filter.job_type?.length)
    all.push(
      sql<SqlBool>`job_id IN (SELECT job_id FROM job_configurations WHERE job_type IN (${sql.join(filter.job_type)}))`,
    );
  if (filter.search !== undefined)
    all.push(
      sql<SqlBool>`(${containsText('job_id', filter.search)} OR ${containsText('job_name', filter.search)})`,
    );
  return sql`FROM ${sql.table(table)} WHERE ${sql.join(all, sql` AND `)}`;
}

async function sumOf(db: Kysely<Tables>, filter: ExecutionFilter, days: { first?: number; end?: number }) {
  const sums = sumsOf(filter, days);
  const { rows } = await sql<{ n: number | null }>`SELECT SUM(n) AS n ${sums}`.execute(db);
  return Number(rows[0]?.n ?? 0);
}

/** Rows of the filter, counted one by one. */
async function rowsOf(
  db: Kysely<Tables>,
  filter: ExecutionFilter,
  conditions: ConditionsOf,
): Promise<number> {
  const row = await db
    .selectFrom(history)
    .select((select) => select.fn.countAll<number>().as('total'))
    .where((where) => conditions(where, filter))
    .executeTakeFirstOrThrow();
  return Number(row.total);
}

/** FROM and WHERE of the rows of a filter whose message holds a text; by its index, which the planner does not see. */
export function withMessage(filter: ExecutionFilter, text: string, conditions: ConditionsOf) {
  const rest: Expression<SqlBool> = conditions(expressionBuilder<Tables, typeof history>(), filter);
  return sql`FROM ${sql.table(history)} INDEXED BY ${sql.raw(messageIndex)}
    WHERE error_message IS NOT NULL AND ${containsText('error_message', text)} AND ${rest}`;
}

/** The number of rows that a list's filter finds. */
export async function countHistory(
  db: Kysely<Tables>,
  filter: ExecutionFilter,
  conditions: ConditionsOf,
): Promise<number> {
  const days = wholeDays(filter);
  if (filter.planned_from !== undefined || filter.planned_to !== undefined || !days)
    return rowsOf(db, filter, conditions);
  const { from, to, search, ...rest } = filter;
  const parts = [sumOf(db, filter, days)];
  const edge = (start: number, end: number) => rowsOf(db, { ...filter, from: start, to: end }, conditions);
  if (from !== undefined && days.first !== undefined && from < days.first)
    parts.push(edge(from, Math.min(days.first, to ?? days.first)));
  if (to !== undefined && days.end !== undefined && days.end < to)
    parts.push(edge(Math.max(days.end, from ?? days.end), to));
  if (search !== undefined) {
    const within = {
      ...rest,
      ...(days.first === undefined ? {} : { from: days.first }),
      ...(days.end === undefined ? {} : { to: days.end }),
    };
    // Found by their message alone.
    const byMessage = sql<{ n: number }>`SELECT COUNT(*) AS n ${withMessage(within, search, conditions)}
      AND NOT ${containsText('job_id', search)} AND NOT ${containsText('job_name', search)}`.execute(db);
    parts.push(byMessage.then(({ rows }) => Number(rows[0]?.n ?? 0)));
  }
  return (await Promise.all(parts)).reduce((sum, part) => sum + part, 0);
}
