// What a flood of output costs: memory, and how late other jobs start meanwhile. [BYTES=10e9]
import { percentile, report, startProgram, temporaryFolder, usageOf, wait, writeJobs } from './support.mjs';

const bytes = Number(process.argv[2] ?? 10e9);
const folder = temporaryFolder();
const program = await startProgram({
  folder,
  config: writeJobs(folder, [['id: unused', 'type: command', 'command: node', 'enabled: false']]),
});
const flood = (id, line) =>
  `  - {id: ${id}, type: command, command: "${line}", shell: true, timeout: 0, max_retries: 0}`;
const tick =
  "  - {id: tick, type: command, command: 'true', max_retries: 0, schedule: {type: interval, interval_params: {seconds: 1}}}";
const floods = {
  lines: `yes | head -c ${bytes}`,
  one_line_of_1_gb: "head -c 1000000000 /dev/zero | tr '\\\\0' x",
  no_text: 'head -c 300000000 /dev/urandom',
  only_nul: 'head -c 1000000000 /dev/zero',
};
const jobs = Object.entries(floods).map(([id, line]) => flood(id, line));
await program.api('POST', '/api/jobs/import', { yaml: `jobs:\n${[...jobs, tick].join('\n')}\n` });
// A secret makes every byte be looked at.
await program.api('PUT', '/api/secrets/canary', { value: 'canary-never-printed' });
await wait(5000);

const figures = {};
for (const id of Object.keys(floods)) {
  const before = usageOf(program.pid).rssMb;
  const from = new Date().toISOString();
  const started = performance.now();
  const { execution_id } = await program.api('POST', `/api/jobs/${id}/run`);
  let most = before;
  let row;
  do {
    await wait(200);
    most = Math.max(most, usageOf(program.pid).rssMb);
    row = (await program.api('GET', `/api/executions/${execution_id}`)).execution;
  } while (row.end_time === null);
  const seconds = (performance.now() - started) / 1000;
  const { executions } = await program.api(
    'GET',
    `/api/executions?job_id=tick&limit=1000&from=${encodeURIComponent(from)}`,
  );
  const late = executions
    .filter((one) => one.scheduled_time)
    .map((one) => Date.parse(one.start_time) - Date.parse(one.scheduled_time))
    .sort((a, b) => a - b);
  figures[id] = {
    status: row.status,
    bytes: row.metadata.output_bytes,
    stored_bytes: row.metadata.output_stored_bytes,
    excerpt_bytes: row.output.length,
    seconds: Math.round(seconds * 10) / 10,
    mb_per_second: Math.round(row.metadata.output_bytes / 1e6 / seconds),
    memory_before_mb: Math.round(before),
    memory_most_mb: Math.round(most),
    memory_more_mb: Math.round(most - before),
    other_runs: late.length,
    other_late_p50_ms: percentile(late, 0.5),
    other_late_max_ms: late.at(-1),
  };
}
await program.stop();
report(figures);
