import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely';
import type { ExecutionFilter, ExecutionSortKey, Page } from '../../../core/ports/store';
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
  // A search looks into messages, which few rows have.
  `CREATE INDEX IF NOT EXISTS IX_job_history_messages ON ${history} (start_time) WHERE error_message IS NOT NULL`,
];

/** Makes the sums of an embedded database that has none yet; all of it or nothing. */
export async function keepHistoryCounts(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql`SELECT 1 FROM sqlite_master WHERE name = ${table}`.execute(db);
  if (rows.length > 0) return;
  await db.transaction().execute(async (transaction) => {
    for (const statement of statements) await sql.raw(statement).execute(transaction);
  });
}

type Where = ExpressionBuilder<Tables, typeof history>;
const dayMs = 86_400_000;
const dayOf = (instant: number): string => toText(instant).slice(0, 10);

/** Whole days between two instants, if there are any: first day, and the day after the last. */
function wholeDays({
  from,
  to,
}: ExecutionFilter): { readonly first?: number; readonly end?: number } | undefined {
  const first = from === undefined ? undefined : Math.ceil(from / dayMs) * dayMs;
  const end = to === undefined ? undefined : Math.floor(to / dayMs) * dayMs;
  if (first !== undefined && end !== undefined && first >= end) return undefined;
  return { ...(first === undefined ? {} : { first }), ...(end === undefined ? {} : { end }) };
}

/** Which sums belong to a filter; a search is looked for in the names alone. */
function sumsOf(filter: ExecutionFilter, days: { first?: number; end?: number }) {
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
  also?: (where: Where) => Expression<SqlBool>,
): Promise<number> {
  const row = await db
    .selectFrom(history)
    .select((select) => select.fn.countAll<number>().as('total'))
    .where((where) => where.and([conditions(where, filter), ...(also ? [also(where)] : [])]))
    .executeTakeFirstOrThrow();
  return Number(row.total);
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
  if (search !== undefined)
    // Found by their message alone.
    parts.push(
      rowsOf(
        db,
        {
          ...rest,
          ...(days.first === undefined ? {} : { from: days.first }),
          ...(days.end === undefined ? {} : { to: days.end }),
        },
        conditions,
        (where) =>
          where.and([
            where('error_message', 'is not', null),
            containsText('error_message', search),
            where.not(containsText('job_id', search)),
            where.not(containsText('job_name', search)),
          ]),
      ),
    );
  return (await Promise.all(parts)).reduce((sum, part) => sum + part, 0);
}

/** Pages that begin further back than this are worth the question. */
const deepOffset = 3000;

/** A deep page of the history by time: the day it begins in, and how far into it, so that nothing before is stepped over. */
export async function skipDays(
  db: Kysely<Tables>,
  filter: ExecutionFilter,
  page: Page<ExecutionSortKey>,
): Promise<{ readonly filter: ExecutionFilter; readonly offset: number }> {
  const { offset, sort, descending } = page;
  const { from, to, search, planned_from, planned_to } = filter;
  const isPlain = [from, to, search, planned_from, planned_to].every((one) => one === undefined);
  if (sort !== 'start_time' || offset < deepOffset || !isPlain) return { filter, offset };
  const order = sql.raw(descending ? 'DESC' : 'ASC');
  const { rows } = await sql<{ day: string; n: number }>`SELECT day, SUM(n) AS n ${sumsOf(filter, {})}
    GROUP BY day ORDER BY day ${order}`.execute(db);
  let passed = 0;
  for (const { day, n } of rows) {
    if (passed + Number(n) <= offset) {
      passed += Number(n);
      continue;
    }
    const start = Date.parse(`${day}T00:00:00.000Z`);
    const bound = descending ? { to: start + dayMs } : { from: start };
    return { filter: { ...filter, ...bound }, offset: offset - passed };
  }
  return { filter, offset };
}
