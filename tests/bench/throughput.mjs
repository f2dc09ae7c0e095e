// Short jobs a second, each a process with a row in the history, disk writes in full. [SECONDS=60]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { report, startProgram, temporaryFolder, usageOf, wait, writeJobs } from './support.mjs';

const seconds = Number(process.argv[2] ?? 60);
const jobs = 100;
/** Runs kept waiting, so that no place in the pool is ever free for want of work. */
const backlog = 200;
const places = 20;

/** What this machine can do at best now: the same processes with nothing around them. */
async function spawnAlone(milliseconds) {
  const begin = performance.now();
  let runs = 0;
  const worker = async () => {
    while (performance.now() - begin < milliseconds) {
      const child = spawn('true', { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
      child.stdout.resume();
      child.stderr.resume();
      await once(child, 'close');
      runs += 1;
    }
  };
  await Promise.all(Array.from({ length: places }, worker));
  return Math.round((runs * 1000) / (performance.now() - begin));
}

const spawn_alone_per_s = await spawnAlone(5000);
const folder = temporaryFolder();
const config = writeJobs(
  folder,
  Array.from({ length: jobs }, (_, index) => [
    `id: short_${index}`,
    'type: command',
    "command: 'true'",
    'max_retries: 0',
    'max_instances: 100',
  ]),
);
const program = await startProgram({ folder, config });
const job_ids = Array.from({ length: jobs }, (_, index) => `short_${index}`);
const ended = async (status) => (await program.api('GET', `/api/executions?limit=1&status=${status}`)).total;

let isOver = false;
const feed = (async () => {
  while (!isOver) {
    const { pending } = await program.api('GET', '/api/admin/job-queue/status');
    if (pending < backlog) await program.api('POST', '/api/jobs/bulk', { action: 'run', job_ids });
    else await wait(200);
  }
})();

await wait(3000);
const before = await ended('success');
const cpuBefore = usageOf(program.pid)?.cpuSeconds;
const begin = performance.now();
await wait(seconds * 1000);
const after = await ended('success');
const took = (performance.now() - begin) / 1000;
isOver = true;
await feed;
const usage = usageOf(program.pid);
const failed = await ended('failed');
await program.stop();

report({
  seconds: Math.round(took),
  spawn_alone_per_s,
  runs_per_s: Math.round((after - before) / took),
  // The program's own processor time, whatever else the machine does.
  cpu_ms_per_run: usage && Number((((usage.cpuSeconds - cpuBefore) * 1000) / (after - before)).toFixed(1)),
  failed,
  rss_mb: usage && Math.round(usage.rssMb),
});
