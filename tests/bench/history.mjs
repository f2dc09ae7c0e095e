// Pages of a history of 1,000,000 rows: p95 on the embedded store and, by TEST_SQLSERVER_URL, on SQL Server. [ROWS=1000000]
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { percentile, report, temporaryFolder } from './support.mjs';

const rows = Number(process.argv[2] ?? 1_000_000);
const asks = 40;
const root = fileURLToPath(new URL('../..', import.meta.url));
const outDir = join(root, 'out', 'bench');
await build({
  root,
  configFile: false,
  logLevel: 'silent',
  build: {
    ssr: 'tests/bench/history-stores.ts',
    outDir,
    target: 'node20',
    rollupOptions: { output: { format: 'es', entryFileNames: '[name].mjs' } },
  },
});
const { openStores } = await import(pathToFileURL(join(outDir, 'history-stores.mjs')).href);

const page = { limit: 50, offset: 0, sort: 'start_time', descending: true };
/** What the pages of the window ask: a page, and of how many. */
const questions = {
  newest: [{}, page],
  page_100: [{}, { ...page, offset: 5000 }],
  middle: [{}, { ...page, offset: Math.floor(rows / 2) }],
  failed: [{ status: ['failed', 'timeout'] }, page],
  one_job: [{ job_id: 'job_0042' }, page],
  one_day: [{ from: Date.now() - 86_400_000 }, page],
};

const figures = { rows };
for (const { name, store, close } of await openStores(temporaryFolder(), rows)) {
  const found = {};
  const all = [];
  for (const [question, [filter, wanted]] of Object.entries(questions)) {
    const times = [];
    for (let index = 0; index < asks; index += 1) {
      const started = performance.now();
      await Promise.all([store.executions.list(filter, wanted), store.executions.count(filter)]);
      times.push(performance.now() - started);
    }
    all.push(...times);
    found[`${question}_p95_ms`] = Math.round(percentile(times, 0.95) * 10) / 10;
  }
  found.all_p95_ms = Math.round(percentile(all, 0.95) * 10) / 10;
  figures[name] = found;
  await close();
}
report(figures);
