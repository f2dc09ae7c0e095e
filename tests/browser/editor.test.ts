import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noBrowser, sharedBrowser } from '../support/browser';
import { cursorAfter, editorReady, shownLines } from '../support/code-editor';
import { sharedProgram } from '../support/program';
import { openWindow, picture, seriousProblems } from '../support/window';

const report = `# what finance reads in the morning
id: report
name: Daily report
type: sql
connection:
  driver: sqlite
  database: ':memory:'
query: |
  SELECT 'north' AS region, 1504 AS orders
  UNION ALL SELECT 'south', 312   -- both halves
schedule:
  type: cron
  cron_params:
    hour: 8   # before nine
    minute: 30
    timezone: America/New_York
timeout: 300
# the end
`;
const program = sharedProgram((folder) => {
  const config = join(folder, 'jobs.yaml');
  writeFileSync(config, 'jobs: []\n');
  return { dataFolder: join(folder, 'data'), config };
});
const browser = sharedBrowser();

const save = async (job_id: string, yaml: string) => {
  await program().api('DELETE', `/api/jobs/${job_id}`);
  expect((await program().api('POST', '/api/jobs', { yaml })).status).toBe(201);
};
const textOf = async (job_id: string): Promise<string> =>
  (await program().api('GET', `/api/jobs/${job_id}`)).body.job.yaml;

describe.skipIf(noBrowser)(`the editor${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  it('takes a job from a template through a mistake, its mend and a trial to being saved', async () => {
    const { page, complaints } = await openWindow(browser(), program(), '/jobs/new?template=command');
    await editorReady(page);
    await page.getByText('From the template').waitFor();
    await cursorAfter(page, 'hour: 6');
    await page.keyboard.press('Backspace');
    await page.keyboard.insertText('25 # early');
    const problems = page.getByRole('region', { name: 'Problems' });
    await problems.getByText('schedule.cron_params.hour is 25; expected 0-23').waitFor();
    await page.locator('.squiggly-error').first().waitFor();
    await picture(page, 'editor-problem-light');
    await problems.getByRole('button', { name: 'Change to 23' }).click();
    await problems.getByText('No problems').waitFor();
    expect(await shownLines(page)).toContain('    hour: 23 # early');
    await page.getByText('Every day at 23:00').waitFor();

    await page.getByRole('button', { name: 'Test run' }).click();
    const trial = page.getByRole('region', { name: 'Test run' });
    await trial.getByText('Success').waitFor();
    await trial.getByText(process.version).first().waitFor();
    await picture(page, 'editor-test-run-light');
    expect((await program().api('GET', '/api/jobs/my_command')).status).toBe(404);

    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/^Saved, next run/).waitFor();
    await page.waitForURL('**/jobs/my_command/edit');
    expect(await textOf('my_command')).toContain('hour: 23 # early');
    expect(complaints).toEqual([]);
  });

  it('of two people the second sees what the first one changed, before anything is overwritten', {
    timeout: 240_000,
  }, async () => {
    await save('report', report);
    const made = await program().api('POST', '/api/keys', { name: 'anna', role: 'editor' });
    const ben = (await openWindow(browser(), program(), '/jobs/report/edit')).page;
    const anna = (await openWindow(browser(), program(), '/jobs/report/edit', { key: made.body.key })).page;
    for (const page of [ben, anna]) await editorReady(page);
    const type = async (page: typeof ben, line: string, text: string) => {
      await cursorAfter(page, line);
      await page.keyboard.press('Backspace');
      await page.keyboard.insertText(text);
      await page.getByText('Unsaved').waitFor();
    };
    await type(ben, 'timeout:', '9');
    await type(anna, 'minute: 30', '5');
    await anna.keyboard.press('Control+s');
    await anna.getByText(/^Saved, next run/).waitFor();

    // It is said at once, and what is being written stays in peace.
    await ben.getByText('anna saved this job').waitFor();
    expect(await ben.getByRole('alertdialog').count()).toBe(0);
    await ben.keyboard.press('Control+s');
    const conflict = ben.getByRole('alertdialog', { name: 'Somebody else changed this job' });
    const did = conflict.getByRole('region', { name: 'What they changed' });
    await did.getByText('+     minute: 35').waitFor();
    expect(await did.getByText('-     minute: 30').count()).toBe(1);
    await conflict.locator('.line-delete, .line-insert').first().waitFor();
    expect(await seriousProblems(ben)).toEqual([]);
    await picture(ben, 'editor-conflict-light');
    expect(await textOf('report')).toBe(report.replace('minute: 30', 'minute: 35'));

    await conflict.getByRole('button', { name: 'Go on editing' }).click();
    await ben.getByRole('button', { name: 'See what changed' }).click();
    await conflict.getByRole('button', { name: 'Merge by hand' }).click();
    await ben.getByRole('tab', { name: 'Changes', selected: true }).waitFor();
    await ben.keyboard.press('Control+s');
    await ben.getByText(/^Saved, next run/).waitFor();
    expect(await textOf('report')).toBe(report.replace('300', '309'));
  });

  it('edits one text by form and by typing, and keeps every comment', async () => {
    await save('report', report);
    const { page } = await openWindow(browser(), program(), '/jobs/report/edit?tab=form', { theme: 'dark' });
    await editorReady(page);
    await page.getByLabel('Name').fill('Morning report');
    await page.getByLabel('At', { exact: true }).fill('09:45');
    await page.getByLabel('Time zone').fill('Europe/Berlin');
    await page.getByLabel('Time limit, seconds').fill('600');
    await page.locator('.view-line', { hasText: 'hour: 9' }).waitFor();
    await page.getByText('Every day at 09:45 (Europe/Berlin)').waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    await picture(page, 'editor-form-dark');
    await page.keyboard.press('Control+s');
    await page
      .getByText(/^Saved/)
      .first()
      .waitFor();
    expect(await textOf('report')).toBe(
      `${report
        .replace('Daily report', 'Morning report')
        .replace('hour: 8 ', 'hour: 9 ')
        .replace('minute: 30', 'minute: 45')
        .replace('America/New_York', 'Europe/Berlin')
        .replace('timeout: 300\n', 'timeout: 600\n')}`,
    );
  });
});
