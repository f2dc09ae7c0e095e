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
  - id: hello
    name: Hello
    type: command
    command: node
    arguments: [-e, 'console.log(1)']
    schedule: {type: interval, interval_params: {hours: 6}}
  - id: first
    name: A job before it by name
    description: says hello, too
    tags: [hello]
    type: command
    command: node
    arguments: [--version]
`,
  );
  return { dataFolder: join(folder, 'data'), config };
});
const browser = sharedBrowser();

describe.skipIf(noBrowser)(`the frame of the window${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  it.each(['light', 'dark'] as const)('has no serious barrier on its login page, %s', async (theme) => {
    const context = await browser().newContext({ colorScheme: theme });
    const page = await context.newPage();
    await page.goto(program().address);
    await page.getByLabel('Password', { exact: true }).waitFor();
    expect(await seriousProblems(page, rulesIn(theme))).toEqual([]);
    await picture(page, `login-${theme}`);
    await context.close();
  });

  it('finds jobs and actions by Ctrl+K, by keyboard alone', async () => {
    const { page, complaints } = await openWindow(browser(), program());
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('hel');
    await page.getByRole('option', { name: /Hello hello/ }).waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Hello' }).waitFor();
    // A name goes before a tag, and Enter right after the last letter means what was typed.
    await page.goto(`${program().address}/logs`);
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('hello');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Hello' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('run hello');
    await page.getByRole('option', { name: 'Run Hello' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(complaints).toEqual([]);
  });

  it('pauses the scheduler, takes it back, and shows both at once', async () => {
    const { page } = await openWindow(browser(), program());
    await page.getByRole('banner').getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('banner').getByText('Paused').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('banner').getByText('Running').waitFor();
  });

  it('offers a viewer nothing that would be refused', async () => {
    const { body } = await program().api('POST', '/api/keys', { name: 'look', role: 'viewer' });
    const { page } = await openWindow(browser(), program(), '/jobs/hello', { key: body.key });
    await page.getByRole('heading', { level: 1, name: 'Hello' }).waitFor();
    await page.getByRole('button', { name: /look.*role viewer/ }).waitFor();
    expect(await page.getByRole('button', { name: /run|pause|edit|delete/i }).count()).toBe(0);
  });

  it('says that it is signed out when the key was revoked', async () => {
    const { body } = await program().api('POST', '/api/keys', { name: 'short', role: 'viewer' });
    const { page } = await openWindow(browser(), program(), '/jobs', { key: body.key });
    await page.getByRole('row', { name: /hello/i }).waitFor();
    await program().api('DELETE', `/api/keys/${body.api_key.key_id}`);
    await page.getByText('You are signed out.').waitFor();
  });

  it('keeps the chosen theme, and follows the system without a choice', async () => {
    const { page } = await openWindow(browser(), program(), '/', { theme: 'dark' });
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
    expect(await theme()).toBe('dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'light');
    await page.getByRole('button', { name: /role admin/ }).click();
    await page.getByRole('menuitemradio', { name: 'High contrast' }).click();
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'contrast');
    await page.reload();
    await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
    expect(await theme()).toBe('contrast');
  });

  it('says of an address that is none of its pages that there is no such page', async () => {
    const { page } = await openWindow(browser(), program(), '/nothing/here');
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  });

  it('is served with hashed files kept for good and pages never kept', async () => {
    const headers = { 'X-API-Key': program().key };
    const page = await fetch(`${program().address}/jobs/nightly.load`, { headers });
    expect(page.headers.get('cache-control')).toBe('no-store');
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(await page.text())?.[1];
    const file = await fetch(program().address + script, { headers: { 'Accept-Encoding': 'gzip' } });
    expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(file.headers.get('content-encoding')).toBe('gzip');
    expect(file.headers.get('content-security-policy')).toContain("script-src 'self';");
  });
});
