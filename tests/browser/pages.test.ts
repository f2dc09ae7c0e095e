import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { describe, expect, it, onTestFinished } from 'vitest';
import { noBrowser, sharedBrowser } from '../support/browser';
import { sharedProgram } from '../support/program';

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
  - id: hostile
    name: <img src=x onerror=alert(1)> with a long name that goes on and on beyond every column it could stand in
    description: <script>alert(1)</script>
    type: command
    command: node
`,
  );
  return { dataFolder: join(folder, 'data'), config };
});
const browser = sharedBrowser();

/** A page that fails the test when a dialog opens or its policy is broken. */
async function open(): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser().newPage();
  onTestFinished(() => page.close());
  const complaints: string[] = [];
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy/.test(message.text()))
      complaints.push(message.text());
  });
  return { page, complaints };
}
const chooseKey = (page: Page) => page.getByText('API key', { exact: true }).click();
async function login(page: Page): Promise<void> {
  await page.goto(`${program().address}/jobs`);
  await chooseKey(page);
  await page.getByLabel('Key', { exact: true }).fill(program().key);
  await page.getByRole('button').click();
  await page.getByText('hello').first().waitFor();
}

describe.skipIf(noBrowser)(`the pages in a real Chromium${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  it('ask for the key, refuse a wrong one in words, and let a right one in', async () => {
    const { page, complaints } = await open();
    await page.goto(`${program().address}/jobs?q=hello`);
    await chooseKey(page);
    await page.getByLabel('Key', { exact: true }).fill('wrong');
    await page.getByRole('button').click();
    await page.getByText(/not known/).waitFor();
    await page.getByLabel('Key', { exact: true }).fill(program().key);
    await page.keyboard.press('Enter');
    await page.getByText('hello').first().waitFor();
    expect(new URL(page.url()).search).toBe('?q=hello');
    expect(complaints).toEqual([]);
  });

  it('show names as text, whatever they hold', async () => {
    const { page, complaints } = await open();
    await login(page);
    await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('run a job and show its end without being reloaded', async () => {
    const { page } = await open();
    await login(page);
    await page.getByText('Hello').first().click();
    await page.getByRole('button', { name: /^run/i }).click();
    await page.getByText('Job execution started').waitFor();
    await page.getByRole('link', { name: 'Jobs', exact: true }).first().click();
    await page.getByRole('row', { name: /hello/i }).getByText('Success').first().waitFor();
  });

  it('show the API to read, under the same policy', async () => {
    const { page, complaints } = await open();
    await login(page);
    await page.goto(`${program().address}/api/docs`);
    await page.getByText('/api/jobs/{job_id}/run').first().waitFor();
    expect(complaints).toEqual([]);
  });
});
