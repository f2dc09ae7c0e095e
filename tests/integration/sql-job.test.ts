import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import exceljs from 'exceljs';
import { beforeEach, describe, expect, it } from 'vitest';
import { createNodeHost } from '../../src-main/adapters/host/node-host';
import { fileReportWriter } from '../../src-main/adapters/reports/report-writer';
import { createSqlClient } from '../../src-main/adapters/sql/create-sql-client';
import { createSqliteClient } from '../../src-main/adapters/sql/sqlite/sqlite-client';
import { createSqlServerClient } from '../../src-main/adapters/sql/sqlserver/sqlserver-client';
import type { RunContext, RunOutcome } from '../../src-main/core/job-type';
import { createSqlJobType } from '../../src-main/job-types/sql';
import { resultsOf, warningsOf } from '../../src-shared/model/sql-result';
import { tempFolder } from '../support/temp-folder';

let folder = '';
beforeEach(() => {
  folder = tempFolder();
});

interface Ran {
  readonly outcome: RunOutcome;
  readonly stdout: string;
  readonly stderr: string;
  readonly notes: string[];
  readonly kept: string[];
}

/** Runs the real job type on a real SQLite file in `folder`. */
async function run(keys: Readonly<Record<string, unknown>>): Promise<Ran> {
  const type = createSqlJobType({
    sqlClient: createSqlClient({
      sqlite: createSqliteClient({
        workerFile: fileURLToPath(new URL('../../out/main/sqlite-worker.js', import.meta.url)),
        baseFolder: folder,
        environmentOf: () => ({ PATH: process.env.PATH ?? '' }),
      }),
      sqlserver: createSqlServerClient(),
    }),
    connections: {
      resolve: async () => {
        throw new Error('no saved connections here');
      },
    },
    reports: fileReportWriter,
    host: createNodeHost({ jobsFolder: folder, temporaryFolder: join(folder, 'tmp') }),
  });
  const config = type.configSchema.parse({
    connection: { driver: 'sqlite', database: 'a.db' },
    ...keys,
  });
  writeFileSync(join(folder, 'a.db'), '', { flag: 'a' });
  const texts = { stdout: '', stderr: '' };
  const notes: string[] = [];
  const kept: string[] = [];
  const context = {
    signal: new AbortController().signal,
    environment: {},
    log: {
      write: (stream: 'stdout' | 'stderr', chunk: Uint8Array) => {
        texts[stream] += new TextDecoder().decode(chunk);
      },
      info: (line: string) => notes.push(line),
    },
    artifacts: {
      folder,
      keep: async (name: string) => void kept.push(name),
    },
  } as unknown as RunContext;
  return { outcome: await type.execute(config, context), ...texts, notes, kept };
}

const two = `CREATE TABLE t (id INTEGER, name TEXT); INSERT INTO t VALUES (1, 'one'), (2, '=1+1');
SELECT id, name FROM t; SELECT count(*) AS n FROM t;`;

describe('an SQL job', () => {
  it('shows every result in the log and keeps a preview of each', async () => {
    const { outcome, stdout } = await run({ query: two });
    expect(stdout).toBe(`(2 rows affected)
id  name
--  ----
 1  one
 2  =1+1
(2 rows)
n
-
2
(1 row)
`);
    expect(outcome).toMatchObject({
      status: 'success',
      metadata: { result_count: 2, row_count: 3, rows_affected: 2 },
    });
    expect(resultsOf(outcome.metadata ?? {})).toEqual([
      {
        columns: [
          { name: 'id', type: 'integer' },
          { name: 'name', type: 'text' },
        ],
        rows: [
          [1, 'one'],
          [2, '=1+1'],
        ],
        row_count: 2,
        column_count: 2,
        truncated: false,
      },
      {
        columns: [{ name: 'n', type: 'unknown' }],
        rows: [[2]],
        row_count: 1,
        column_count: 1,
        truncated: false,
      },
    ]);
  });

  it('keeps a preview of bounded size, whatever the result', async () => {
    const many = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 300)';
    const { outcome } = await run({
      query: `${many} SELECT ${Array.from({ length: 60 }, (_, i) => `printf('%.*c', 1000, 'x') AS c${i}`).join(', ')} FROM n`,
    });
    const [preview] = resultsOf(outcome.metadata ?? {});
    expect(preview).toMatchObject({ row_count: 300, column_count: 60, truncated: true });
    expect(JSON.stringify(outcome.metadata).length).toBeLessThan(200_000);
  });

  it.each([
    ['csv', 'report.csv', ['report-2.csv', 'report.csv']],
    ['json', 'report.json', ['report-2.json', 'report.json']],
    ['excel', 'report.xlsx', ['report.xlsx']],
  ])('writes all results as %s, and keeps the files with the execution', async (format, name, files) => {
    const { outcome, kept } = await run({ query: two, output_format: format, output_path: `out/${name}` });
    expect(readdirSync(join(folder, 'out'))).toEqual(files);
    expect([...kept].sort()).toEqual(files);
    expect(outcome.metadata?.reports).toHaveLength(files.length);
    if (format === 'csv') {
      expect(readFileSync(join(folder, 'out', 'report.csv'), 'utf8')).toBe(
        "\uFEFFid,name\r\n1,one\r\n2,'=1+1\r\n",
      );
      expect(readFileSync(join(folder, 'out', 'report-2.csv'), 'utf8')).toBe('\uFEFFn\r\n2\r\n');
    } else if (format === 'excel') {
      const book = new exceljs.Workbook();
      await book.xlsx.readFile(join(folder, 'out', name));
      expect(book.worksheets.map((sheet) => [sheet.name, sheet.rowCount])).toEqual([
        ['Result 1', 3],
        ['Result 2', 2],
      ]);
    }
  });

  it('fails by an empty report, and leaves the report of the day before', async () => {
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(folder, 'out', 'r.csv'), 'yesterday');
    const keys = { output_format: 'csv', output_path: 'out/r.csv', query: 'SELECT 1 AS a WHERE 1 = 0' };
    const { outcome } = await run({ ...keys, expect: { rows: '>= 1' } });
    expect(outcome).toMatchObject({
      status: 'failed',
      error_message: 'The query ran, but expected >= 1 rows in the result; it has 0 rows',
      metadata: { results: [{ row_count: 0 }] },
    });
    expect(readdirSync(join(folder, 'out'))).toEqual(['r.csv']);
    expect(readFileSync(join(folder, 'out', 'r.csv'), 'utf8')).toBe('yesterday');

    const warned = await run({ ...keys, expect: { rows: '>= 1', severity: 'warning' } });
    expect(warned.outcome.status).toBe('success');
    expect(warningsOf(warned.outcome.metadata ?? {})).toEqual([
      'expected >= 1 rows in the result; it has 0 rows',
    ]);
    expect(readFileSync(join(folder, 'out', 'r.csv'), 'utf8')).toBe('\uFEFFa\r\n');
  });

  it('undoes a transaction whose result is not as expected', async () => {
    await run({ query: 'CREATE TABLE t (x)' });
    const { outcome } = await run({
      query: 'INSERT INTO t VALUES (1)',
      transaction: true,
      expect: { rows_affected: '>= 2' },
    });
    expect(outcome.status).toBe('failed');
    expect((await run({ query: 'SELECT count(*) FROM t' })).outcome.metadata?.results).toMatchObject([
      { rows: [[0]] },
    ]);
  });

  it('reads its query from a file in any usual encoding, and names its lines', async () => {
    writeFileSync(join(folder, 'q.sql'), Buffer.from('\uFEFFSELECT 1 AS "ü"', 'utf16le'));
    const { outcome } = await run({ query_file: 'q.sql' });
    expect(outcome.metadata?.results).toMatchObject([{ columns: [{ name: 'ü' }] }]);
    writeFileSync(join(folder, 'q.sql'), 'SELECT 1;\n\nSELECT * FROM nowhere');
    expect((await run({ query_file: 'q.sql' })).outcome).toMatchObject({
      error_message: 'no such table: nowhere (line 3 of q.sql)',
    });
    expect((await run({ query_file: 'none.sql' })).outcome).toMatchObject({
      error_message: expect.stringMatching(/query_file .*none\.sql is not there/),
    });
  });

  it.each([
    [{ query_file: 'none.sql' }, 'configuration'],
    [{ query: 'SELECT 1', connection: { driver: 'sqlite', database: 'none.db' } }, 'configuration'],
    [{ query: 'SELECT 1', connection: { driver: 'sqlite', database: 'no/such/folder.db' } }, 'configuration'],
    [{ query: 'SELECT nothing FROM nowhere' }, 'sql'],
    [{ query: 'SELECT 1', expect: { rows: 2 } }, 'other'],
  ])('%j fails as %s, which says whether trying again is of use', async (keys, error_class) => {
    expect((await run(keys)).outcome).toMatchObject({ status: 'failed', error_class });
  });

  it('says in plain words why a report can not be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { outcome } = await run({ query: 'SELECT 1', output_format: 'csv', output_path: 'file/r.csv' });
    expect(outcome).toMatchObject({
      status: 'failed',
      error_message: expect.stringMatching(/could not be written: a part of its path is a file/),
    });
    mkdirSync(join(folder, 'folder'));
    expect(
      (await run({ query: 'SELECT 1', output_format: 'excel', output_path: 'folder' })).outcome,
    ).toMatchObject({ error_message: expect.stringMatching(/could not be written: it is a folder/) });
  });
});
