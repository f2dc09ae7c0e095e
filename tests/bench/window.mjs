// First paint of the dashboard with 1,000 jobs and 100,000 rows of history, and the size of what it loads.
// Usage: node tests/bench/window.mjs [runs]. Needs a built program (npm run build) and a Chromium.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'job-scheduler-bench-'));
const seedFolder = join(root, 'out', 'bench');
const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path && existsSync(path),
);
const limits = { paintMs: 1500, scriptBytes: 350 * 1024 };
const counts = { jobs: 1000, rows: 100_000 };

/** The seeding functions are TypeScript of the tests: bundled for this run, where packages are found. */
async function seeding() {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: { ssr: 'tests/support/seed-history.ts', outDir: seedFolder, emptyOutDir: false },
    ssr: { external: ['@photostructure/sqlite'] },
  });
  return import(join(seedFolder, 'seed-history.js'));
}

async function start() {
  const child = spawn(
    process.execPath,
    [
      join(root, 'out/main/headless.js'),
      '--data',
      join(folder, 'data'),
      '--config',
      join(folder, 'jobs.yaml'),
      '--port',
      '0',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += chunk;
    if (/is running/.test(printed) && printed.includes('\n\n')) break;
  }
  return { child, address: /http:\/\/[^\s/]+/.exec(printed)?.[0] };
}

async function stop({ child }) {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function visit(browser, address, key) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.request.post(`${address}/api/login`, { data: { key } });
  const page = await context.newPage();
  const scripts = [];
  page.on('response', (reply) => {
    if (reply.url().endsWith('.js')) scripts.push(Number(reply.headers()['content-length'] ?? 0));
  });
  await page.goto(address);
  await page.getByRole('region', { name: 'Needs attention' }).getByRole('listitem').first().waitFor();
  const times = await page.evaluate(() => ({
    painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    complete: performance.now(),
  }));
  await context.close();
  return { ...times, scriptBytes: scripts.reduce((sum, size) => sum + size, 0), scripts: scripts.length };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const runs = Number(process.argv[2] ?? 7);

try {
  if (!executablePath) throw new Error('no Chromium found; install it or set CHROMIUM');
  const { manyJobs, seedHistory } = await seeding();
  writeFileSync(join(folder, 'jobs.yaml'), manyJobs(counts.jobs));
  await stop(await start());
  seedHistory(join(folder, 'data'), counts);
  const program = await start();
  const key = readFileSync(join(folder, 'data', 'admin.key'), 'utf8').trim();
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const visits = [];
  for (let run = 0; run < runs; run += 1) visits.push(await visit(browser, program.address, key));
  await browser.close();
  await stop(program);
  const paint = median(visits.map((each) => each.painted));
  const complete = median(visits.map((each) => each.complete));
  const { scriptBytes, scripts } = visits[0];
  console.log(
    `dashboard with ${counts.jobs} jobs and ${counts.rows} rows, ${runs} visits with an empty cache`,
  );
  console.log(`first contentful paint  median ${Math.round(paint)} ms   (at most ${limits.paintMs})`);
  console.log(
    `all figures shown       median ${Math.round(complete)} ms, first ${Math.round(visits[0].complete)} ms`,
  );
  console.log(
    `scripts, compressed     ${(scriptBytes / 1024).toFixed(0)} kB in ${scripts} files   (at most ${limits.scriptBytes / 1024})`,
  );
  if (paint > limits.paintMs || scriptBytes > limits.scriptBytes) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
