import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src-main/adapters/persistence/sqlite/open-database';
import { openSqliteStore } from '../../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import type { ExecutionFilter } from '../../../src-main/core/ports/store';
import { tempFolder } from '../../support/temp-folder';

const rows = 3300;
const stepMs = 600_000;
const first = Date.parse('2026-02-01T00:00:00.000Z');

/** A history with a run every ten minutes, each hundredth of which failed; written by another connection. */
async function filled() {
  const file = join(tempFolder(), 'store.db');
  const store = await openSqliteStore({ file });
  const database = openDatabase(file, 5000);
  database.exec(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows - 1})
    INSERT INTO job_execution_history_V2 (job_id, job_name, status, start_time, retry_count, max_retries)
    SELECT 'a', 'A', CASE WHEN i % 100 = 0 THEN 'failed' ELSE 'success' END,
      strftime('%Y-%m-%dT%H:%M:%S.000Z', ${first / 1000} + i * ${stepMs / 1000}, 'unixepoch'), 0, 0 FROM n`);
  database.close();
  const at = async (offset: number, descending: boolean, filter: ExecutionFilter = {}) => {
    const page = { limit: 2, offset, descending, sort: 'start_time' } as const;
    return (await store.executions.list(filter, page)).map(({ start_time }) => (start_time - first) / stepMs);
  };
  return { store, at };
}

describe('a long history', () => {
  it('gives the same page far back as one that is counted through, in either direction', async () => {
    const { at } = await filled();
    for (const offset of [2999, 3000, 3010, 3168, 3299]) {
      const rest = rows - offset;
      expect(await at(offset, false)).toEqual([offset, offset + 1].slice(0, rest));
      expect(await at(offset, true)).toEqual([rest - 1, rest - 2].slice(0, rest));
    }
    expect(await at(rows + 5, true)).toEqual([]);
    expect(await at(3010, true, { status: ['failed'] })).toEqual([]);
    expect(await at(3010, true, { status: ['success', 'failed'] })).toEqual([289, 288]);
  });

  it('knows how many runs there are, whoever wrote them', async () => {
    const { store } = await filled();
    expect(await store.executions.count({})).toBe(rows);
    expect(await store.executions.count({ status: ['failed'] })).toBe(33);
    expect(await store.executions.count({ from: first + 100 * stepMs, to: first + 2000 * stepMs })).toBe(
      1900,
    );
  });
});

const jobCount = 40;
/** Runs every ten minutes of many jobs of two types, by turns; some fail, and one job has seldom run. */
async function manyJobs() {
  const file = join(tempFolder(), 'store.db');
  const store = await openSqliteStore({ file });
  const database = openDatabase(file, 5000);
  for (let index = 0; index < jobCount; index += 1)
    database.exec(`INSERT INTO job_configurations (job_id, name, job_type, configuration)
      VALUES ('job_${index}', 'Load ${index}', '${index % 4 === 0 ? 'sql' : 'command'}', '{}')`);
  const all = Array.from({ length: 9000 }, (_, index) => {
    const isRare = index % 1500 === 700;
    const job = index % jobCount;
    const job_id = isRare ? 'yearly_audit' : `job_${job}`;
    return {
      job_id,
      job_name: isRare ? 'Audit of 100%' : `Load ${job}`,
      isSql: !isRare && job % 4 === 0,
      message: index % 90 === 0 ? `Login failed for ${index % 180 === 0 ? 'etl' : 'bi'}` : null,
      // Two of each instant: the id makes the order whole.
      start: first + Math.floor(index / 2) * stepMs,
    };
  });
  const insert = database.prepare(`INSERT INTO job_execution_history_V2
    (job_id, job_name, status, start_time, error_message, retry_count, max_retries) VALUES (?, ?, ?, ?, ?, 0, 0)`);
  for (const { job_id, job_name, message, start } of all)
    insert.run(job_id, job_name, message ? 'failed' : 'success', new Date(start).toISOString(), message);
  database.close();
  return { store, all: all.map((row, index) => ({ ...row, id: index + 1 })) };
}

type Made = Awaited<ReturnType<typeof manyJobs>>['all'][number];
const holds = (search: string) => (row: Made) =>
  [row.job_id, row.job_name, row.message ?? ''].some((text) => text.toLowerCase().includes(search));

const questions: readonly [string, ExecutionFilter, (row: Made) => boolean][] = [
  ['a type', { job_type: ['sql'] }, (row) => row.isSql],
  ['a type that has no runs', { job_type: ['python'] }, () => false],
  ['a name that all have', { search: 'load' }, holds('load')],
  ['a name that few have', { search: '100%' }, holds('100%')],
  ['a message', { search: 'failed for etl' }, holds('failed for etl')],
  ['a name and a message', { search: 'a' }, holds('a')],
  ['nothing', { search: '100_' }, () => false],
  [
    'failures of a search',
    { search: 'load 1', status: ['failed'] },
    (row) => holds('load 1')(row) && row.message !== null,
  ],
  [
    'a stretch of a search',
    { search: 'yearly', from: first + 5 * stepMs, to: first + 3000 * stepMs + 1 },
    (row) => holds('yearly')(row) && row.start >= first + 5 * stepMs && row.start <= first + 3000 * stepMs,
  ],
];

describe('what few rows are', () => {
  it('is found on every page in its order, and counted', { timeout: 30_000 }, async () => {
    const { store, all } = await manyJobs();
    for (const [what, filter, isMeant] of questions) {
      const meant = all.filter(isMeant).map((row) => row.id);
      expect(await store.executions.count(filter), what).toBe(meant.length);
      for (const descending of [true, false]) {
        const expected = descending ? [...meant].reverse() : meant;
        for (const offset of [0, 3, 60, 1000, 3001, Math.max(0, meant.length - 5)]) {
          const page = { limit: 20, offset, descending, sort: 'start_time' } as const;
          const rows = await store.executions.list(filter, page);
          expect(
            rows.map((row) => row.execution_id),
            `${what} from ${offset}, ${descending ? 'newest' : 'oldest'} first`,
          ).toEqual(expected.slice(offset, offset + 20));
        }
      }
    }
    await store.close();
  });
});
