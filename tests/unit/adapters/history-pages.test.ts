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
