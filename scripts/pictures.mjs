// Makes the pictures of the README and of docs/ anew: the built program with sample jobs and two weeks of their history, looked at
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

async function open(path, colorScheme, isKnown = true) {
  const context = await browser.newContext({
    viewport: size,
    colorScheme,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
  });
  if (isKnown) await context.request.post(`${program.address}/api/login`, { data: { key: program.key } });
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

/** What Script Job as > CREATE To of SSMS writes, in short. */
const agentScript = [
  [
    'Archive orders',
    'TSQL',
    'EXEC dbo.ArchiveOrders',
    '@freq_type=4, @freq_interval=3, @active_start_time=33000',
  ],
  [
    'Refresh stock',
    'TSQL',
    'EXEC dbo.RefreshStock',
    '@freq_type=8, @freq_interval=62, @freq_recurrence_factor=1, @freq_subday_type=4, @freq_subday_interval=20, @active_start_time=70000, @active_end_time=190000',
  ],
  [
    'Month end close',
    'CmdExec',
    'D:\\Finance\\close.exe /period $(ESCAPE_SQUOTE(DATE))',
    '@freq_type=32, @freq_interval=9, @freq_relative_interval=16, @freq_recurrence_factor=1, @active_start_time=220000',
  ],
]
  .map(
    ([name, subsystem, command, times]) => `EXEC msdb.dbo.sp_add_job @job_name=N'${name}';
EXEC msdb.dbo.sp_add_jobstep @job_name=N'${name}', @step_name=N'run', @subsystem=N'${subsystem}', @command=N'${command}', @database_name=N'sales';
EXEC msdb.dbo.sp_add_jobschedule @job_name=N'${name}', @name=N'times', @active_start_date=20260105, ${times};
EXEC msdb.dbo.sp_add_jobserver @job_name=N'${name}';`,
  )
  .join('\nGO\n');

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

  const login = await open('/login', 'light', false);
  await login.getByRole('button').first().waitFor();
  await take(login, 'login-light');

  const templates = await open('/jobs', 'light');
  await templates.getByRole('button', { name: 'From template…' }).click();
  await templates.getByRole('dialog').getByText('File backup').first().waitFor();
  await take(templates, 'templates-light');

  const check = await open('/scheduler?tab=check', 'light');
  await check.getByRole('button', { name: 'Check now' }).click();
  await check.getByRole('row').nth(2).waitFor();
  await check.getByRole('button', { name: 'Check now' }).waitFor();
  await take(check, 'check-light');

  const bringing = await open('/jobs?import=open', 'light');
  await bringing.getByRole('tab', { name: 'SQL Server Agent' }).click();
  await bringing.getByLabel('Time zone there').fill('America/New_York');
  await bringing.getByLabel('Text to import').fill(agentScript);
  await bringing.getByRole('button', { name: 'Preview' }).click();
  const jobs = bringing.getByRole('list', { name: 'Jobs of the source' });
  await jobs.getByText('Archive orders', { exact: true }).click();
  await jobs.getByText('only there').first().waitFor();
  await jobs.getByText(/^Next \d+ fire times/).evaluate((title) => title.scrollIntoView({ block: 'start' }));
  await take(bringing, 'import-light');
} finally {
  await browser.close();
  await program.stop();
}
