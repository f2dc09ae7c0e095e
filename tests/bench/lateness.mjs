// How late 100 jobs due in the same second start, with 20 places in the pool. [JOBS=100]
import { percentile, report, startProgram, temporaryFolder, wait, writeJobs } from './support.mjs';

const jobs = Number(process.argv[2] ?? 100);
const pool = 20;
const folder = temporaryFolder();
const program = await startProgram({
  folder,
  config: writeJobs(folder, [['id: unused', 'type: command', 'command: node', 'enabled: false']]),
  appConfig: `scheduler: {thread_pool_size: ${pool}}\n`,
});

const due = (Math.floor(Date.now() / 1000) + 8) * 1000;
const run_date = new Date(due).toISOString();
const yaml = Array.from(
  { length: jobs },
  (_, index) =>
    `  - {id: due_${index}, type: command, command: 'true', max_retries: 0, schedule: {type: date, run_date: '${run_date}'}}`,
);
await program.api('POST', '/api/jobs/import', { yaml: `jobs:\n${yaml.join('\n')}\n` });
await wait(Math.max(0, due - Date.now()));

const rows = [];
for (;;) {
  const { executions } = await program.api('GET', '/api/executions?limit=1000&status=success');
  if (executions.length >= jobs) {
    rows.push(...executions);
    break;
  }
  if (Date.now() > due + 60_000)
    throw new Error(`only ${executions.length} of ${jobs} ended well within a minute`);
  await wait(100);
}
await program.stop();

const lateness = rows
  .map((row) => Date.parse(row.start_time) - Date.parse(row.scheduled_time))
  .sort((a, b) => a - b);
report({
  jobs,
  pool,
  with_a_free_place_p50_ms: percentile(lateness.slice(0, pool), 0.5),
  with_a_free_place_max_ms: lateness[pool - 1],
  all_p50_ms: percentile(lateness, 0.5),
  all_p99_ms: percentile(lateness, 0.99),
  all_max_ms: lateness.at(-1),
});
