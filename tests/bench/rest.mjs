// REST requests a second with a key over 20 connections: list of 50 jobs, health, run. [SECONDS=10]
import autocannon from 'autocannon';
import { report, startProgram, temporaryFolder, writeJobs } from './support.mjs';

const seconds = Number(process.argv[2] ?? 10);
const jobs = 1000;
const folder = temporaryFolder();
const config = writeJobs(
  folder,
  Array.from({ length: jobs }, (_, index) => [
    `id: job_${index}`,
    `name: Job number ${index}`,
    'type: command',
    "command: 'true'",
    'max_retries: 0',
    'max_instances: 100',
    `schedule: {type: cron, cron_params: {month: 1, day: 1, hour: ${index % 24}, minute: ${index % 60}}}`,
  ]),
);
const program = await startProgram({ folder, config, appConfig: 'scheduler: {max_queued: 100000}\n' });

async function load(path, method = 'GET') {
  const result = await autocannon({
    url: `${program.address}${path}`,
    method,
    connections: 20,
    duration: seconds,
    headers: { 'X-API-Key': program.key },
  });
  return {
    per_s: Math.round(result.requests.average),
    p99_ms: result.latency.p99,
    refused_4xx: result['4xx'],
    failed_5xx: result['5xx'] + result.errors + result.timeouts,
  };
}

await load('/api/health');
const figures = {
  list_of_50: await load('/api/jobs?limit=50'),
  health: await load('/api/health'),
  run: await load('/api/jobs/job_7/run', 'POST'),
};
await program.stop();
report(figures);
