import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noBrowser, sharedBrowser } from '../support/browser';
import { sharedProgram } from '../support/program';
import { manyJobs } from '../support/seed-history';
import { openWindow, picture, seriousProblems } from '../support/window';

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
    const note = await page.getByText(/of 307 jobs/).textContent();
    await page.reload();
    await page.getByText(note ?? '').waitFor();
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
    await page.getByRole('checkbox', { name: 'Select all' }).click();
    await page.getByRole('toolbar').getByRole('button', { name: 'Delete…' }).click();
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: /^Delete/ })
      .click();
    await page.getByText(/deleted$/).waitFor();
    expect(await exists('job_0010')).toBe(false);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Taken back').waitFor();
    expect(await exists('job_0010')).toBe(true);
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
    await page.getByRole('switch').click();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    expect((await program().api('GET', '/api/jobs/job_0020')).body.job.enabled).toBe(false);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Taken back').waitFor();
    expect((await program().api('GET', '/api/jobs/job_0020')).body.job.enabled).toBe(true);
  });

  it('shows what an import would do before it does it, and where a file is wrong', async () => {
    const { page } = await open('/jobs?import=open');
    const dialog = page.getByRole('dialog');
    const text = dialog.getByLabel('YAML text');
    await text.fill(
      'jobs:\n  - id: wrong\n    name: Wrong\n    type: command\n    command: node\n    timeout: soon\n',
    );
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await dialog
      .getByText(/line 6/)
      .first()
      .waitFor();
    await dialog.getByText('timeout: soon', { exact: true }).last().waitFor();
    await dialog.getByRole('button', { name: 'Back to the text' }).click();
    await text.fill(
      "jobs:\n  - id: job_0030\n    name: Renamed\n    type: command\n    command: node\n  - id: brand_new\n    name: Brand new\n    type: command\n    command: node\n    arguments: ['1']\n",
    );
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await dialog.getByText('1 new').waitFor();
    await dialog.getByText('1 changed').waitFor();
    expect(await exists('brand_new')).toBe(false);
    await dialog.getByText('Renamed').first().click();
    await dialog.getByText('+ name: Renamed').waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Import 2 jobs' }).click();
    await page.getByText(/1 created, 1 updated/).waitFor();
    expect(await exists('brand_new')).toBe(true);
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

  it('shows hostile names, descriptions, tags and comments as text, everywhere', async () => {
    const { page, complaints } = await open('/jobs?q=evil_');
    for (const text of hostile.slice(0, 5)) await page.getByText(text, { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Tag: any' }).click();
    await page.getByRole('checkbox', { name: /tag <img/ }).waitFor();
    for (const index of hostile.keys()) {
      await page.goto(`${program().address}/jobs/evil_${index}?tab=yaml`);
      await page.getByText('described').first().waitFor();
      await page.keyboard.press('Control+k');
      await page.keyboard.type(`evil_${index}`);
      await page
        .getByRole('option')
        .filter({ hasText: `evil_${index}` })
        .first()
        .waitFor();
    }
    expect(await page.locator('img[src="x"], svg[onload], a[href^="javascript"]').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('has no serious barrier, %s', async (theme) => {
    const { page } = await open('/jobs', { theme });
    await page.getByRole('grid').getByRole('row').nth(5).waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    await picture(page, `jobs-${theme}`);
  });

  it('tells an empty program what belongs here, and a viewer only what a viewer may do', async () => {
    const { body } = await program().api('POST', '/api/keys', { name: 'look', role: 'viewer' });
    const { page } = await open('/jobs?q=nothing-fits-this', { key: body.key });
    await page.getByText('No job fits these filters').waitFor();
    expect(await page.getByRole('button', { name: /New job|Import|Delete/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Show all jobs' }).click();
    await page.getByRole('grid').getByRole('row').nth(5).waitFor();
  });
});

describe.skipIf(noBrowser)(`the page of a job${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  it.each(['light', 'dark'] as const)(
    'says how it is doing, when it runs next and why, %s',
    async (theme) => {
      const { page, complaints } = await open('/jobs/job_0001', { theme });
      await page.getByText('It has not run yet').first().waitFor();
      await page.getByRole('region', { name: 'Schedule' }).getByRole('listitem').first().waitFor();
      await page.getByLabel('At, in your time').fill('2031-01-01T00:07');
      await page.getByRole('button', { name: 'Why?' }).click();
      await page
        .getByText(/planned|plan/i)
        .last()
        .waitFor();
      expect(await seriousProblems(page)).toEqual([]);
      await picture(page, `job-${theme}`);
      for (const tab of ['Executions', 'Planned and missed', 'YAML']) {
        await page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click();
        await page.getByRole('region', { name: tab }).waitFor();
        expect(await seriousProblems(page)).toEqual([]);
      }
      expect(complaints).toEqual([]);
    },
  );

  it('asks for the params of a run, and shows its end without being reloaded', async () => {
    const { page } = await open('/jobs/with_params');
    await page.getByRole('button', { name: 'Run…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('rows').fill('7');
    await dialog.getByLabel('region').selectOption('south');
    expect(await seriousProblems(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Run' }).click();
    await page.getByText('Job execution started').waitFor();
    await page.getByRole('region', { name: 'How it is doing' }).getByText('Success').waitFor();
  });

  it('says that there is no such job, and where its history is', async () => {
    const { page } = await open('/jobs/nobody');
    await page.getByText('There is no job “nobody”').waitFor();
    expect(await seriousProblems(page)).toEqual([]);
  });

  it('does not show the text of a job to those who may not edit', async () => {
    const { body } = await program().api('POST', '/api/keys', { name: 'operate', role: 'operator' });
    const { page } = await open('/jobs/job_0001?tab=yaml', { key: body.key });
    await page.getByText(/can't be seen with your role/).waitFor();
    expect(await page.getByRole('button', { name: 'Edit' }).count()).toBe(0);
  });
});
