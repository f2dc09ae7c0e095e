// The desktop application with 1,000 jobs: cold start to a usable window, memory of all its processes, idle CPU, and how
// late jobs start while the page is idle and while it is stuck
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from 'playwright';
import { percentile, temporaryFolder, writeJobs } from './support.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(root, 'node_modules', 'electron', 'dist');
const electron = statSync(dist, { throwIfNoEntry: false })?.isFile() ? dist : join(dist, 'electron');
if (!existsSync(electron)) {
  console.error('No Electron program found; set ELECTRON_OVERRIDE_DIST_PATH to a folder with one');
  process.exit(1);
}

/** A screen where there is none. */
async function ensureDisplay() {
  if (process.env.DISPLAY || process.platform !== 'linux') return;
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1440x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  process.on('exit', () => server.kill());
  const number = await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.stdio[3].once('data', (text) => resolve(String(text).trim()));
  });
  process.env.DISPLAY = `:${number}`;
}

/** The process and all its children, by /proc. */
function treeOf(pid) {
  const parents = new Map();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  const tree = [pid];
  for (let index = 0; index < tree.length; index += 1)
    for (const [child, parent] of parents) if (parent === tree[index]) tree.push(child);
  return tree;
}
/** MB that these processes hold together; what they share counts once (PSS). */
function memoryOf(pids) {
  return (
    pids.reduce((sum, pid) => {
      const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      return sum + Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0);
    }, 0) / 1024
  );
}
function cpuSecondsOf(pids) {
  return pids.reduce((sum, pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return sum + (Number(fields[11]) + Number(fields[12])) / 100;
  }, 0);
}

await ensureDisplay();
const folder = temporaryFolder();
const jobs = Array.from({ length: 1000 }, (_, index) => [
  `id: job_${index}`,
  `name: Job ${String(index).padStart(4, '0')}`,
  'type: command',
  'command: node',
  "arguments: ['--version']",
  'schedule: { type: cron, cron_params: { hour: 3, minute: 15 } }',
]);
const config = writeJobs(folder, jobs);
const args = [root, '--data', join(folder, 'data'), '--config', config];
if (process.getuid?.() === 0) args.push('--no-sandbox');

async function open() {
  const started = performance.now();
  const app = await _electron.launch({ executablePath: electron, args, timeout: 120_000 });
  const page = await app.firstWindow({ timeout: 120_000 });
  await page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor({ timeout: 120_000 });
  await page.getByRole('link', { name: /Jobs\s*1,?000/ }).waitFor({ timeout: 120_000 });
  return { app, page, ms: performance.now() - started };
}

const first = await open();
await first.app.close();
const runs = [];
for (let count = 0; count < 3; count += 1) {
  const again = await open();
  runs.push(again);
  if (count < 2) await again.app.close();
}
const times = runs.map(({ ms }) => ms).sort((a, b) => a - b);
const { app } = runs[2];
await new Promise((resolve) => setTimeout(resolve, 15_000));
const tree = treeOf(app.process().pid);
const before = cpuSecondsOf(tree);
const seconds = 20;
await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
const cpu = ((cpuSecondsOf(tree) - before) / seconds) * 100;
const { page } = runs[2];
/** An operation as the page calls it. */
const call = (id, input) =>
  page.evaluate(([channel, raw]) => window.desktop.invoke(channel, raw), [`api:${id}`, input]);

/** How late the runs of some seconds began, in ms, ascending. */
async function latenessOf(job_id, work) {
  const from = Date.now();
  await work();
  const { body } = await call('executions.list', { query: { job_id, limit: 1000 } });
  return body.executions
    .filter((row) => row.scheduled_time && Date.parse(row.scheduled_time) >= from)
    .map((row) => Date.parse(row.start_time) - Date.parse(row.scheduled_time))
    .sort((a, b) => a - b);
}
const yaml =
  "jobs:\n  - {id: each_second, type: command, command: 'true', schedule: {type: cron, cron_params: {second: '*'}}}\n";
await call('jobs.import', { body: { yaml } });
const busySeconds = 20;
const idle = await latenessOf(
  'each_second',
  () => new Promise((resolve) => setTimeout(resolve, busySeconds * 1000)),
);
const busy = await latenessOf('each_second', () =>
  page.evaluate((milliseconds) => {
    const until = performance.now() + milliseconds;
    while (performance.now() < until);
  }, busySeconds * 1000),
);
const figures = (values) =>
  `p50 ${percentile(values, 0.5)} ms, most ${values.at(-1)} ms of ${values.length} runs`;

console.log(`first start, jobs read from the file   ${(first.ms / 1000).toFixed(2)} s`);
console.log(
  `start to a usable window               ${times.map((ms) => (ms / 1000).toFixed(2)).join(', ')} s   (bar 3 s)`,
);
console.log(
  `memory of ${tree.length} processes (PSS)          ${memoryOf(tree).toFixed(0)} MB   (bar 350 MB)`,
);
console.log(`idle CPU over ${seconds} s                     ${cpu.toFixed(2)} %   (bar 1 %)`);
console.log(`starts, the page idle                  ${figures(idle)}`);
console.log(`starts, the page stuck in a loop       ${figures(busy)}`);
await app.close();
process.exit(0);
