// A result of a million rows as CSV, JSON and Excel: time, size, memory, and the lateness of others. [ROWS=1000000] [FORMATS=csv,json,excel]
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { percentile, report, startProgram, temporaryFolder, usageOf, wait, writeJobs } from './support.mjs';

const rows = Number(process.argv[2] ?? 1_000_000);
const formats = (process.argv[3] ?? 'csv,json,excel').split(',');
/** `Server=HOST,PORT;Database=...;User Id=...;Password=...`: the rows come from there instead of an SQLite file. */
const server = process.env.TEST_SQLSERVER_URL;

function connectionLines() {
  if (!server) return ['connection: {driver: sqlite, database: source.db}'];
  const parts = Object.fromEntries(
    server.split(';').map((part) => part.split('=').map((text) => text.trim())),
  );
  const connection = {
    server: parts.Server,
    database: parts.Database,
    username: parts['User Id'],
    password: parts.Password,
    encrypt: /true|yes/i.test(parts.Encrypt ?? ''),
    trust_server_certificate: true,
    command_timeout: 600,
  };
  return [`connection: ${JSON.stringify(connection)}`];
}

const digits = '(VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9))';
const query = server
  ? `SELECT TOP (${rows}) a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n + 100000 * f.n AS id,
  N'customer number ' + CAST(a.n + 10 * b.n AS nvarchar(10)) AS name, CAST(1234.56 AS decimal(12,2)) AS amount,
  CAST('2026-11-24' AS date) AS day, CAST('2026-11-24 08:30:00.123' AS datetime2(3)) AS at,
  CAST(NULL AS int) AS missing, CAST(a.n AS float) / 3 AS ratio, N'=1+1' AS note
FROM ${['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `${digits} ${name}(n)`).join(' CROSS JOIN ')}`
  : `WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < ${rows})
SELECT x AS id, 'customer number ' || (x % 100) AS name, x * 1.01 AS amount, '2026-11-24' AS day,
  '2026-11-24 08:30:00.123' AS at, NULL AS missing, x / 3.0 AS ratio, '=1+1' AS note FROM n`;

/** Processes that the program started, as far as they can be seen. */
function childrenOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number);
  } catch {
    return [];
  }
}

const extensions = { csv: 'csv', json: 'json', excel: 'xlsx' };
for (const format of formats) {
  const folder = temporaryFolder();
  const file = join(folder, `report.${extensions[format]}`);
  const config = writeJobs(folder, [
    [
      'id: fill',
      'type: sql',
      'connection: {driver: sqlite, database: source.db}',
      'query: CREATE TABLE t (x)',
      'max_retries: 0',
    ],
    [
      'id: big_report',
      'type: sql',
      ...connectionLines(),
      `query: ${JSON.stringify(query)}`,
      `output_format: ${format}`,
      `output_path: ${JSON.stringify(file)}`,
      'max_retries: 0',
      'timeout: 1800',
    ],
  ]);
  const program = await startProgram({ folder, config });
  const ended = async (execution_id) => {
    for (;;) {
      const { execution } = await program.api('GET', `/api/executions/${execution_id}`);
      if (execution.end_time !== null) return execution;
      await wait(250);
    }
  };
  await ended((await program.api('POST', '/api/jobs/fill/run')).execution_id);
  await wait(1000);
  const before = usageOf(program.pid)?.rssMb ?? 0;
  const { execution_id } = await program.api('POST', '/api/jobs/big_report/run');
  let isOver = false;
  let peak = before;
  let workerPeak = 0;
  const latencies = [];
  const watch = (async () => {
    while (!isOver) {
      const begin = performance.now();
      await program.api('GET', '/api/jobs?limit=1');
      latencies.push(performance.now() - begin);
      peak = Math.max(peak, usageOf(program.pid)?.rssMb ?? 0);
      for (const child of childrenOf(program.pid))
        workerPeak = Math.max(workerPeak, usageOf(child)?.rssMb ?? 0);
      await wait(50);
    }
  })();
  const execution = await ended(execution_id);
  isOver = true;
  await watch;
  if (execution.status !== 'success') throw new Error(execution.error_message);
  report({
    bench: 'sql-export',
    source: server ? 'sqlserver' : 'sqlite',
    format,
    rows: execution.metadata.row_count,
    seconds: execution.duration_seconds,
    mb: Math.round(statSync(file).size / 1024 / 1024),
    rss_before_mb: Math.round(before),
    rss_added_mb: Math.round(peak - before),
    worker_peak_mb: Math.round(workerPeak),
    request_p99_ms: Math.round(percentile(latencies, 0.99)),
    left_behind: readdirSync(folder).filter((name) => name.endsWith('.part')).length,
  });
  await program.stop();
}
