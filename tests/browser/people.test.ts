import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { noBrowser, sharedBrowser } from '../support/browser';
import { sharedProgram } from '../support/program';
import { openWindow, picture, rulesIn, seriousProblems } from '../support/window';

const program = sharedProgram((folder) => {
  const config = join(folder, 'jobs.yaml');
  writeFileSync(
    config,
    "jobs:\n  - {id: load, name: Load, type: command, command: node, arguments: [-e, '']}\n",
  );
  return { dataFolder: join(folder, 'data'), config };
});
const browser = sharedBrowser();
const open = (path: string, theme: 'light' | 'dark' = 'light') =>
  openWindow(browser(), program(), path, { theme });
const api = (...call: Parameters<ReturnType<typeof program>['api']>) => program().api(...call);
const dialogOf = (page: Page) => page.locator('[role=dialog], [role=alertdialog]');

describe.skipIf(noBrowser)(`people in the window${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  it('are made in the settings, choose a password at the first login, and are then in', async () => {
    const { page, complaints } = await open('/settings?section=users');
    await page.getByRole('button', { name: 'New user…' }).click();
    await page.getByLabel('User name').fill('Anna');
    await page.getByLabel('Editor: also changes jobs').click();
    await page.getByRole('button', { name: 'Create user' }).click();
    const given = (await page.getByTestId('new-password').textContent()) ?? '';
    await page.getByRole('button', { name: 'I have copied it' }).click();
    await page.getByRole('row', { name: /anna.*editor.*not logged in/ }).waitFor();
    expect(await page.content()).not.toContain(given);
    expect(complaints).toEqual([]);

    const context = await browser().newContext({ reducedMotion: 'reduce' });
    const own = await context.newPage();
    await own.goto(`${program().address}/jobs/load`);
    await own.getByLabel('User name', { exact: true }).and(own.locator('#username')).fill('anna');
    await own.getByLabel('Password', { exact: true }).fill('wrong');
    await own.getByRole('button', { name: 'Log in' }).click();
    await own.getByText('The user name or the password is not right').waitFor();
    await own.getByLabel('Password', { exact: true }).fill(given);
    await own.keyboard.press('Enter');
    await own.getByLabel('New password', { exact: true }).fill('four words of mine');
    await own.getByLabel('New password once more').fill('four words of min');
    await own.keyboard.press('Enter');
    await own.getByText('The two new passwords differ').waitFor();
    expect(await own.evaluate(() => document.querySelector('.ways')?.checkVisibility())).toBe(false);
    await own.getByLabel('New password once more').fill('four words of mine');
    await own.keyboard.press('Enter');
    await own.getByRole('heading', { name: 'Load' }).waitFor();
    await context.close();
  });

  it.each(['users', 'sessions', 'keys', 'audit'])(
    'find no barrier in the section %s, light or dark',
    async (id) => {
      for (const theme of ['light', 'dark'] as const) {
        const { page } = await open(`/settings?section=${id}`, theme);
        await page.locator('table tbody tr').first().waitFor();
        expect(await seriousProblems(page, rulesIn(theme))).toEqual([]);
        await picture(page, `settings-${id}-${theme}`);
      }
    },
  );
});

describe.skipIf(noBrowser)(`versions in the window${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  it('are compared side by side, restored after a question, and that is taken back', async () => {
    await api('PUT', '/api/jobs/load', { timeout: 111 });
    await api('PUT', '/api/jobs/load', { timeout: 222 });
    const { page, complaints } = await open('/jobs/load?tab=versions');
    const list = page.getByRole('button', { pressed: false });
    await list.filter({ hasText: 'Changed' }).first().click();
    await page.getByRole('heading', { name: 'Version 1 → 2' }).waitFor();
    await page.locator('.monaco-diff-editor').getByText('111').first().waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Restore version 2…' }).click();
    await dialogOf(page).getByRole('button', { name: 'Restore version 2' }).click();
    await page.getByText('is as it was in version 2').waitFor();
    const timeout = async () => (await api('GET', '/api/jobs/load')).body.job.timeout;
    expect(await timeout()).toBe(111);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Back to version 3').waitFor();
    expect(await timeout()).toBe(222);
    expect(complaints).toEqual([]);
  });

  it('bring a deleted job back', async () => {
    const { page } = await open('/jobs/load');
    await page.getByRole('heading', { name: 'Load' }).waitFor();
    await api('DELETE', '/api/jobs/load');
    await page.getByRole('button', { name: 'Bring it back' }).click();
    await page.getByText(/is back, as it was in version/).waitFor();
    await page.getByRole('tab', { name: 'Versions' }).waitFor();
  });
});

describe.skipIf(noBrowser)(`the audit in the window${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  it('shows what was changed, filters by the address, checks its chain and is exported', async () => {
    await api('PUT', '/api/jobs/load', { timeout: 333 });
    const { page, complaints } = await open('/audit?action=jobs&outcome=ok');
    await page
      .getByRole('row', { name: /Update a job/ })
      .first()
      .click();
    const detail = dialogOf(page);
    await detail.getByText('What it changed').waitFor();
    await detail.getByText('333').first().waitFor();
    expect(new URL(page.url()).searchParams.get('row')).toMatch(/^\d+$/);
    await detail.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Check the chain' }).click();
    await page.getByText(/Nothing was altered/).waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Export…' }).click();
    const saved = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'CSV, for Excel' }).click();
    expect((await saved).suggestedFilename()).toBe('audit.csv');
    expect(complaints).toEqual([]);
  });
});
