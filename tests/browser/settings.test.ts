import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noBrowser, sharedBrowser } from '../support/browser';
import { sharedProgram } from '../support/program';
import { openWindow, picture, rulesIn, seriousProblems } from '../support/window';

const program = sharedProgram((folder) => {
  const config = join(folder, 'jobs.yaml');
  writeFileSync(
    config,
    `jobs:
  - {id: sync, name: Sync, type: command, command: node, environment: {TOKEN: '{{ secrets.api_token }}'}}
`,
  );
  const appConfig = join(folder, 'app.yaml');
  writeFileSync(
    appConfig,
    'scheduler: {timezone: Europe/Berlin}\nweb: {secret_key: canary-secret-key-of-the-web}\n',
  );
  return {
    dataFolder: join(folder, 'data'),
    config,
    args: ['--app-config', appConfig],
    env: { JOB_SCHEDULER_SCHEDULER_THREAD_POOL_SIZE: '7' },
  };
});
const browser = sharedBrowser();
const open = (path: string, options = {}) => openWindow(browser(), program(), path, options);

describe.skipIf(noBrowser)(
  `the settings page${noBrowser ? ` (${noBrowser})` : ''}`,
  { timeout: 240_000 },
  () => {
    it('makes a key that works, shows it once, and revokes it for good', async () => {
      const { page, complaints } = await open('/settings?section=keys');
      await page.getByRole('button', { name: 'New key…' }).click();
      const dialog = page.getByRole('alertdialog');
      await dialog.getByRole('button', { name: 'Create key' }).click();
      await dialog.getByText('Give it a name').waitFor();
      await dialog.getByLabel('Name').fill('nightly <b>script</b>');
      await dialog.getByLabel(/^Viewer/).check();
      await dialog.getByRole('button', { name: 'Create key' }).click();
      const key = (await dialog.getByTestId('new-key').textContent()) ?? '';
      expect(key).toMatch(/^jsk_/);
      expect(await seriousProblems(page)).toEqual([]);
      const status = async () =>
        (await fetch(`${program().address}/api/jobs`, { headers: { 'X-API-Key': key } })).status;
      expect(await status()).toBe(200);
      await dialog.getByRole('button', { name: 'I have copied it' }).click();
      await page.getByText('nightly <b>script</b>').waitFor();
      expect(await page.content()).not.toContain(key);
      await page.getByRole('button', { name: 'Revoke nightly <b>script</b>' }).click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
      await page.getByRole('button', { name: /Show 1 revoked/ }).waitFor();
      expect(await status()).toBe(401);
      expect(complaints).toEqual([]);
    });

    it('tells what the last administrator key is refused for', async () => {
      const { page } = await open('/settings?section=keys');
      await page.getByRole('button', { name: 'Revoke administrator' }).click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
      await page.getByText('This is the last key that can administer').waitFor();
    });

    it('takes secrets in and never shows them, and says which jobs use them', async () => {
      const { page, context } = await open('/settings?section=secrets');
      const seen: string[] = [];
      context.on('response', async (reply) => {
        if (reply.url().includes('/api/')) seen.push(await reply.text().catch(() => ''));
      });
      await page.getByRole('button', { name: 'New secret…' }).click();
      await page.getByLabel('Name').fill('api_token');
      await page.getByLabel('Value').fill('abc');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('is too short').waitFor();
      await page.getByLabel('Value').fill('canary-value-of-the-secret');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('cell', { name: 'sync' }).waitFor();
      expect(await page.getByRole('button', { name: 'Delete api_token' }).isDisabled()).toBe(true);
      await page.reload();
      await page.getByRole('cell', { name: 'api_token', exact: true }).waitFor();
      expect(await page.content()).not.toContain('canary-value');
      expect(seen.join()).not.toContain('canary-value');
    });

    it('shows the configuration with where each value comes from, and finds one by a word', async () => {
      const { page } = await open('/settings?section=values');
      const row = (name: RegExp) => page.getByRole('row', { name });
      await row(/Time zone.*Europe\/Berlin.*app\.yaml, line 1/).waitFor();
      await row(/Pool size.*7.*environment/)
        .first()
        .waitFor();
      expect(await page.content()).not.toContain('canary-secret-key');
      await page.getByLabel('Find a setting').fill('grace');
      await row(/Grace time/).waitFor();
      // The row looked for was there before: what is gone is what tells.
      await row(/Time zone/).waitFor({ state: 'detached' });
      await page.waitForURL(/[?&]q=grace(&|$)/);
    });

    it('tries a SQL Server as the store, and says what to do about one that is not there', async () => {
      const { page, complaints } = await open('/settings?section=store');
      await page.getByText('The embedded store: a file of the data folder').waitFor();
      const button = (name: string) => page.getByRole('button', { name, exact: true });
      expect(await button('Move…').isDisabled()).toBe(true);
      await button('Test connection').click();
      await page.getByText('Which machine?').waitFor();
      await page.getByLabel('Server', { exact: true }).fill('127.0.0.1');
      await page.getByLabel('Port').fill('1');
      await page.getByLabel('Database').fill('sreutil');
      await page.getByLabel('User', { exact: true }).fill('sa');
      await page.getByLabel('Password').fill('canary-of-the-store');
      await button('Test connection').click();
      const answer = page.getByRole('alert').filter({ hasText: "can't be reached" });
      await answer.getByText(/TCP\/IP switched on/).waitFor();
      expect(await button('Move…').isDisabled()).toBe(true);
      await picture(page, 'settings-storage-refused');
      await page.getByLabel('ODBC connection string').check();
      await page.getByLabel('Connection string', { exact: true }).fill('SERVER=x;PWD=canary-of-the-store');
      await button('Test connection').click();
      await page
        .getByText(/DATABASE is missing/)
        .first()
        .waitFor();
      expect(complaints).toEqual([]);
    });

    it('offers a viewer what is theirs, and says why not the rest', async () => {
      const { body } = await program().api('POST', '/api/keys', { name: 'look', role: 'viewer' });
      const { page } = await open('/settings?section=keys', { key: body.key });
      await page.getByText("API keys can't be seen with your role").waitFor();
      await page.getByRole('button', { name: 'About' }).click();
      await page.getByText(/Job Scheduler \d/).waitFor();
      expect(await page.getByText(program().dataFolder).count()).toBe(0);
    });

    it('changes zone, clock and rows of this browser, and keeps them', async () => {
      const { page } = await open('/settings?section=appearance');
      await page.getByLabel('Time zone of shown times').selectOption('Asia/Tokyo');
      await page.getByText(/Now: .*Asia\/Tokyo/).waitFor();
      await page.getByLabel('Compact').check();
      await page.getByText(/Now: .*Asia\/Tokyo/).waitFor();
      expect(await page.getByLabel('Compact').isChecked()).toBe(true);
    });

    it.each(['light', 'dark'] as const)(
      'has no serious barrier in any section, %s',
      async (theme) => {
        const { page, complaints } = await open('/settings', { theme });
        for (const name of ['API keys', 'Secrets', 'Storage', 'Configuration', 'About', 'Appearance']) {
          await page.getByRole('button', { name, exact: true }).click();
          await page.getByRole('heading', { level: 2 }).first().waitFor();
          await page.locator('[aria-busy]').waitFor({ state: 'detached' });
          expect(await seriousProblems(page, rulesIn(theme)), name).toEqual([]);
          await picture(page, `settings-${name.toLowerCase().replace(' ', '-')}-${theme}`);
        }
        await page.getByRole('button', { name: 'About', exact: true }).click();
        await page.getByRole('button', { name: 'Show' }).click();
        await page.getByRole('button', { name: /^react / }).click();
        await page.getByText('Permission is hereby granted').waitFor();
        expect(complaints).toEqual([]);
      },
      240_000,
    );

    it('fits a window of 1024 pixels, and 200 % zoom, without scrolling sideways', async () => {
      for (const width of [1024, 720]) {
        const { page } = await open('/settings?section=values', { width });
        await page.getByRole('row', { name: /Time zone/ }).waitFor();
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      }
    });
  },
);
