import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noBrowser, sharedBrowser } from '../support/browser';
import { sharedProgram } from '../support/program';
import { openWindow, picture, seriousProblems } from '../support/window';

const program = sharedProgram((folder) => {
  const config = join(folder, 'jobs.yaml');
  const job = (id: string, code: string, more = '') =>
    `  - id: ${id}\n    name: Job ${id}\n    type: command\n    command: node\n    max_retries: 0\n    arguments: [-e, "${code}"]\n${more}`;
  writeFileSync(
    config,
    `jobs:
${job('good', 'console.log(1)', '    schedule: {type: interval, interval_params: {hours: 2}}\n')}
${job('bad', "console.error('<img src=x onerror=alert(1)> no such table'); process.exit(3)")}
${job('long', 'setTimeout(() => 0, 600000)')}
`,
  );
  return { dataFolder: join(folder, 'data'), config };
});
const browser = sharedBrowser();

const run = async (job_id: string) =>
  (await program().api('POST', `/api/jobs/${job_id}/run`)).body.execution_id;
const ended = (execution_id: string) =>
  program().until(async () => {
    const { body } = await program().api('GET', `/api/executions/${execution_id}`);
    return body.execution.end_time !== null;
  }, `the end of ${execution_id}`);

describe.skipIf(noBrowser)(`the dashboard${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  it('says that nothing needs attention, then live what does, and lets it be run again', async () => {
    const { page, complaints } = await openWindow(browser(), program());
    await page.getByText('Nothing needs attention').first().waitFor();
    await ended(await run('bad'));
    await page.getByText('1 job needs attention').waitFor();
    const attention = page.getByRole('region', { name: 'Needs attention' });
    await attention
      .getByText(/exit code 3|Exit code 3|3/)
      .first()
      .waitFor();
    await attention.getByRole('button', { name: 'Run Job bad again' }).click();
    await page.getByText(/Job bad: Job execution/).waitFor();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('shows what runs, and stops it after one question', async () => {
    const { page } = await openWindow(browser(), program());
    const execution_id = await run('long');
    const running = page.getByRole('region', { name: 'Running now' });
    await running.getByText('Job long').waitFor();
    await running.getByRole('progressbar').waitFor();
    await running.getByRole('button', { name: 'Stop Job long' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Stop it' }).click();
    await ended(execution_id);
    await running.getByText('Nothing runs at the moment').waitFor();
  });

  it('draws runs and planned runs by job; a run leads to its execution, by mouse and by keyboard', async () => {
    const execution_id = await run('good');
    await ended(execution_id);
    const { page } = await openWindow(browser(), program(), '/?zoom=1h');
    const row = page.getByRole('group', { name: 'Job good' });
    await row
      .getByRole('button', { name: /^Success/ })
      .last()
      .focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/executions/${execution_id}`);
    await page.goBack();
    await page.getByLabel('Zoom of the timeline').selectOption('24h');
    await page
      .getByTitle(/^Planned/)
      .first()
      .waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  it.each(['light', 'dark'] as const)('has no serious barrier, %s', async (theme) => {
    const { page } = await openWindow(browser(), program(), '/', { theme });
    await page.getByRole('region', { name: 'Recent executions' }).getByRole('row').nth(1).waitFor();
    await page.getByRole('group', { name: /Outcomes of the week/ }).waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    await picture(page, `dashboard-${theme}`);
  });

  it('fits 1024 pixels and a zoom of 200 %, without scrolling sideways', async () => {
    for (const width of [1024, 720]) {
      const { page } = await openWindow(browser(), program(), '/', {
        width,
        height: width === 720 ? 450 : 768,
      });
      await page.getByRole('region', { name: 'Up next' }).waitFor();
      const overflow = await page.evaluate(() => {
        const main = document.getElementById('main') as HTMLElement;
        return main.scrollWidth - main.clientWidth;
      });
      expect(overflow).toBeLessThanOrEqual(0);
      await picture(page, `dashboard-${width}`);
    }
  });
});
