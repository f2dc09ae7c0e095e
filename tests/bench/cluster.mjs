// Three machines on one SQL Server (TEST_SQLSERVER_URL), one killed and one frozen in the middle. [MINUTES=10] [JOBS=200] [--keep]
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sql from 'mssql';
import { percentile, report, startProgram, temporaryFolder, wait } from './support.mjs';

const url = process.env.TEST_SQLSERVER_URL;
if (!url) {
  console.error('TEST_SQLSERVER_URL is not set; expected Server=...;Database=...;User Id=...;Password=...');
  process.exit(2);
}
const [minutes = 10, jobs = 200] = process.argv
  .slice(2)
  .filter((one) => !one.startsWith('-'))
  .map(Number);
const given = Object.fromEntries(
  url
    .split(';')
    .filter(Boolean)
    .map((part) => [part.split('=')[0].trim().toLowerCase(), part.split('=').slice(1).join('=').trim()]),
);
const [host, port = '1433'] = given.server.split(',');
const database = `js_cluster_${randomBytes(4).toString('hex')}`;
const login = { user: given['user id'], password: given.password };
const pool = await new sql.ConnectionPool({
  ...login,
  server: host,
  port: Number(port),
  database: 'master',
  options: { encrypt: /true/i.test(given.encrypt), trustServerCertificate: true },
}).connect();
await pool.request().query(`CREATE DATABASE [${database}]`);

const folder = temporaryFolder();
const ledger = join(folder, 'ledger');
mkdirSync(ledger);
// Each run appends a line at its beginning and one at its end, in one write each, to the file of its job.
const script = join(folder, 'note.sh');
writeFileSync(
  script,
  `echo "begin $SCHEDULED_TIME $EXECUTION_ID $1" >> "${ledger}/$JOB_ID"
sleep "$2"
echo "end $SCHEDULED_TIME $EXECUTION_ID $1" >> "${ledger}/$JOB_ID"
`,
);
const empty = join(folder, 'jobs.yaml');
writeFileSync(empty, "version: '2.0'\njobs: []\n");

const start = (node) => {
  const own = join(folder, node);
  mkdirSync(own, { recursive: true });
  return startProgram({
    folder: own,
    config: empty,
    appConfig: `database: {server: '${host}', port: ${port}, database: ${database}, username: ${login.user}, encrypt: ${/true/i.test(given.encrypt)}, trust_server_certificate: true}
cluster: {enabled: true, node: ${node}, tags: [bench]}
scheduler: {thread_pool_size: 40}
`,
    environment: {
      JOB_SCHEDULER_DATABASE_PASSWORD: login.password,
      LOG_LEVEL: process.env.LOG_LEVEL ?? 'ERROR',
    },
  });
};

console.error(`database ${database}, ${jobs} jobs, ${minutes} minutes; ${folder}`);
const machines = { north: await start('north'), south: await start('south'), west: await start('west') };
const periods = [15, 20, 30, 45];
const crons = [20, 30, 60];
const yaml = Array.from({ length: jobs }, (_, index) => {
  const period = periods[index % periods.length] * Math.max(1, Math.ceil(jobs / 100));
  const seconds = index % 10 === 0 ? 6 : 0.2;
  // Half by the clock, half by intervals, whose phase the machines must agree on.
  const schedule =
    index % 2 === 0
      ? `{type: cron, cron_params: {second: '${crons[index % 3] === 60 ? index % 60 : `*/${crons[index % 3]}`}'}}`
      : `{type: interval, interval_params: {seconds: ${period}}}`;
  return `  - {id: job_${index}, type: command, command: 'sh', arguments: ['${script}', 'job_${index}', '${seconds}'], max_retries: 0, schedule: ${schedule}}`;
});
const began = Date.now();
await machines.north.api('POST', '/api/jobs/import', { yaml: `jobs:\n${yaml.join('\n')}\n` });

const end = began + minutes * 60_000;
const share = (part) => wait(Math.max(0, began + minutes * 60_000 * part - Date.now()));
await share(0.3);
const killedAt = Date.now();
process.kill(machines.north.pid, 'SIGKILL');
console.error('north is killed');
let takenOverMs;
for (;;) {
  await wait(250);
  const { machines: list } = await machines.south.api('GET', '/api/machines');
  if (list.find((one) => one.node === 'north')?.state === 'dead') {
    takenOverMs = Date.now() - killedAt;
    break;
  }
  if (Date.now() - killedAt > 60_000) break;
}
console.error(`north was given up after ${takenOverMs} ms`);
await share(0.5);
const frozenMs = Math.min(45_000, minutes * 60_000 * 0.2);
process.kill(machines.south.pid, 'SIGSTOP');
console.error('south is frozen');
await wait(frozenMs);
process.kill(machines.south.pid, 'SIGCONT');
console.error('south goes on');
await share(0.8);
machines.north = await start('north');
console.error('north is back');
await wait(Math.max(0, end - Date.now()));
/** Waits until all three say so; a minute is enough for any of it. */
const untilAll = async (isSo) => {
  for (let tries = 0; tries < 120; tries += 1) {
    const answers = await Promise.all(Object.values(machines).map((one) => isSo(one).catch(() => false)));
    if (answers.every(Boolean)) return;
    await wait(500);
  }
  console.error('not all machines came to rest');
};
const isInStep = async (one) => {
  const { details } = await one.api('GET', '/api/health');
  return details.database.remote === 'in_step' && details.database.waiting === 0;
};
await untilAll(isInStep);
const { machines: last } = await machines.west.api('GET', '/api/machines');
// No new slots; what runs ends.
await machines.west.api('POST', '/api/scheduler/pause', {});
const pausedAt = Date.now();
await untilAll(async (one) => (await one.api('GET', '/api/scheduler/status')).status === 'paused');
await wait(10_000);
await untilAll(async (one) => (await one.api('GET', '/api/admin/job-queue/status')).status === 'idle');
await untilAll(isInStep);
const states = await Promise.all(
  Object.values(machines).map((one) => one.api('GET', '/api/scheduler/status')),
);

const db = await new sql.ConnectionPool({
  ...login,
  server: host,
  port: Number(port),
  database,
  options: { encrypt: /true/i.test(given.encrypt), trustServerCertificate: true },
}).connect();
const { recordset: rows } = await db.request().query(
  `SELECT execution_id, job_id, status, machine, trigger_type, CONVERT(nvarchar(30), scheduled_time, 126) AS slot,
     CONVERT(nvarchar(30), start_time, 126) AS started FROM job_execution_history_V2`,
);
for (const one of Object.values(machines)) await one.stop();

const begun = new Map();
const ended = new Map();
for (let index = 0; index < jobs; index += 1) {
  const file = join(ledger, `job_${index}`);
  if (!existsSync(file)) continue;
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
    const [what, slot, execution] = line.split(' ');
    const key = `job_${index} ${slot}`;
    const list = what === 'begin' ? begun : ended;
    list.set(key, [...(list.get(key) ?? []), execution]);
  }
}
const slotText = (slot) => new Date(`${slot}Z`).toISOString();
const bySlot = new Map();
for (const row of rows) {
  if (row.slot === null) continue;
  const key = `${row.job_id} ${slotText(row.slot)}`;
  bySlot.set(key, [...(bySlot.get(key) ?? []), row]);
}
// Every slot of the rules between the first and the last that ran, of jobs by the clock; intervals go by their own phase.
const lost = [];
const missed = [];
for (let index = 0; index < jobs; index += 1) {
  const mine = [...begun.keys()]
    .filter((key) => key.startsWith(`job_${index} `))
    .map((key) => Date.parse(key.split(' ')[1]))
    .sort((a, b) => a - b);
  if (mine.length === 0) {
    lost.push(`job_${index} never ran`);
    continue;
  }
  const period =
    index % 2 === 0 ? crons[index % 3] : periods[index % periods.length] * Math.max(1, Math.ceil(jobs / 100));
  for (let at = mine[0]; at < pausedAt - 30_000; at += period * 1000) {
    const key = `job_${index} ${new Date(at).toISOString()}`;
    if (begun.has(key)) continue;
    const told = rows.some(
      (row) =>
        row.job_id === `job_${index}` &&
        ['missed', 'skipped', 'interrupted'].includes(row.status) &&
        row.slot !== null &&
        Date.parse(`${row.slot}Z`) <= at,
    );
    if (bySlot.has(key) && ['interrupted', 'skipped', 'missed'].includes(bySlot.get(key)[0].status))
      missed.push(key);
    else if (told && !bySlot.has(key)) missed.push(key);
    else lost.push(key);
  }
}
const duplicate = [...begun].filter(([, list]) => list.length > 1);
const phantom = rows.filter(
  (row) => row.status === 'success' && row.slot !== null && !ended.has(`${row.job_id} ${slotText(row.slot)}`),
);
const doubledRows = [...bySlot].filter(
  ([, list]) => list.filter((row) => row.trigger_type === 'schedule').length > 1,
);
const unfinished = rows.filter((row) => ['pending', 'running'].includes(row.status));
const untold = [...begun.keys()].filter((key) => !bySlot.has(key));
const lateness = rows
  .filter((row) => row.status === 'success')
  .map((row) => Date.parse(`${row.started}Z`) - Date.parse(`${row.slot}Z`));
const count = (key) => {
  const counts = {};
  for (const row of rows) counts[row[key] ?? '-'] = (counts[row[key] ?? '-'] ?? 0) + 1;
  return counts;
};
for (const [name, list] of Object.entries({ lost, duplicate, phantom, doubledRows, unfinished, untold }))
  for (const one of list.slice(0, 10)) console.error(name, JSON.stringify(one));
report({
  minutes,
  jobs,
  runs: begun.size,
  lost: lost.length,
  duplicate: duplicate.length,
  phantom: phantom.length,
  doubled_rows: doubledRows.length,
  ran_and_not_told: untold.length,
  unfinished: unfinished.length,
  told_as_missed_skipped_or_interrupted: missed.length,
  given_up_after_ms: takenOverMs,
  paused_everywhere: states.every((one) => one.status === 'paused'),
  by_status: count('status'),
  by_machine: count('machine'),
  lateness_p50_ms: percentile(lateness, 0.5),
  lateness_p99_ms: percentile(lateness, 0.99),
  lateness_max_ms: percentile(lateness, 1),
  machines: last.map((one) => `${one.node} ${one.state} #${one.fence}`),
});
await db.close();
if (!process.argv.includes('--keep'))
  await pool
    .request()
    .query(`DROP DATABASE [${database}]`)
    .catch(() => undefined);
await pool.close();
const isGood =
  lost.length + duplicate.length + phantom.length + doubledRows.length + untold.length + unfinished.length ===
  0;
process.exit(isGood ? 0 : 1);
