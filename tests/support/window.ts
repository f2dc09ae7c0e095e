import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright';
import { onTestFinished } from 'vitest';
import { pageTimeoutMs } from './browser';
import type { RunningProgram } from './program';

export interface OpenWindow {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Dialogs that opened, errors of the page, broken policies: all of them defects. */
  readonly complaints: readonly string[];
}

export interface WindowOptions {
  /** Log in with this key; the administrator's when absent. */
  readonly key?: string;
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  /** The viewer's zone; Europe/Berlin when absent. */
  readonly timezone?: string;
}

/** Opens a page of the running program in the browser, logged in, and watches it. Closed when the test ends. */
export async function openWindow(
  browser: Browser,
  program: RunningProgram,
  path = '/',
  options: WindowOptions = {},
): Promise<OpenWindow> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.theme ?? 'light',
    locale: 'en-GB',
    timezoneId: options.timezone ?? 'Europe/Berlin',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(pageTimeoutMs);
  onTestFinished(() => context.close());
  const reply = await context.request.post(`${program.address}/api/login`, {
    data: { key: options.key ?? program.key },
  });
  if (!reply.ok()) throw new Error(`login answered ${reply.status()}: ${await reply.text()}`);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Warning:|Error:/.test(message.text()))
      complaints.push(message.text());
  });
  await page.goto(program.address + path);
  return { page, context, complaints };
}

/** The rules to look at once more in a further theme, which changes colours and nothing else; all in the first. */
export const rulesIn = (theme: 'light' | 'dark'): readonly string[] =>
  theme === 'light' ? [] : ['color-contrast'];

/**
 * What axe finds serious or critical on the page, in words; by some of its rules when they are named. Monaco and
 * Fluent's focus dummies are not ours.
 */
export async function seriousProblems(page: Page, rules: readonly string[] = []): Promise<string[]> {
  const builder = new AxeBuilder({ page }).exclude('[data-tabster-dummy]').exclude('.monaco-editor');
  if (rules.length > 0) builder.withRules([...rules]);
  const { violations } = await builder.analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
    );
}

const screenshots = fileURLToPath(new URL('../e2e/screenshots/', import.meta.url));

/** Keeps a picture of the page in tests/e2e/screenshots (ignored by git) to be looked at. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}
