import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createSqliteClient } from '../../src-main/adapters/sql/sqlite/sqlite-client';
import type { SqlRequest, SqlSink, SqlValue } from '../../src-main/core/ports/sql-client';
import { tempFolder } from '../support/temp-folder';

const worker = fileURLToPath(new URL('../../out/main/sqlite-worker.js', import.meta.url));
const client = createSqliteClient({
  workerFile: worker,
  baseFolder: tmpdir(),
  environmentOf: () => ({ PATH: process.env.PATH ?? '' }),
});
const never = new AbortController().signal;

interface Collected {
  readonly sink: SqlSink;
  readonly columns: (readonly string[])[];
  readonly rows: (readonly SqlValue[])[];
  affected: number;
}

function collect(onRow?: () => void | Promise<void>): Collected {
  const collected: Collected = {
    columns: [],
    rows: [],
    affected: 0,
    sink: {
      onColumns: (columns) => void collected.columns.push(columns.map(({ name }) => name)),
      onRow: (values) => {
        collected.rows.push(values);
        return onRow?.();
      },
      onMessage: () => undefined,
      onRowsAffected: (count) => {
        collected.affected += count;
      },
    },
  };
  return collected;
}

async function query(
  file: string,
  text: string,
  more: Partial<SqlRequest> = {},
  signal = never,
): Promise<Collected> {
  const collected = collect();
  await client.run(
    { driver: 'sqlite', file, command_timeout_seconds: 30 },
    { kind: 'script', text, parameters: [], transaction: false, ...more },
    collected.sink,
    signal,
  );
  return collected;
}

describe('a query on an SQLite file', () => {
  it('gives columns, rows in order and rows affected, statement by statement', async () => {
    const file = join(tempFolder(), 'a.db');
    const found = await query(
      file,
      `CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT); -- with; a semicolon
       INSERT INTO t (name) VALUES ('eins; zwei'), ('it''s');
       SELECT id, name FROM t ORDER BY id; SELECT count(*) AS n FROM t;`,
    );
    expect(found.columns).toEqual([['id', 'name'], ['n']]);
    expect(found.rows).toEqual([[1, 'eins; zwei'], [2, "it's"], [2]]);
    expect(found.affected).toBe(2);
  });

  it('keeps every digit of large numbers, NULL, and bytes', async () => {
    const { rows } = await query(
      join(tempFolder(), 'a.db'),
      "SELECT 9007199254740991, 9223372036854775807, -1.5, NULL, x'00ff', 'ü', ''",
    );
    expect(rows[0]?.slice(0, 4)).toEqual([9007199254740991, 9223372036854775807n, -1.5, null]);
    expect([...((rows[0]?.[4] ?? []) as Uint8Array)]).toEqual([0, 255]);
    expect(rows[0]?.slice(5)).toEqual(['ü', '']);
  });

  it('takes values by name and never as text of the query', async () => {
    const hostile = "x'; DROP TABLE t; --";
    const { rows } = await query(join(tempFolder(), 'a.db'), 'SELECT @name, :name, $n, @on, @none IS NULL', {
      parameters: Object.entries({ name: hostile, n: 5, on: true, none: null, unused: 1 }).map(
        ([name, value]) => ({ name, value, direction: 'in' }),
      ),
    });
    expect(rows).toEqual([[hostile, hostile, 5, 1, 1]]);
  });

  it('leaves no trace of a transaction that failed half way', async () => {
    const file = join(tempFolder(), 'a.db');
    await query(file, 'CREATE TABLE t (x UNIQUE)');
    await expect(
      query(file, 'INSERT INTO t VALUES (1); INSERT INTO t VALUES (2); INSERT INTO t VALUES (1);', {
        transaction: true,
      }),
    ).rejects.toThrow(/UNIQUE/);
    expect((await query(file, 'SELECT count(*) FROM t')).rows).toEqual([[0]]);
  });

  it('ends at once when it is cancelled, endless as it may be', async () => {
    const abort = new AbortController();
    const running = query(
      join(tempFolder(), 'a.db'),
      'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT sum(x) FROM n',
      {},
      abort.signal,
    );
    setImmediate(() => abort.abort());
    await expect(running).rejects.toThrow(/cancelled|aborted/);
  });

  it('streams rows no faster than they are taken', async () => {
    let taken = 0;
    const collected = collect(async () => {
      taken += 1;
      if (taken % 5000 === 0) await new Promise((resolve) => setImmediate(resolve));
    });
    await client.run(
      { driver: 'sqlite', file: join(tempFolder(), 'a.db'), command_timeout_seconds: 30 },
      {
        text: 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 20000) SELECT x FROM n',
        kind: 'script',
        parameters: [],
        transaction: false,
      },
      collected.sink,
      never,
    );
    expect(collected.rows).toHaveLength(20_000);
    expect(collected.rows.at(-1)).toEqual([20_000]);
  });

  it('keeps the body of a trigger together', async () => {
    const { rows } = await query(
      join(tempFolder(), 'a.db'),
      `CREATE TABLE t (x); CREATE TABLE log (x);
       CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.x); INSERT INTO log VALUES (CASE WHEN 1 THEN 2 END); END;
       INSERT INTO t VALUES (1); SELECT count(*) FROM log`,
    );
    expect(rows).toEqual([[2]]);
  });

  it.each([
    ['SELECT * FROM nowhere', /no such table: nowhere/],
    ['SELEC 1', /syntax error/],
    ['-- nothing', /holds no statement/],
  ])('fails in words: %s', async (text, message) => {
    await expect(query(join(tempFolder(), 'a.db'), text)).rejects.toThrow(message);
  });

  it('names the folder that is missing, and the file that is no database', async () => {
    await expect(query('/no/such/folder/a.db', 'SELECT 1')).rejects.toThrow(/folder \/no\/such\/folder/);
    await expect(query(fileURLToPath(import.meta.url), 'SELECT * FROM x')).rejects.toThrow(
      /is not a SQLite database/,
    );
  });

  it('is tested without making a file that was not there', async () => {
    const file = join(tempFolder(), 'none.db');
    await expect(client.test({ driver: 'sqlite', file, command_timeout_seconds: 5 }, never)).rejects.toThrow(
      /does not exist/,
    );
    await query(file, 'CREATE TABLE t (x)');
    expect(
      (await client.test({ driver: 'sqlite', file, command_timeout_seconds: 5 }, never)).version,
    ).toMatch(/^SQLite 3/);
  });
});
