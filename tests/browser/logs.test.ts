import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noBrowser, sharedBrowser } from '../support/browser';
import { sharedProgram } from '../support/program';
import { openWindow, picture, rulesIn, seriousProblems } from '../support/window';

const line = (second: number, level: string, text: string) =>
  `${new Date(Date.parse('2026-03-02T08:00:00Z') + second * 1000).toISOString()} ${level.padEnd(7)} ${text}\n`;

const program = sharedProgram((folder) => {
  const config = join(folder, 'jobs.yaml');
  writeFileSync(
    config,
    'jobs:\n  - {id: hello, name: Hello, type: command, command: node, arguments: [-e, ""]}\n',
  );
  const dataFolder = join(folder, 'data');
  const logs = join(dataFolder, 'logs');
  mkdirSync(join(logs, 'jobs'), { recursive: true });
  // An old, rotated file with enough lines to scroll for.
  let text = '';
  for (let index = 0; index < 3000; index += 1) text += line(index, 'INFO', `old line ${index}`);
  writeFileSync(join(logs, 'scheduler.log.1'), text);
  appendFileSync(
    join(logs, 'scheduler.log'),
    line(4000, 'WARNING', '<img src=x onerror=alert(1)> refused') +
      line(4001, 'ERROR', 'Disk FULL at exec_7'),
  );
  return { dataFolder, config };
});
const browser = sharedBrowser();
const open = (path: string, options = {}) => openWindow(browser(), program(), path, options);

describe.skipIf(noBrowser)(`the logs page${noBrowser ? ` (${noBrowser})` : ''}`, { timeout: 240_000 }, () => {
  it('follows what is written, stops when looked back, and goes on when asked', async () => {
    const { page, complaints } = await open('/logs');
    const lines = page.getByRole('listbox', { name: /Log lines/ });
    await lines.getByText(/scheduler running/).waitFor();
    await program().api('POST', '/api/jobs/hello/run');
    await lines.getByText(/exec_1 success/).waitFor();
    await lines.hover();
    await page.mouse.wheel(0, -3000);
    await page.getByRole('button', { name: 'Follow' }).waitFor();
    await program().api('POST', '/api/jobs/hello/run');
    await page.getByRole('button', { name: /Follow \(\d+ new\)/ }).waitFor();
    await page.getByRole('button', { name: /Follow/ }).click();
    await lines.getByText(/exec_2 success/).waitFor();
    expect(complaints).toEqual([]);
  });

  it('brings older lines, of rotated files too, while scrolling up', async () => {
    const { page } = await open('/logs?source=scheduler');
    const lines = page.getByRole('listbox', { name: /Log lines/ });
    await page.getByText(/^Newest 500 of 3,/).waitFor();
    await lines.focus();
    await page.keyboard.press('Home');
    await page.getByText(/^Newest 1,000 of 3,/).waitFor();
    const first = await lines.getByRole('option').first().getAttribute('aria-setsize');
    expect(Number(first)).toBeGreaterThan(900);
  });

  it('keeps its filters in the address, marks what was searched for, and shows text as text', async () => {
    const { page, complaints } = await open('/logs?level=warning');
    const options = page.getByRole('listbox', { name: /Log lines/ }).getByRole('option');
    await page.getByText('<img src=x onerror=alert(1)> refused').waitFor();
    await expect.poll(() => options.count()).toBe(2);
    await page.keyboard.press('/');
    await page.keyboard.type('disk full');
    await page.locator('mark', { hasText: 'Disk FULL' }).waitFor();
    await page.waitForURL((url) => url.search === '?level=warning&q=disk+full');
    await page.reload();
    await page.locator('mark', { hasText: 'Disk FULL' }).first().waitFor();
    await expect.poll(() => options.count()).toBe(1);
    await page.getByLabel('Find in the lines').fill('no such words');
    await page.getByText('No line fits the filters').waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByText(/scheduler running/).waitFor();
    expect(complaints).toEqual([]);
  });

  it('shows a line whole with its links, copies it with those around it, and shows those around', async () => {
    const { page, context } = await open('/logs?level=error');
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('option', { name: /Disk FULL/ }).click();
    const detail = page.getByRole('region', { name: 'The chosen line' });
    expect(await detail.getByRole('link', { name: 'exec_7' }).getAttribute('href')).toBe(
      '/executions/exec_7',
    );
    await detail.getByRole('button', { name: 'Copy with context' }).click();
    await detail.getByText('Copied').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain('> 2026-03-02T09:06:41.000Z ERROR   scheduler: Disk FULL at exec_7');
    expect(copied).toContain('  2026-03-02T09:06:40.000Z WARNING scheduler: <img');
    await detail.getByRole('button', { name: 'Show around' }).click();
    await page.getByRole('option', { name: /refused/ }).waitFor();
    await page.waitForURL(/[?&]range=custom(&|$)/);
    await page.locator('[role=option][aria-selected=true]', { hasText: 'Disk FULL' }).waitFor();
  });

  it('is for administrators, and says so to others', async () => {
    const { body } = await program().api('POST', '/api/keys', { name: 'op', role: 'operator' });
    const { page } = await open('/logs', { key: body.key });
    await page.getByText("The logs can't be seen with your role").waitFor();
  });

  it.each(['light', 'dark'] as const)('has no serious barrier, %s', async (theme) => {
    const { page } = await open('/logs?level=warning', { theme, width: 1024 });
    await page.getByRole('option', { name: /Disk FULL/ }).click();
    expect(await seriousProblems(page, rulesIn(theme))).toEqual([]);
    await picture(page, `logs-${theme}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1024);
  });
});
