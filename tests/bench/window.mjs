// The window: the dashboard's first paint and its scripts, a long table that is scrolled, a flood of output. [RUNS=7]
// Needs a Chromium. Ends with 1 when a bar is missed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  importTypeScript,
  launchChromium,
  percentile,
  report,
  startProgram,
  temporaryFolder,
} from './support.mjs';
import { floodJobs, floodScript, measureFlood } from './support-flood.mjs';
import { measureTable } from './support-table.mjs';

const runs = Number(process.argv[2] ?? 7);
const seed = await importTypeScript('tests/support/seed-history.ts');
const round = (value) => Math.round(value);
const bars = [];
const bar = (what, value, most) => bars.push({ what, value, most, ok: value <= most });

/** A program with so many jobs, and rows of their history. */
async function filled(jobs, rows) {
  const folder = temporaryFolder();
  const config = join(folder, 'jobs.yaml');
  writeFileSync(config, seed.manyJobs(jobs));
  // The first start makes the tables.
  await (await startProgram({ folder, config })).stop();
  seed.seedHistory(join(folder, 'data'), { rows, jobs });
  return startProgram({ folder, config });
}

async function login(browser, program) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.request.post(`${program.address}/api/login`, { data: { key: program.key } });
  return context;
}

/** One visit with an empty cache: when something is painted, and when all figures are there. */
async function visit(browser, program) {
  const context = await login(browser, program);
  const page = await context.newPage();
  const scripts = [];
  page.on('response', (reply) => {
    if (/\.js$/.test(reply.url()))
      scripts.push({
        name: reply.url().split('/').at(-1),
        reply,
        bytes: Number(reply.headers()['content-length'] ?? 0),
      });
  });
  await page.goto(program.address);
  await page.getByRole('region', { name: 'Needs attention' }).getByRole('listitem').first().waitFor();
  const figures = await page.evaluate(() => ({
    painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
    complete: performance.now(),
  }));
  await context.close();
  return {
    ...figures,
    bytes: scripts.reduce((sum, script) => sum + script.bytes, 0),
    unsized: scripts.filter(({ bytes }) => bytes === 0).map(({ name }) => name),
    editor: scripts.map(({ name }) => name).filter((name) => /monaco|editor|yaml/.test(name)),
  };
}

const browser = await launchChromium();
const dashboard = await filled(1000, 100_000);
const visits = [];
for (let run = 0; run < runs; run += 1) visits.push(await visit(browser, dashboard));
await dashboard.stop();
const [first] = visits;
const paint = {
  painted_median_ms: round(
    percentile(
      visits.map(({ painted }) => painted),
      0.5,
    ),
  ),
  painted_most_ms: round(Math.max(...visits.map(({ painted }) => painted))),
  complete_median_ms: round(
    percentile(
      visits.map(({ complete }) => complete),
      0.5,
    ),
  ),
  complete_first_ms: round(first.complete),
  script_kb: round(first.bytes / 1024),
};
if (first.unsized.length > 0) throw new Error(`scripts of unknown size: ${first.unsized.join(', ')}`);
bar('first paint of the dashboard, 1,000 jobs and 100,000 rows, ms', paint.painted_median_ms, 1500);
bar('scripts it loads, kB compressed', paint.script_kb, 350);
bar('files of the editor among them', first.editor.length, 0);

const long = await filled(10_000, 20_000);
const table = await measureTable(await login(browser, long), long.address);
await long.stop();
bar('rows missing while 10,000 are scrolled', table.blank_rows_most, 0);

const folder = temporaryFolder();
const config = join(folder, 'jobs.yaml');
writeFileSync(config, floodJobs);
writeFileSync(join(folder, 'flood.js'), floodScript);
const busy = await startProgram({ folder, config });
const flood = await measureFlood(() => login(browser, busy), busy);
await busy.stop();
await browser.close();
bar('pieces of a flood sent to a client a second', flood.pieces_a_second_most, 60);
bar('behind while 20,000 lines a second are printed, ms (99 of 100)', flood.behind_p99_ms, 200);
bar('clients that read nothing and are kept', flood.slow_client_dropped ? 0 : 1, 0);
bar('runs meanwhile whose start or end was not told', flood.other_runs_not_told, 0);

for (const { what, value, most, ok } of bars)
  console.log(`${ok ? 'met   ' : 'MISSED'}  ${what}: ${value} (at most ${most})`);
if (bars.some(({ ok }) => !ok)) process.exitCode = 1;
report({ paint, table, flood });
