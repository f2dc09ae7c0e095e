import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { connectServer, type ServerPool } from '../../src-main/adapters/persistence/sqlserver/connect';
import { openServerDatabase } from '../../src-main/adapters/persistence/sqlserver/open-sqlserver-store';
import { sendAsJson } from '../../src-main/adapters/persistence/write-behind/rows-as-json';
import { sendAsParameters } from '../../src-main/adapters/persistence/write-behind/rows-as-parameters';
import { sendRows } from '../../src-main/adapters/persistence/write-behind/send-changes';
import {
  asker,
  fetchRows,
  type ServerTable,
  serverTables,
} from '../../src-main/adapters/persistence/write-behind/server-tables';
import type { RowState } from '../../src-main/adapters/persistence/write-behind/table-work';
import { sqlServerTarget } from '../support/sqlserver';
import { createTestDatabase, type TestDatabase } from '../support/sqlserver-database';

const names =
  'execution_id job_id job_name status start_time end_time duration_seconds output return_code slot_key';
const columns = names.split(' ');

/** A row as the journal has it: texts that JSON, T-SQL and Unicode each have something against. */
const row = (execution_id: number, more: Record<string, unknown> = {}): RowState => ({
  key: [execution_id],
  row: {
    execution_id,
    job_id: 'a',
    job_name: `Täglich "x" \\ '' [é] \u{1F600}`,
    status: 'running',
    start_time: '2026-03-02T08:00:00.123Z',
    end_time: null,
    duration_seconds: 0.1 + 0.2,
    output: `first\r\n\t{"a": [1, "}"]}\u0001 ${'long '.repeat(3000)}`,
    return_code: -1,
    slot_key: `k${execution_id}`,
    ...more,
  },
});

if (sqlServerTarget()) {
  // Not every server that speaks the protocol reads back what JSON writes in other words; `sendRows` finds out.
  const plain = { job_name: 'Täglich [é]', output: 'plain' };
  describe.each([
    ['as it takes them', sendRows, {}],
    ['as JSON', sendAsJson, plain],
    ['as parameters', sendAsParameters, {}],
  ])('rows that go to SQL Server %s', { timeout: 60_000 }, (_how, send, texts) => {
    let database: TestDatabase;
    let server: ServerPool;
    let history: ServerTable;
    const there = async () => fetchRows(asker(server), history, 'ORDER BY [execution_id]');

    beforeAll(async () => {
      database = await createTestDatabase();
      server = await connectServer(database.target, {
        connectMs: 15_000,
        requestMs: 60_000,
        acquireMs: 15_000,
        max: 2,
      });
      const { configurationsTable } = await openServerDatabase(server, database.target);
      const local = { name: 'job_execution_history_V2', columns, key: ['execution_id'], isNumbered: true };
      const tables = await serverTables(asker(server), [local], configurationsTable);
      history = tables.get(local.name) as ServerTable;
    }, 120_000);
    afterAll(async () => {
      await server.pool.close();
      await database.drop();
    });

    it('arrive with every sign and digit, are written over and taken away, and sent twice are the same', async () => {
      await database.empty();
      const states = [row(5, texts), row(7, texts), row(9, texts)];
      for (let time = 0; time < 2; time += 1) await send(server, [{ table: history, states }]);
      const found = await there();
      expect(found.map((one) => ({ ...one, start_time: null }))).toEqual(
        states.map((state) => ({ ...state.row, start_time: null })),
      );
      expect(String(found[0]?.start_time)).toMatch(/^2026-03-02T08:00:00\.12\dZ$/);
      const end = '2026-03-02T08:00:01.000Z';
      const changed = [row(5, { status: 'success', end_time: end }), { key: [7], row: undefined }, row(11)];
      await send(server, [{ table: history, states: changed }]);
      expect((await there()).map((one) => [one.execution_id, one.status, one.end_time])).toEqual([
        [5, 'success', end],
        [9, 'running', null],
        [11, 'running', null],
      ]);
    });

    it('come all or none, with the number of what the server has against them, and the next ones come', async () => {
      await database.empty();
      const bad = [row(1), row(2, { slot_key: 'k1' })];
      await expect(send(server, [{ table: history, states: bad }])).rejects.toMatchObject({
        number: expect.toSatisfy((number) => number === 2601 || number === 2627),
      });
      expect(await there()).toEqual([]);
      await send(server, [{ table: history, states: [row(3)] }]);
      expect(await there()).toHaveLength(1);
    });

    it('never write over a row of another program', async () => {
      await database.empty();
      await send(server, [{ table: history, states: [row(1, { job_id: 'theirs' })] }]);
      await expect(send(server, [{ table: history, states: [row(1)] }])).rejects.toThrow(/another program/);
      expect((await there())[0]?.job_id).toBe('theirs');
    });
  });
} else {
  test.skip('rows that go to SQL Server: TEST_SQLSERVER_URL is not set', () => undefined);
}
