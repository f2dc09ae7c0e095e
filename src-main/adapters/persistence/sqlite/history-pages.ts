import { expressionBuilder, type Kysely, type RawBuilder, sql } from 'kysely';
import type { ExecutionFilter, ExecutionSortKey, Page } from '../../../core/ports/store';
import type { ConditionsOf, NarrowedPage } from '../engine';
import type { Tables } from '../tables';
import { containsText } from './contains-text';
import { dayMs, sumsOf, wholeDays, withMessage } from './history-counts';

const history = 'job_execution_history_V2';
/** Pages that begin further back than this are worth the question. */
const deepOffset = 3000;
/** So many rows are collected and sorted sooner than all others are looked through. */
const fewRows = 3000;

type HistoryPage = Page<ExecutionSortKey>;

interface DaySum {
  readonly day: string;
  readonly n: number;
}

/** Rows of a filter by day, in the order of the page; of a search only those whose job it names. */
async function daySums(
  db: Kysely<Tables>,
  filter: ExecutionFilter,
  { descending }: HistoryPage,
): Promise<readonly DaySum[]> {
  const days = wholeDays(filter);
  if (!days) return [];
  const order = sql.raw(descending ? 'DESC' : 'ASC');
  const { rows } = await sql<DaySum>`SELECT day, SUM(n) AS n ${sumsOf(filter, days)}
    GROUP BY day ORDER BY day ${order}`.execute(db);
  return rows.map(({ day, n }) => ({ day, n: Number(n) }));
}

const startOf = (day: string): number => Date.parse(`${day}T00:00:00.000Z`);

/** The day in which the row after so many others lies, and how many lie before that day; undefined where there is none. */
function dayOfRow(sums: readonly DaySum[], index: number) {
  let passed = 0;
  for (const { day, n } of sums) {
    if (passed + n > index) return { start: startOf(day), passed };
    passed += n;
  }
  return undefined;
}

/** Begins with the day of the page's first row: only where the sums count every row before it. */
function fromFirstDay(filter: ExecutionFilter, page: HistoryPage, sums: readonly DaySum[]): NarrowedPage {
  const { offset, descending } = page;
  const isExact = filter.from === undefined && filter.to === undefined && filter.search === undefined;
  const first = isExact && offset >= deepOffset ? dayOfRow(sums, offset) : undefined;
  if (!first) return { filter, offset };
  const bound = descending ? { to: first.start + dayMs } : { from: first.start };
  return { filter: { ...filter, ...bound }, offset: offset - first.passed };
}

/** Ends with the day of the page's last row: rows that the sums do not count only make it end sooner. */
function toLastDay(narrowed: NarrowedPage, page: HistoryPage, sums: readonly DaySum[]): NarrowedPage {
  const last = dayOfRow(sums, page.offset + page.limit - 1);
  if (!last) return narrowed;
  const { filter, offset } = narrowed;
  const end = last.start + dayMs;
  const bound = page.descending
    ? { from: Math.max(last.start, filter.from ?? last.start) }
    : { to: Math.min(end, filter.to ?? end) };
  return { filter: { ...filter, ...bound }, offset };
}

/** The ids on a page of a search, in its order: runs of the jobs it names, and runs with such a message. */
async function found(
  db: Kysely<Tables>,
  { search = '', ...rest }: ExecutionFilter,
  page: HistoryPage,
  conditions: ConditionsOf,
): Promise<readonly number[]> {
  const end = page.offset + page.limit;
  const order = sql.raw(page.descending ? 'DESC' : 'ASC');
  const first = async (from: RawBuilder<unknown>, time: RawBuilder<unknown>) => {
    const { rows } = await sql<{
      execution_id: number;
      start_time: string;
    }>`SELECT execution_id, start_time ${from}
      ORDER BY ${time} ${order}, execution_id ${order} LIMIT ${end}`.execute(db);
    return rows;
  };
  // Few rows, found by their jobs: by their time or status many others would be read.
  const byName = await first(
    sql`FROM ${sql.table(history)} INDEXED BY IX_job_history_job_start
    WHERE job_id IN (SELECT job_id ${sumsOf({ search }, {})})
      AND (${containsText('job_id', search)} OR ${containsText('job_name', search)})
      AND ${conditions(expressionBuilder<Tables, typeof history>(), rest)}`,
    sql`+start_time`,
  );
  const byMessage = await first(withMessage(rest, search, conditions), sql`start_time`);
  const all = new Map([...byName, ...byMessage].map((row) => [Number(row.execution_id), row.start_time]));
  const sign = page.descending ? -1 : 1;
  return [...all]
    .sort(([a, from], [b, to]) => sign * (from === to ? a - b : from < to ? -1 : 1))
    .slice(page.offset, end)
    .map(([execution_id]) => execution_id);
}

/**
 * A page of the history by time, asked for so that few rows are read that do not stand on it: within the days in which
 * its rows lie by the sums, or among the rows that a search can find.
 */
export async function narrowPage(
  db: Kysely<Tables>,
  filter: ExecutionFilter,
  page: HistoryPage,
  conditions: ConditionsOf,
): Promise<NarrowedPage> {
  const { offset, limit, sort } = page;
  const { search, job_type, planned_from, planned_to } = filter;
  const isSparse = search !== undefined || Boolean(job_type?.length);
  const isPlanned = planned_from !== undefined || planned_to !== undefined;
  if (sort !== 'start_time' || isPlanned || !(isSparse || offset >= deepOffset)) return { filter, offset };
  const sums = await daySums(db, filter, page);
  const begun = fromFirstDay(filter, page, sums);
  if (!isSparse) return begun;
  const total = sums.reduce((sum, { n }) => sum + n, 0);
  if (total > fewRows) return toLastDay(begun, page, sums);
  if (search === undefined || offset + limit > fewRows) return begun;
  return { filter, offset, rows: await found(db, filter, page, conditions) };
}
