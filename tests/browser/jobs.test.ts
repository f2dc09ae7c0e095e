import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noBrowser, sharedBrowser } from '../support/browser';
import { sharedProgram } from '../support/program';
import { manyJobs } from '../support/seed-history';
import { openWindow, seriousProblems } from '../support/window';

/** Text that would do something if it were taken for more than text (negative test S67). */
const hostile = [
  '<img src=x onerror=alert(1)>',
  '<script>alert(2)</script>',
  '"><svg onload=alert(3)>',
  'javascript:alert(4)',
  '[click](javascript:alert(5))',
  '\u202Egnp.exe',
];

const program = sharedProgram((folder) => {
  const config = join(folder, 'jobs.yaml');
  const evil = hostile.map(
    (text, index) => `  - id: evil_${index}
    name: ${JSON.stringify(text)}
    description: ${JSON.stringify(`${text} described`)}
    type: command
    command: node
    tags: [${JSON.stringify(`tag ${text}`.slice(0, 50))}]
    arguments: [-e, 'console.log(1)'] # ${text.replace(/[^\x20-\x7e]/g, '')}
`,
  );
  const own = `  - id: with_params
    name: Asks for a day
    type: command
    command: node
    arguments: [-e, 'console.log(1)']
    params:
      rows: {type: integer, default: 5, description: how many}
      region: {type: choice, choices: [north, south], required: true}
`;
  writeFileSync(config, `${manyJobs(300)}${evil.join('')}${own}`);
  return { dataFolder: join(folder, 'data'), config };
});
const browser = sharedBrowser();
const open = (path: string, options = {}) => openWindow(browser(), program(), path, options);
const exists = async (id: string) => (await program().api('GET', `/api/jobs/${id}`)).status === 200;

describe.skipIf(noBrowser)(`the jobs page${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  it('filters by text, type and tag, and keeps it all in the address', async () => {
    const { page, complaints } = await open('/jobs');
    await page.getByText('307 jobs').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('backup');
    await page.waitForURL(/q=backup/);
    await page.getByRole('button', { name: 'Type: any' }).click();
    await page.getByRole('checkbox', { name: 'python' }).click();
    await page.waitForURL(/type=python/);
    await page.keyboard.press('Escape');
    await page.reload();
    await page.getByText(/of 307 jobs/).waitFor();
    expect(await page.getByPlaceholder('Filter by name, id or tag').inputValue()).toBe('backup');
    await page.getByRole('button', { name: 'Clear filter Type' }).click();
    await page.waitForURL((url) => !url.search.includes('type'));
    expect(complaints).toEqual([]);
  });

  it('is walked by arrows, selected by Space and opened by Enter', async () => {
    const { page } = await open('/jobs?q=job_000');
    const grid = page.getByRole('grid', { name: 'Jobs' });
    await grid.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('2 selected').waitFor();
    await page.keyboard.press('Home');
    const name = await grid.getByRole('row').nth(1).locator('b').textContent();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: name ?? '' }).waitFor();
  });

  it('shows rows wherever it is scrolled to', async () => {
    const { page } = await open('/jobs');
    const grid = page.getByRole('grid', { name: 'Jobs' });
    await grid.getByRole('row').nth(5).waitFor();
    for (const share of [0.3, 0.7, 1, 0.1]) {
      await grid.evaluate((element, to) => element.scrollTo(0, element.scrollHeight * to), share);
      await page.waitForFunction(() => {
        const grid = document.querySelector('[role=grid]') as HTMLElement;
        const { top, bottom } = grid.getBoundingClientRect();
        const rows = [...grid.querySelectorAll('[role=rowgroup] > [role=row]')].map((row) =>
          row.getBoundingClientRect(),
        );
        const covered = rows.filter((row) => row.bottom > top + 36 && row.top < bottom).length;
        return covered >= Math.floor((bottom - top - 36) / 52);
      });
    }
  });

  it('asks once for many, tells what came of each, and takes a deletion back', async () => {
    const { page } = await open('/jobs?q=job_0010');
    // By the keyboard alone; the message is heard, and leads back to where one was.
    await page.getByRole('checkbox', { name: 'Select all' }).press('Space');
    await page.getByRole('toolbar').getByRole('button', { name: 'Delete…' }).press('Enter');
    await page.getByRole('alertdialog').waitFor();
    await page.keyboard.press('Enter');
    const messages = page.getByRole('region', { name: 'Messages' });
    expect(await messages.getAttribute('aria-live')).toBe('polite');
    await messages.getByText(/deleted/).waitFor();
    expect(await exists('job_0010')).toBe(false);
    await page.keyboard.press('F8');
    await page.waitForFunction(() => document.activeElement?.textContent === 'Undo');
    await page.keyboard.press('Enter');
    await messages.getByText('Taken back').waitFor();
    expect(await exists('job_0010')).toBe(true);
    expect(await page.evaluate(() => document.activeElement !== document.body)).toBe(true);
    await page.goto(`${program().address}/jobs?q=job_000`);
    await page.getByRole('checkbox', { name: 'Select all' }).click();
    await page.getByRole('toolbar').getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: /^Run/ }).click();
    // job_0005 is disabled, and a disabled job does not run with the others.
    await page
      .getByRole('dialog')
      .getByText(/disabled/)
      .first()
      .waitFor();
    expect(await seriousProblems(page)).toEqual([]);
  });

  it('switches a job off and on again by Undo', async () => {
    const { page } = await open('/jobs?q=job_0020');
    const isOn = async (id: string) =>
      (await program().api('GET', `/api/jobs/${id}`)).body.job.enabled as boolean;
    await page.getByRole('switch').click();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    expect(await isOn('job_0020')).toBe(false);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Taken back').waitFor();
    expect(await isOn('job_0020')).toBe(true);
    // Of many, by the keyboard: what was off before stays off. In a field Ctrl+Z belongs to the text.
    await page.goto(`${program().address}/jobs?q=job_000`);
    await page.getByRole('checkbox', { name: 'Select all' }).press('Space');
    await page.getByRole('toolbar').getByRole('button', { name: 'Disable' }).press('Enter');
    await page.getByRole('alertdialog').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    expect([await isOn('job_0004'), await isOn('job_0005')]).toEqual([false, false]);
    await page
      .getByRole('textbox', { name: /Filter|Find|Search/ })
      .first()
      .press('Control+z');
    expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(1);
    await page.getByRole('checkbox', { name: 'Select all' }).press('Control+z');
    await page.getByText('Taken back').waitFor();
    expect([await isOn('job_0004'), await isOn('job_0005')]).toEqual([true, false]);
  });

  it('exports what is selected, as a file', async () => {
    const { page } = await open('/jobs?q=job_0040');
    await page.getByRole('checkbox', { name: 'Select all' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('toolbar').getByRole('button', { name: 'Export' }).click();
    expect((await download).suggestedFilename()).toBe('job_0040.yaml');
  });

  it('duplicates a job, disabled, with its comments', async () => {
    const { page } = await open('/jobs?q=evil_1');
    await page.getByRole('button', { name: /^More for/ }).click();
    await page.getByRole('menuitem', { name: 'Duplicate…' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('A copy');
    await page.getByRole('button', { name: 'Duplicate' }).click();
    await page.getByRole('heading', { level: 1, name: 'A copy' }).waitFor();
    const { job } = (await program().api('GET', '/api/jobs/evil_1_copy')).body;
    expect(job.enabled).toBe(false);
    expect(job.yaml).toContain('# <script>');
  });
});

describe.skipIf(noBrowser)(`the page of a job${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  it('is walked tab by tab with the keyboard; the tab is in the address, and Back leads to the one before', async () => {
    const { page } = await open('/jobs/job_0001');
    const tab = (name: RegExp) => page.getByRole('tab', { name });
    const isOpen = (name: RegExp) => page.getByRole('tab', { name, selected: true }).waitFor();
    await tab(/^Overview/).focus();
    await page.keyboard.press('ArrowRight');
    expect(page.url()).toMatch(/job_0001$/);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await isOpen(/^Planned/);
    await page.waitForURL(/\?tab=slots$/);
    await page.keyboard.press('End');
    await page.keyboard.press('Space');
    await page.getByRole('tabpanel', { name: 'Versions' }).waitFor();
    await page.reload();
    await isOpen(/^Versions/);
    await page.goBack();
    await isOpen(/^Planned/);
    await page.goBack();
    await isOpen(/^Overview/);
    await page.goForward();
    await isOpen(/^Planned/);
  });

  it('does not show the text of a job to those who may not edit', async () => {
    const { body } = await program().api('POST', '/api/keys', { name: 'operate', role: 'operator' });
    const { page } = await open('/jobs/job_0001?tab=yaml', { key: body.key });
    await page.getByText(/can't be seen with your role/).waitFor();
    expect(await page.getByRole('button', { name: 'Edit' }).count()).toBe(0);
  });
});
