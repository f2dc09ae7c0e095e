// One program with a SQL Server (TEST_SQLSERVER_URL) that fails in every way while jobs run. [SECONDS=60] [RATE=20] [FAULT,...]
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importTypeScript, percentile, report, startProgram, temporaryFolder, wait } from './support.mjs';
import { benchDatabase, ledgerScript, readLedger } from './support-sqlserver.mjs';

const [seconds = 60, rate = 20] = process.argv.slice(2).map(Number);
const faults = (process.argv[4] ?? 'refused,dropped,half_open,reset,slow,killed').split(',');
/** Each job once in so many seconds; `RATE` runs a second together. */
const period = rate < 1 ? 30 : 10;
const jobs = Math.max(1, Math.round(rate * period));

const database = await benchDatabase('js_outage');
const { createFaultProxy } = await importTypeScript('tests/support/fault-proxy.ts');
const proxy = await createFaultProxy({ host: database.host, port: database.port });
const folder = temporaryFolder();
const ledger = join(folder, 'ledger');
mkdirSync(ledger);
const script = ledgerScript(folder, ledger);
const config = join(folder, 'jobs.yaml');
writeFileSync(
  config,
  `version: '2.0'\njobs:\n${Array.from(
    { length: jobs },
    (_, index) =>
      `  - {id: job_${index}, name: Job ${index}, type: command, command: sh, arguments: ['${script}', '0'], max_retries: 0, timeout: 60, schedule: {type: cron, cron_params: {second: '${index % period}-59/${period}'}}}`,
  ).join('\n')}\n`,
);
const start = () =>
  startProgram({
    folder,
    config,
    appConfig: `${database.settings(proxy.port)}\nscheduler: {thread_pool_size: 40}\n`,
    environment: { ...database.environment, LOG_LEVEL: process.env.LOG_LEVEL ?? 'CRITICAL' },
  });
let program = await start();
const health = () => program.api('GET', '/api/health');
/** Asks every 100 ms until it is so; ms it took, or undefined after the limit. */
const until = async (check, limitMs) => {
  const from = performance.now();
  while (performance.now() - from < limitMs) {
    if (check(await health())) return Math.round(performance.now() - from);
    await wait(100);
  }
  return undefined;
};
const isInStep = ({ details }) => details.database.remote === 'in_step';
const isDone = (one) => isInStep(one) && one.details.database.waiting === 0;
await until(isInStep, 30_000);
console.error(`database ${database.name}, ${jobs} jobs, ${rate} runs a second; ${folder}`);
await wait(Math.min(15_000, seconds * 1000));

const figures = {};
for (const fault of faults) {
  await proxy.set(fault === 'killed' ? 'refused' : fault);
  const began = performance.now();
  const told = await until(({ status }) => status === 'degraded', 30_000);
  const { details } = await health();
  const half = Math.max(0, seconds * 500 - (performance.now() - began));
  await wait(half);
  if (fault === 'killed') {
    process.kill(program.pid, 'SIGKILL');
    program = await start();
  }
  await wait(Math.max(0, seconds * 1000 - (performance.now() - began)));
  const waiting = (await health()).details.database.waiting;
  await proxy.set('none');
  const caughtUp = await until(isInStep, 120_000);
  figures[fault] = { told_ms: told, waiting, caught_up_ms: caughtUp, reason: details.database.reason };
  console.error(fault, JSON.stringify(figures[fault]));
  await wait(Math.min(10_000, seconds * 1000));
}
await program.api('POST', '/api/scheduler/pause', {});
const pausedAt = Date.now();
for (let tries = 0; tries < 240; tries += 1) {
  if ((await program.api('GET', '/api/admin/job-queue/status')).status === 'idle') break;
  await wait(250);
}
await until(isDone, 60_000);
const db = await database.open();
const { recordset: rows } = await db.request().query(
  `SELECT execution_id, job_id, status, trigger_type, CONVERT(nvarchar(30), scheduled_time, 126) AS slot,
     CONVERT(nvarchar(30), scheduled_until, 126) AS until_slot, CONVERT(nvarchar(30), start_time, 126) AS started
   FROM job_execution_history_V2`,
);
const local = await program.api('GET', '/api/executions?limit=1');
await program.stop();

const { begun, ended } = readLedger(ledger);
const bySlot = new Map();
const told = new Map();
for (const row of rows) {
  if (row.slot === null) continue;
  const at = Date.parse(`${row.slot}Z`);
  const key = `${row.job_id} ${new Date(at).toISOString()}`;
  bySlot.set(key, [...(bySlot.get(key) ?? []), row]);
  if (row.until_slot !== null)
    told.set(row.job_id, [...(told.get(row.job_id) ?? []), [at, Date.parse(`${row.until_slot}Z`)]]);
}
// Every slot of the rules between a job's first run and the pause is a run or is told as not run.
const lost = [];
for (let index = 0; index < jobs; index += 1) {
  const id = `job_${index}`;
  const mine = [...begun.keys()]
    .filter((key) => key.startsWith(`${id} `))
    .map((key) => Date.parse(key.split(' ')[1]));
  if (mine.length === 0) lost.push(`${id} never ran`);
  for (let at = Math.min(...mine); at < pausedAt - 5000; at += period * 1000) {
    const isTold = (told.get(id) ?? []).some(([from, to]) => at >= from && at <= to);
    if (!isTold && !bySlot.has(`${id} ${new Date(at).toISOString()}`))
      lost.push(`${id} ${new Date(at).toISOString()}`);
  }
}
const lists = {
  lost,
  /** Ran to its end, and the server does not say so. */
  result_lost: [...ended.keys()].filter(
    (key) => !bySlot.get(key)?.some(({ status }) => status === 'success' || status === 'interrupted'),
  ),
  ran_twice: [...begun].filter(([, list]) => list.length > 1).map(([key]) => key),
  doubled_rows: [...bySlot].filter(([, list]) => list.length > 1).map(([key]) => key),
  phantom: rows
    .filter(({ status, slot }) => status === 'success' && slot !== null)
    .map((row) => `${row.job_id} ${new Date(`${row.slot}Z`).toISOString()}`)
    .filter((key) => !ended.has(key)),
  unfinished: rows
    .filter(({ status }) => status === 'pending' || status === 'running')
    .map((row) => row.execution_id),
};
for (const [name, list] of Object.entries(lists))
  for (const one of list.slice(0, 5)) console.error(name, one);
const lateness = rows
  .filter(({ status }) => status === 'success')
  .map((row) => Date.parse(`${row.started}Z`) - Date.parse(`${row.slot}Z`));
const byStatus = {};
for (const { status } of rows) byStatus[status] = (byStatus[status] ?? 0) + 1;
report({
  seconds,
  rate,
  runs: begun.size,
  ...Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.length])),
  rows_here: local.total,
  rows_on_server: rows.length,
  by_status: byStatus,
  lateness_p50_ms: percentile(lateness, 0.5),
  lateness_p99_ms: percentile(lateness, 0.99),
  lateness_max_ms: percentile(lateness, 1),
  faults: figures,
});
await db.close();
await proxy.close();
if (!process.argv.includes('--keep')) await database.drop();
const isGood =
  Object.values(lists).every((list) => list.length === 0) &&
  local.total === rows.length &&
  Object.values(figures).every(({ told_ms, caught_up_ms }) => told_ms <= 10_000 && caught_up_ms <= 15_000);
process.exit(isGood ? 0 : 1);
