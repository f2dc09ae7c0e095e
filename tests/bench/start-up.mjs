// Start-up with many jobs, first from a YAML file and then from the store; memory and idle load. [JOBS=10000]
import { report, startProgram, temporaryFolder, usageOf, wait, writeJobs } from './support.mjs';

const jobs = Number(process.argv[2] ?? 10_000);
const idleSeconds = 30;
const folder = temporaryFolder();
const config = writeJobs(
  folder,
  Array.from({ length: jobs }, (_, index) => [
    `id: job_${index}`,
    `name: Job number ${index}`,
    'type: command',
    'command: node',
    'arguments: [--version]',
    // Spread over the day, and none due while this measures.
    `schedule: {type: cron, cron_params: {day: 1, month: 1, hour: ${index % 24}, minute: ${index % 60}}}`,
  ]),
);

const first = await startProgram({ folder, config });
const firstUsage = usageOf(first.pid);
await first.stop();

const second = await startProgram({ folder, config });
const begin = usageOf(second.pid);
await wait(5000);
const settled = usageOf(second.pid);
await wait(idleSeconds * 1000);
const end = usageOf(second.pid);
const { total } = await second.api('GET', '/api/jobs?limit=1');
await second.stop();

report({
  jobs: total,
  first_start_from_yaml_s: Math.round(first.readyMs) / 1000,
  first_start_peak_mb: firstUsage && Math.round(firstUsage.peakMb),
  start_from_store_s: Math.round(second.readyMs) / 1000,
  rss_when_ready_mb: begin && Math.round(begin.rssMb),
  rss_settled_mb: settled && Math.round(settled.rssMb),
  idle_cpu_percent: end && Math.round(((end.cpuSeconds - settled.cpuSeconds) / idleSeconds) * 1000) / 10,
});
