import { randomUUID } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { createSqlServerClient } from '../../src-main/adapters/sql/sqlserver/sqlserver-client';
import type {
  SqlParameter,
  SqlRequest,
  SqlSink,
  SqlTarget,
  SqlValue,
} from '../../src-main/core/ports/sql-client';
import type { ResultColumn, SqlMessage } from '../../src-shared/model/sql-result';
import { sqlServerTarget } from '../support/sqlserver';

const found = sqlServerTarget();
const target = found as Extract<SqlTarget, { driver: 'sqlserver' }>;
const client = createSqlServerClient();
const never = new AbortController().signal;
afterAll(() => client.close());

interface Collected extends SqlSink {
  readonly columns: (readonly ResultColumn[])[];
  readonly rows: (readonly SqlValue[])[];
  readonly messages: SqlMessage[];
  /** What came, in order: `columns`, `row`, `end`, `affected 2`, the text of messages. */
  readonly events: string[];
  output: { values: Readonly<Record<string, SqlValue>>; returned: number } | undefined;
}

function collect(more: Partial<SqlSink> = {}): Collected {
  const collected: Collected = {
    columns: [],
    rows: [],
    messages: [],
    events: [],
    output: undefined,
    onColumns(columns) {
      collected.columns.push(columns);
      collected.events.push('columns');
    },
    onRow(values) {
      collected.rows.push(values);
      collected.events.push('row');
    },
    onResultEnd: () => void collected.events.push('end'),
    onMessage(message) {
      collected.messages.push(message);
      collected.events.push(message.text);
    },
    onRowsAffected: (count) => void collected.events.push(`affected ${count}`),
    onOutput(values, returned) {
      collected.output = { values, returned };
    },
    ...more,
  };
  return collected;
}

async function run(
  text: string,
  more: Partial<SqlRequest> = {},
  {
    sink = collect(),
    on = target,
    signal = never,
  }: { sink?: Collected; on?: SqlTarget; signal?: AbortSignal } = {},
): Promise<Collected> {
  const request: SqlRequest = { kind: 'script', text, parameters: [], transaction: false, ...more };
  await client.run(on, request, sink, signal);
  return sink;
}

const parameter = (name: string, value: SqlValue, more: Partial<SqlParameter> = {}): SqlParameter => ({
  name,
  value,
  direction: 'in',
  ...more,
});
/** Runs until it is ended. */
const ten = '(VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9))';
const endless = `SELECT count(*) FROM ${Array.from({ length: 14 }, (_, i) => `${ten} t${i}(n)`).join(' CROSS JOIN ')}`;
const fresh = (prefix: string) => `${prefix}_${randomUUID().replaceAll('-', '').slice(0, 12)}`;

describe.skipIf(!found)('a script on SQL Server', () => {
  it('keeps one connection from batch to batch, repeats by GO n, and counts what it changes', async () => {
    const { rows, events } = await run(
      `CREATE TABLE #t (n int)
GO
INSERT INTO #t VALUES (1), (2)
GO 3
SELECT count(*) AS n FROM #t`,
    );
    expect(rows).toEqual([[6]]);
    expect(events).toEqual(['affected 2', 'affected 2', 'affected 2', 'columns', 'row', 'end']);
  });

  it('gives results and messages in the order they come', async () => {
    const { events } = await run(
      `PRINT 'one'; SELECT 1 AS a; PRINT 'two'; RAISERROR('three', 10, 1) WITH NOWAIT; SELECT 2 AS b WHERE 1 = 0; PRINT 'four'`,
    );
    expect(events).toEqual(['one', 'columns', 'row', 'end', 'two', 'three', 'columns', 'end', 'four']);
  });

  it('gives thirty results', async () => {
    const { columns, rows } = await run(
      Array.from({ length: 30 }, (_, i) => `SELECT ${i} AS n${i}`).join('; '),
    );
    expect(columns).toHaveLength(30);
    expect(rows).toEqual(Array.from({ length: 30 }, (_, i) => [i]));
  });

  it('keeps types and every digit', async () => {
    const { columns, rows } = await run(`SELECT
      CAST('123456789012345678901234.567890' AS decimal(38,6)) AS d, CAST(-0.50 AS decimal(10,2)) AS small,
      CAST(922337203685477.5807 AS money) AS m, CAST(9223372036854775807 AS bigint) AS b, CAST(5 AS bigint) AS five,
      CAST(1 AS bit) AS flag, CAST('2026-11-24' AS date) AS day, CAST('2026-11-24 08:30:00.1234567' AS datetime2(7)) AS t7,
      CAST('08:30:15' AS time(0)) AS clock, CAST('2026-11-24 08:30:00 +02:00' AS datetimeoffset(0)) AS zoned,
      0x00ff AS bytes, N'üñí' AS text, CAST(NULL AS int) AS nothing, CAST(1.5 AS float) AS f`);
    expect(columns[0]?.map(({ type }) => type)).toEqual([
      'decimal',
      'decimal',
      'decimal',
      'integer',
      'integer',
      'boolean',
      'date',
      'datetime',
      'time',
      'instant',
      'binary',
      'text',
      'integer',
      'float',
    ]);
    const [row = []] = rows;
    expect(row.slice(0, 8)).toEqual([
      '123456789012345678901234.567890',
      '-0.50',
      '922337203685477.5807',
      9223372036854775807n,
      5,
      true,
      new Date('2026-11-24T00:00:00Z'),
      new Date('2026-11-24T08:30:00.123Z'),
    ]);
    expect(row[9]).toEqual(new Date('2026-11-24T06:30:00Z'));
    expect([...(row[10] as Uint8Array)]).toEqual([0, 255]);
    expect(row.slice(11)).toEqual(['üñí', null, 1.5]);
  });

  it('takes values by @name and :name, and never as text of the query', async () => {
    const hostile = "x'; DROP TABLE t; --";
    const { rows } = await run("SELECT @name AS a, :name AS b, ':name' AS c, :n + 1 AS d, @day AS e", {
      parameters: [
        parameter('name', hostile),
        parameter('n', 41, { type: 'int' }),
        parameter('day', '2026-11-24', { type: 'date' }),
      ],
    });
    expect(rows).toEqual([[hostile, hostile, ':name', 42, new Date('2026-11-24T00:00:00Z')]]);
  });

  it('fails with the line of the whole script, after what came before', async () => {
    const sink = collect();
    const script = `SELECT 1 AS a\nGO\n\nPRINT 'before'\nSELECT *\nFROM ${fresh('nowhere')}\n`;
    await expect(run(script, {}, { sink })).rejects.toMatchObject({
      line: expect.toSatisfy((line: number) => line >= 4 && line <= 6),
      message: expect.stringContaining('nowhere_'),
    });
    expect(sink.rows).toEqual([[1]]);
  });

  it('tells of every error, and fails by the first', async () => {
    const sink = collect();
    await expect(
      run("RAISERROR('first', 16, 1)\nRAISERROR('second', 16, 1)\nSELECT 5 AS still", {}, { sink }),
    ).rejects.toMatchObject({ message: expect.stringMatching(/^first/), number: 50000 });
    expect(sink.messages[0]).toMatchObject({ text: 'first', severity: 16, line: 1 });
  });

  it('leaves nothing to the next one: options, tables and the database', async () => {
    const one = { ...target, max_connections: 1 };
    await run('USE master; SET DATEFIRST 3; CREATE TABLE #left (n int)', {}, { on: one });
    const { rows } = await run(
      "SELECT db_name(), @@DATEFIRST, CASE WHEN object_id('tempdb..#left') IS NULL THEN 0 ELSE 1 END",
      {},
      { on: one },
    );
    expect(rows).toEqual([[target.database, 7, 0]]);
  });

  it('gives FOR JSON as one text', async () => {
    const { columns, rows } = await run("SELECT 1 AS a, N'x' AS b FOR JSON PATH");
    expect(columns[0]).toHaveLength(1);
    expect(JSON.parse(String(rows[0]?.[0]))).toEqual([{ a: 1, b: 'x' }]);
  });

  it('is held back by a slow taker, and loses no row', async () => {
    let rows = 0;
    const sink = collect({
      async onRow() {
        rows += 1;
        if (rows % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
      },
    });
    await run(
      `SELECT a.n, b.n, c.n, d.n FROM ${ten} a(n), ${ten} b(n), ${ten} c(n), ${ten} d(n), ${ten} e(n)`,
      {},
      { sink },
    );
    expect(rows).toBe(100_000);
  });
});

describe.skipIf(!found)('a transaction on SQL Server', () => {
  it.each([
    ['a statement fails', 'INSERT INTO %t VALUES (1)\nGO\nINSERT INTO %t VALUES (1)', {}],
    [
      'the result is not wanted',
      'INSERT INTO %t VALUES (1)',
      {
        onEnd: () => {
          throw new Error('not as expected');
        },
      },
    ],
  ])('is undone whole when %s', async (_, script, more) => {
    const table = fresh('undone');
    await run(`CREATE TABLE ${table} (n int PRIMARY KEY)`);
    const text = script.replaceAll('%t', table);
    await expect(run(text, { transaction: true }, { sink: collect(more) })).rejects.toThrow(
      /not as expected|duplicate|unique/i,
    );
    expect((await run(`SELECT count(*) FROM ${table}`)).rows).toEqual([[0]]);
    await run(`DROP TABLE ${table}`);
  });

  it('is kept when all went well', async () => {
    const table = fresh('kept');
    await run(`CREATE TABLE ${table} (n int)\nGO\nINSERT INTO ${table} VALUES (7)`, { transaction: true });
    expect((await run(`SELECT n FROM ${table}`)).rows).toEqual([[7]]);
    await run(`DROP TABLE ${table}`);
  });

  it.each([
    ['read_uncommitted', 1],
    ['read_committed', 2],
    ['repeatable_read', 3],
    ['serializable', 4],
    ['snapshot', 5],
  ] as const)(
    'runs at the isolation level %s, in a transaction and without one',
    async (isolation, number) => {
      const asked = 'SELECT transaction_isolation_level FROM sys.dm_exec_sessions WHERE session_id = @@SPID';
      const level = isolation.replaceAll('_', ' ').toUpperCase();
      for (const transaction of [true, false]) {
        const found = await run(asked, { transaction, isolation }).then(
          ({ rows }) => rows[0]?.[0],
          // Babelfish knows not all of them, and says which one it was asked for.
          (error: Error) => error.message,
        );
        if (found !== number)
          expect(found).toContain(`Isolation level '${level}' is not currently supported`);
      }
    },
  );
});

describe.skipIf(!found)('a procedure on SQL Server', () => {
  it('takes and gives parameters, results and a return value', async () => {
    const name = fresh('usp');
    await run(`CREATE PROCEDURE ${name} @a int, @total int OUTPUT, @text nvarchar(50) OUTPUT AS
BEGIN
  SELECT @a AS given
  SET @total = @a * 2
  SET @text = @text + N'!'
  RETURN 5
END`);
    const sink = await run(name, {
      kind: 'procedure',
      parameters: [
        parameter('a', 21, { type: 'int' }),
        parameter('total', null, { type: 'int', direction: 'out' }),
        parameter('text', 'hello', { type: 'nvarchar(50)', direction: 'inout' }),
      ],
    });
    expect(sink.rows).toEqual([[21]]);
    expect(sink.output).toEqual({ values: { total: 42, text: 'hello!' }, returned: 5 });
    await run(`DROP PROCEDURE ${name}`);
  });
});

describe.skipIf(!found)('the way to SQL Server', () => {
  it('carries the cancelling of a query to the server, and is free for the next one', async () => {
    const [host = '', port = '1433'] = target.server.split(',');
    const types: number[] = [];
    const abort = new AbortController();
    const proxy = createServer((local) => {
      const remote = connect(Number(port), host);
      // The first byte of a packet is its type: 1 is a batch, 6 the attention that cancels one (MS-TDS 2.2.3.1.1).
      local.on('data', (bytes) => {
        types.push(bytes[0] ?? 0);
        if (bytes.toString('utf16le').includes('SELECT count')) abort.abort();
      });
      local.pipe(remote).pipe(local);
      local.on('error', () => remote.destroy());
      remote.on('error', () => local.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const on = { ...target, server: `127.0.0.1,${(proxy.address() as { port: number }).port}` };
    const running = run(endless, {}, { on, signal: abort.signal });
    await expect(running).rejects.toThrow('The query was cancelled');
    expect(types.at(-1)).toBe(6);
    expect((await run('SELECT 1', {}, { on })).rows).toEqual([[1]]);
    proxy.close();
  });

  it('ends a query at the command timeout', async () => {
    await expect(run(endless, {}, { on: { ...target, command_timeout_seconds: 1 } })).rejects.toThrow(
      /command timeout of 1 s/,
    );
  });

  it('is shared by a pool of its size, whose others wait', async () => {
    const on = { ...target, connection_id: fresh('pool'), max_connections: 2 };
    const abort = new AbortController();
    const three = [1, 2, 3].map(() =>
      run(endless, {}, { on, signal: abort.signal }).catch((error: Error) => error.message),
    );
    await expect
      .poll(() => client.pools().find((pool) => pool.connection_id === on.connection_id), { timeout: 10_000 })
      .toMatchObject({ max: 2, open: 2, in_use: 2, waiting: 1 });
    abort.abort();
    expect(await Promise.all(three)).toEqual(Array(3).fill('The query was cancelled'));
    client.forget(on.connection_id);
    expect(client.pools().some((pool) => pool.connection_id === on.connection_id)).toBe(false);
    expect((await run('SELECT 1', {}, { on })).rows).toEqual([[1]]);
  });

  it('tells what is wrong with it, and no password', async () => {
    const refused = async (change: Partial<typeof target>) => {
      const on = { ...target, ...change };
      const error = await run('SELECT 1', {}, { on }).then(
        () => new Error('went through'),
        (failure: Error) => failure,
      );
      expect(error.message).not.toContain('Canary-Password');
      return error.message;
    };
    expect(
      await refused({ login: { kind: 'sql', username: 'nobody_here', password: 'Canary-Password' } }),
    ).toMatch(/refused the login "nobody_here"/);
    expect(await refused({ database: 'no_such_database' })).toMatch(
      /database "no_such_database" does not exist/,
    );
  });

  it('is tested with the version of the server', async () => {
    expect((await client.test(target, never)).version).not.toBe('');
  });
});

describe('a SQL Server that is not there', () => {
  const nowhere: SqlTarget = {
    driver: 'sqlserver',
    server: '127.0.0.1',
    port: 1,
    database: 'x',
    login: { kind: 'sql', username: 'app', password: 'Canary-Password' },
    encrypt: true,
    trust_server_certificate: false,
    connection_timeout_seconds: 2,
    command_timeout_seconds: 5,
    max_connections: 1,
  };
  const failure = (on: SqlTarget) =>
    run('SELECT 1', {}, { on }).then(
      () => 'went through',
      (error: Error) => error.message,
    );

  it('is told by its address and what to look at', async () => {
    expect(await failure(nowhere)).toMatch(/127\.0\.0\.1,1 can't be reached.*TCP\/IP switched on/);
    expect(await failure({ ...nowhere, server: 'no-such-host.invalid' })).toMatch(
      /no machine no-such-host\.invalid by that name/,
    );
    expect(await failure({ ...nowhere, server: '127.0.0.1\\NOPE' })).toMatch(/SQL Server Browser/);
  });

  it('or does not answer is given up after the connection timeout', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    expect(await failure({ ...nowhere, port })).toMatch(/did not answer in time \(2 s\)/);
    silent.close();
  });

  it.each([
    ['off', 0],
    ['not supported', 2],
  ])(
    'or says that its encryption is %s gets no login when encryption is asked for',
    async (_, encryption) => {
      const kinds: (number | undefined)[] = [];
      const plain = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.on('data', (packet) => {
          kinds.push(packet[0]);
          // MS-TDS 2.2.6.5: VERSION at 11 of 6 bytes, ENCRYPTION at 17 of 1 byte, the end.
          const body = Buffer.from([0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 255, 16, 0, 0, 0, 0, 0, encryption]);
          const head = Buffer.from([4, 1, 0, 8 + body.length, 0, 0, 1, 0]);
          socket.write(Buffer.concat([head, body]));
        });
      });
      await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
      const { port } = plain.address() as { port: number };
      const refused = await run('SELECT 1', {}, { on: { ...nowhere, port } }).then(
        () => undefined,
        (error: Error) => error,
      );
      expect(refused).toMatchObject({ error_class: 'configuration' });
      expect(refused?.message).toMatch(/offers no encryption, so nothing was sent to it/);
      // The question alone, and never the login (0x10).
      expect(kinds).toEqual([0x12]);
      plain.close();
    },
  );

  it('needs Windows for a Windows login, in one clear line', async () => {
    if (process.platform === 'win32') return;
    expect(await failure({ ...nowhere, login: { kind: 'windows', odbc_driver: 'ODBC Driver 17' } })).toMatch(
      /Windows authentication needs Windows, the package msnodesqlv8/,
    );
  });
});
