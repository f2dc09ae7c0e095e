import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noBrowser, sharedBrowser } from '../support/browser';
import { sharedProgram } from '../support/program';
import { openWindow, picture, seriousProblems } from '../support/window';

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
        expect(await seriousProblems(page)).toEqual([]);
        await picture(page, `settings-${id}-${theme}`);
      }
    },
  );
});
