// Retention of 300,000 of 1,000,000 executions while new ones come in: the longest wait of an insert, on the embedded store and, by TEST_SQLSERVER_URL, on SQL Server. [ROWS=1000000] [embedded|sql_server]
import { importTypeScript, percentile, report, temporaryFolder, wait } from './support.mjs';

const rows = Number(process.argv[2] ?? 1_000_000);
const only = process.argv[3];
const { createRetention, openStores } = await importTypeScript('tests/bench/history-stores.ts');

/** The rows lie over 90 days: three tenths of them are older than this. */
const keepDays = 63;
const nothing = { remove: async () => undefined };
const row = (index) => ({
  job_id: `new_${index % 50}`,
  job_name: 'A job that goes on',
  status: 'running',
  trigger: 'schedule',
  scheduled_time: Date.now(),
  start_time: Date.now(),
  retry_count: 0,
  max_retries: 0,
  metadata: {},
  owner: 'bench',
  slot_key: `slot ${index}`,
});

const round = (milliseconds) => Math.round(milliseconds * 10) / 10;
/** Runs begin and end, twenty a second, as long as `isGoing` says. */
async function runs(store, isGoing) {
  const waits = [];
  for (let index = 0; isGoing(); index += 1) {
    const started = performance.now();
    const id = await store.executions.insert(row(index));
    await store.executions.update(id, { status: 'success', end_time: Date.now() });
    waits.push(performance.now() - started);
    await wait(50);
  }
  return {
    p50_ms: round(percentile(waits, 0.5)),
    p99_ms: round(percentile(waits, 0.99)),
    longest_ms: round(Math.max(...waits)),
  };
}

const figures = { rows };
for await (const { name, store, another, close } of openStores(temporaryFolder(), rows, only)) {
  let isGoing = true;
  const quiet = runs(store, () => isGoing);
  await wait(10_000);
  isGoing = false;
  const before = await quiet;
  const retention = createRetention({
    executions: store.executions,
    outputs: nothing,
    artifacts: nothing,
    jobIds: () => [],
    rules: { keep_days: keepDays, keep_failed_days: null, keep_runs_per_job: null },
    clock: { now: Date.now, monotonic: () => performance.now() },
    timer: {
      after(ms, step) {
        const timer = setTimeout(step, ms);
        return () => clearTimeout(timer);
      },
    },
    logger: { info() {}, warning() {} },
  });
  // The server's rows are written by another program than the one that deletes, over a connection of its own.
  const writer = name === 'embedded' ? store : await another();
  isGoing = true;
  const busy = runs(writer, () => isGoing);
  const started = performance.now();
  const removed = await retention.sweep();
  const seconds = (performance.now() - started) / 1000;
  isGoing = false;
  const during = await busy;
  const again = performance.now();
  await retention.sweep();
  figures[name] = {
    removed,
    seconds: Math.round(seconds),
    run_before: before,
    run_during: during,
    nothing_left_ms: round(performance.now() - again),
  };
  if (writer !== store) await writer.close();
  await close();
}
report(figures);
