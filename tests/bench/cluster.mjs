// Three machines on one SQL Server (TEST_SQLSERVER_URL), one killed and one frozen in the middle. [MINUTES=10] [JOBS=200] [--clocks] [--keep]
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { percentile, report, startProgram, temporaryFolder, wait } from './support.mjs';
import { benchDatabase, ledgerScript, readLedger } from './support-sqlserver.mjs';

const [minutes = 10, jobs = 200] = process.argv
  .slice(2)
  .filter((one) => !one.startsWith('-'))
  .map(Number);
const database = await benchDatabase('js_cluster');
const folder = temporaryFolder();
const ledger = join(folder, 'ledger');
mkdirSync(ledger);
const script = ledgerScript(folder, ledger);
const empty = join(folder, 'jobs.yaml');
writeFileSync(empty, "version: '2.0'\njobs: []\n");

/** A clock that is ahead, by libfaketime (Linux). */
const faketime = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
].find((file) => existsSync(file));
const clocks = process.argv.includes('--clocks') ? { south: '+2s' } : {};
if (process.argv.includes('--clocks') && !faketime) {
  console.error('--clocks needs libfaketime (Debian: apt-get install libfaketime)');
  process.exit(2);
}

const start = (node) => {
  const own = join(folder, node);
  mkdirSync(own, { recursive: true });
  return startProgram({
    folder: own,
    config: empty,
    appConfig: `${database.settings()}
cluster: {enabled: true, node: ${node}, tags: [bench]}
scheduler: {thread_pool_size: 40}
`,
    environment: {
      ...database.environment,
      LOG_LEVEL: process.env.LOG_LEVEL ?? 'ERROR',
      ...(clocks[node]
        ? { LD_PRELOAD: faketime, FAKETIME: clocks[node], FAKETIME_DONT_FAKE_MONOTONIC: '1' }
        : {}),
    },
  });
};

console.error(`database ${database.name}, ${jobs} jobs, ${minutes} minutes; ${folder}`);
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
  return `  - {id: job_${index}, type: command, command: 'sh', arguments: ['${script}', '${seconds}'], max_retries: 0, schedule: ${schedule}}`;
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

const db = await database.open();
const { recordset: rows } = await db.request().query(
  `SELECT execution_id, job_id, status, machine, trigger_type, CONVERT(nvarchar(30), scheduled_time, 126) AS slot,
     CONVERT(nvarchar(30), start_time, 126) AS started FROM job_execution_history_V2`,
);
for (const one of Object.values(machines)) await one.stop();

const { begun, ended } = readLedger(ledger);
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
if (!process.argv.includes('--keep')) await database.drop();
const isGood =
  lost.length + duplicate.length + phantom.length + doubledRows.length + untold.length + unfinished.length ===
  0;
process.exit(isGood ? 0 : 1);
