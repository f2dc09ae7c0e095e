// Makes the pictures of the README anew: the built program with sample jobs and two weeks of their history, looked at
// in a real Chromium. Usage: npm run pictures. Writes docs/images/*.png; needs a Chromium (CHROMIUM names another).
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importTypeScript, launchChromium, startProgram, temporaryFolder } from '../tests/bench/support.mjs';

const images = fileURLToPath(new URL('../docs/images/', import.meta.url));
const size = { width: 1280, height: 800 };
const largestBytes = 150_000;

const folder = temporaryFolder('jobs-');
const { seedSampleDays, writeSampleJobs } = await importTypeScript('tests/support/sample-day.ts');
const config = writeSampleJobs(join(folder, 'jobs'));
await seedSampleDays(join(folder, 'data'), Date.now());
const program = await startProgram({ folder, config, environment: { SAMPLE_STEP_MS: '400' } });
const browser = await launchChromium();

async function open(path, colorScheme) {
  const context = await browser.newContext({
    viewport: size,
    colorScheme,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
  });
  await context.request.post(`${program.address}/api/login`, { data: { key: program.key } });
  const page = await context.newPage();
  await page.goto(program.address + path);
  return page;
}

async function take(page, name) {
  const path = join(images, `${name}.png`);
  // A toast that is still up belongs to what was done before.
  await page.mouse.move(size.width / 2, 4);
  await page.screenshot({ path });
  await page.context().close();
  const { size: bytes } = statSync(path);
  console.log(`docs/images/${name}.png  ${Math.round(bytes / 1000)} kB`);
  if (bytes > largestBytes) throw new Error(`${path} has ${bytes} bytes; expected at most ${largestBytes}`);
}

mkdirSync(images, { recursive: true });
try {
  const { execution_id: failed } = await program.api('POST', '/api/jobs/nightly_load/run');
  await program.api('POST', '/api/jobs/orders_sync/run');
  const { execution_id } = await program.api('POST', '/api/jobs/backup_files/run');
  for (;;) {
    const { execution } = await program.api('GET', `/api/executions/${failed}`);
    if (execution.end_time !== null) break;
  }

  const live = await open(`/executions/${execution_id}`, 'dark');
  const log = live.getByRole('log', { name: 'Output' });
  await log.getByText('D:\\Shares\\Sales').first().waitFor({ timeout: 60_000 });
  await take(live, 'execution-dark');

  const dashboard = await open('/', 'light');
  await dashboard.getByRole('region', { name: 'Needs attention' }).getByText('Nightly load').waitFor();
  await dashboard.getByRole('progressbar').first().waitFor();
  await take(dashboard, 'dashboard-light');

  const editor = await open('/jobs/daily_sales_report/edit', 'light');
  const line = editor.locator('.monaco-editor:visible .view-line', { hasText: 'hour: 8' });
  await line.waitFor();
  await editor.getByRole('button', { name: 'Test run' }).click();
  await editor.getByRole('region', { name: 'Test run' }).getByRole('cell', { name: 'North' }).waitFor();
  await take(editor, 'editor-light');
} finally {
  await browser.close();
  await program.stop();
}
