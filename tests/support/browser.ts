import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright';
import { afterAll, beforeAll, vi } from 'vitest';

/** Where a Chromium is installed; the tests never download one. */
export const chromiumPath = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));

/** Why browser tests are left out; undefined when they are not. */
export const noBrowser = chromiumPath ? undefined : 'no Chromium found; install it or set CHROMIUM';

/** A page on a machine that is busy takes its time; what is awaited is an event, and nothing here is slow by itself. */
export const pageTimeoutMs = 60_000;

/** One real Chromium for all tests of a file. */
export function sharedBrowser(args: readonly string[] = []): () => Browser {
  let browser: Browser | undefined;
  vi.setConfig({ testTimeout: 4 * pageTimeoutMs });
  beforeAll(async () => {
    if (!chromiumPath) return;
    // Without a sandbox: test machines often run as root, and only our own pages are opened.
    browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', ...args] });
  });
  afterAll(async () => browser?.close());
  return () => {
    if (!browser) throw new Error('no browser');
    return browser;
  };
}
