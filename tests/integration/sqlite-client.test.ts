import { existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src-main/adapters/persistence/sqlite/open-database';
import { createSqliteClient } from '../../src-main/adapters/sql/sqlite/sqlite-client';
import type {
  SqlParameter,
  SqlRequest,
  SqlSink,
  SqlTarget,
  SqlValue,
} from '../../src-main/core/ports/sql-client';
import { tempFolder } from '../support/temp-folder';

const worker = fileURLToPath(new URL('../../out/main/sqlite-worker.js', import.meta.url));
const client = createSqliteClient({
  workerFile: worker,
  baseFolder: tmpdir(),
  environmentOf: () => ({ PATH: process.env.PATH ?? '' }),
});
/** A database without tables: SQLite takes an empty file for one. */
function emptyFile(): string {
  const file = join(tempFolder(), 'a.db');
  writeFileSync(file, '');
  return file;
}
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
    const file = emptyFile();
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
      emptyFile(),
      "SELECT 9007199254740991, 9223372036854775807, -1.5, NULL, x'00ff', 'ü', ''",
    );
    expect(rows[0]?.slice(0, 4)).toEqual([9007199254740991, 9223372036854775807n, -1.5, null]);
    expect([...((rows[0]?.[4] ?? []) as Uint8Array)]).toEqual([0, 255]);
    expect(rows[0]?.slice(5)).toEqual(['ü', '']);
  });

  it('takes values by name and never as text of the query', async () => {
    const hostile = "x'; DROP TABLE t; --";
    const { rows } = await query(emptyFile(), 'SELECT @name, :name, $n, @on, @none IS NULL', {
      parameters: Object.entries({ name: hostile, n: 5, on: true, none: null, unused: 1 }).map(
        ([name, value]) => ({ name, value, direction: 'in' }),
      ),
    });
    expect(rows).toEqual([[hostile, hostile, 5, 1, 1]]);
  });

  it('leaves no trace of a transaction that failed half way', async () => {
    const file = emptyFile();
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
      emptyFile(),
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
      { driver: 'sqlite', file: emptyFile(), command_timeout_seconds: 30 },
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
      emptyFile(),
      `CREATE TABLE t (x); CREATE TABLE log (x);
       CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.x); INSERT INTO log VALUES (CASE WHEN 1 THEN 2 END); END;
       INSERT INTO t VALUES (1); SELECT count(*) FROM log`,
    );
    expect(rows).toEqual([[2]]);
  });

  it('gives thirty results, each with its own end', async () => {
    const ends: number[] = [];
    const collected = collect();
    await client.run(
      { driver: 'sqlite', file: emptyFile(), command_timeout_seconds: 30 },
      {
        kind: 'script',
        text: Array.from({ length: 30 }, (_, i) => `SELECT ${i} AS n${i};`).join('\n'),
        parameters: [],
        transaction: false,
      },
      { ...collected.sink, onResultEnd: () => void ends.push(collected.rows.length) },
      never,
    );
    expect(collected.columns).toHaveLength(30);
    expect(ends).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  });

  it('binds names in code alone, and values as their types say', async () => {
    const parameters: SqlParameter[] = [
      { name: 'n', value: '9223372036854775807', type: 'bigint', direction: 'in' },
      { name: 'b', value: '0x00ff', type: 'varbinary(10)', direction: 'in' },
      { name: 'd', value: '1.5', type: 'decimal(10,2)', direction: 'in' },
    ];
    const { rows } = await query(emptyFile(), "SELECT :n, @b, $d, ':n' -- @d", { parameters });
    expect(rows[0]?.slice(0, 1)).toEqual([9223372036854775807n]);
    expect([...((rows[0]?.[1] ?? []) as Uint8Array)]).toEqual([0, 255]);
    expect(rows[0]?.slice(2)).toEqual([1.5, ':n']);
    await expect(
      query(emptyFile(), 'SELECT @n', {
        parameters: [{ name: 'n', value: 'x', type: 'int', direction: 'in' }],
      }),
    ).rejects.toThrow('Parameter "n" is "x"; int needs a whole number');
  });

  it('names the line of the statement that failed', async () => {
    await expect(
      query(emptyFile(), "SELECT ';\n';\n\n-- here\nSELECT *\nFROM nowhere"),
    ).rejects.toMatchObject({
      message: 'no such table: nowhere',
      line: 5,
    });
  });

  it('is undone when its result is not wanted', async () => {
    const file = emptyFile();
    await query(file, 'CREATE TABLE t (x)');
    const collected = collect();
    const unwanted = client.run(
      { driver: 'sqlite', file, command_timeout_seconds: 30 },
      { kind: 'script', text: 'INSERT INTO t VALUES (1)', parameters: [], transaction: true },
      {
        ...collected.sink,
        onEnd: () => {
          throw new Error('not as expected');
        },
      },
      never,
    );
    await expect(unwanted).rejects.toThrow('not as expected');
    expect((await query(file, 'SELECT count(*) FROM t')).rows).toEqual([[0]]);
  });

  it('waits for a lock as long as it may, then says who is in the way', async () => {
    const file = emptyFile();
    await query(file, 'CREATE TABLE t (x)');
    const holder = openDatabase(file, 0);
    holder.exec('BEGIN EXCLUSIVE');
    const target: SqlTarget = { driver: 'sqlite', file, command_timeout_seconds: 1 };
    const request: SqlRequest = {
      kind: 'script',
      text: 'INSERT INTO t VALUES (1)',
      parameters: [],
      transaction: true,
    };
    await expect(client.run(target, request, collect().sink, never)).rejects.toThrow(
      /locked by another program|command timeout of 1 s/,
    );
    holder.exec('ROLLBACK');
    holder.close();
    await client.run(target, request, collect().sink, never);
  });

  it('changes nothing through a connection that only reads', async () => {
    const file = emptyFile();
    await query(file, 'CREATE TABLE t (x); INSERT INTO t VALUES (1)');
    const target: SqlTarget = { driver: 'sqlite', file, command_timeout_seconds: 5, read_only: true };
    const request = { kind: 'script', parameters: [], transaction: false } as const;
    const collected = collect();
    await client.run(target, { ...request, text: 'SELECT x FROM t' }, collected.sink, never);
    expect(collected.rows).toEqual([[1]]);
    await expect(
      client.run(target, { ...request, text: 'DELETE FROM t' }, collect().sink, never),
    ).rejects.toThrow(/can't be changed: the connection is read_only/);
  });

  it('on a file that is not there makes none, unless it creates tables', async () => {
    const file = join(tempFolder(), 'mistyped.db');
    await expect(query(file, 'SELECT * FROM t')).rejects.toThrow(`The file ${file} does not exist`);
    expect(existsSync(file)).toBe(false);
    await query(file, 'CREATE TABLE t (x)');
    expect(existsSync(file)).toBe(true);
  });

  it('is ended at the command timeout', async () => {
    await expect(
      client.run(
        { driver: 'sqlite', file: emptyFile(), command_timeout_seconds: 1 },
        {
          kind: 'script',
          text: 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT sum(x) FROM n',
          parameters: [],
          transaction: false,
        },
        collect().sink,
        never,
      ),
    ).rejects.toThrow(/command timeout of 1 s/);
  });

  it.each([
    ['SELECT * FROM nowhere', /no such table: nowhere/],
    ['SELEC 1', /syntax error/],
    ['-- nothing', /holds no statement/],
  ])('fails in words: %s', async (text, message) => {
    await expect(query(emptyFile(), text)).rejects.toThrow(message);
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
