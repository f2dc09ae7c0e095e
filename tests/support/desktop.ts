import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import type { DesktopBridge, IpcReply } from '../../src-shared/desktop-bridge';
import { pageTimeoutMs } from './browser';

declare global {
  interface Window {
    readonly desktop?: DesktopBridge;
  }
}

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The Electron to test with: the one that is named, or the installed package's own. Never downloaded here. */
export const electronFile: string | undefined = (() => {
  const named = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const names = process.platform === 'win32' ? ['electron.exe'] : ['electron'];
  const folders = [named, join(root, 'node_modules', 'electron', 'dist')].filter((one) => one !== undefined);
  for (const folder of folders) {
    if (statSync(folder, { throwIfNoEntry: false })?.isFile()) return folder;
    const file = names.map((name) => join(folder, name)).find((one) => existsSync(one));
    if (file) return file;
  }
  return undefined;
})();

const hasXvfb = () => spawnSync('Xvfb', ['-help']).error === undefined;

/** Why the desktop tests are left out; undefined when they are not. */
export const noDesktop: string | undefined = (() => {
  if (!electronFile) return 'no Electron program found; set ELECTRON_OVERRIDE_DIST_PATH to a folder with one';
  if (process.platform === 'linux' && !process.env.DISPLAY && !hasXvfb())
    return 'no display, and no Xvfb to make one';
  return undefined;
})();

/** As root, as test machines run, Chromium's own sandbox can't be used. */
export const rootArguments = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export interface Desktop {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly dataFolder: string;
  /** Calls an operation from the page, as its own code does. */
  call(id: string, raw?: unknown): Promise<IpcReply>;
  /** Polls until `check` gives something truthy; fails after a while. */
  until<T>(check: () => Promise<T | undefined | false | null>, what: string): Promise<T>;
  /** Everything it has printed. */
  printed(): string;
  /** Ends it without a question; waits for its end. */
  end(): Promise<void>;
}

export interface DesktopOptions {
  readonly dataFolder?: string;
  /** A jobs file, as YAML. */
  readonly jobs?: string;
  readonly args?: readonly string[];
}

/** Starts the desktop application on an empty data folder and waits for its first page. */
async function launch(options: DesktopOptions): Promise<Desktop> {
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'job-scheduler-desktop-'));
  const args = [root, ...rootArguments, '--data', dataFolder];
  if (options.jobs !== undefined) {
    const file = join(dataFolder, 'jobs.yaml');
    writeFileSync(file, options.jobs);
    args.push('--config', file);
  }
  const app = await _electron.launch({
    executablePath: electronFile as string,
    args: [...args, ...(options.args ?? [])],
    timeout: pageTimeoutMs,
  });
  const child = app.process();
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    text += chunk;
  });
  // Started hidden it has no window until somebody asks for it.
  const isHidden = options.args?.includes('--hidden') === true;
  const page = isHidden ? undefined : await app.firstWindow({ timeout: pageTimeoutMs });
  page?.setDefaultTimeout(pageTimeoutMs);
  // Nobody is there to answer: a test that expects a question answers it itself.
  const silence = () =>
    app.evaluate(({ dialog }) => {
      dialog.showErrorBox = (title, content) => console.error(`error box: ${title}: ${content}`);
    });
  // While it starts, what is evaluated in it may be lost with the context it began in.
  while (
    !(await silence().then(
      () => true,
      () => child.exitCode !== null || child.signalCode !== null,
    ))
  )
    await new Promise((resolve) => setTimeout(resolve, 50));
  const until: Desktop['until'] = async (check, what) => {
    const deadline = performance.now() + pageTimeoutMs;
    for (;;) {
      const found = await check();
      if (found) return found;
      if (performance.now() > deadline) throw new Error(`waited in vain for ${what}\n${text.slice(-3000)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  return {
    app,
    get page() {
      if (!page) throw new Error('it was started without a window');
      return page;
    },
    dataFolder,
    until,
    printed: () => text,
    call(id, raw) {
      if (!page) throw new Error('it was started without a window');
      return page.evaluate(
        ([channel, input]) => window.desktop?.invoke(channel, input) as Promise<IpcReply>,
        [`api:${id}`, raw] as const,
      );
    },
    async end() {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
        await gone;
        clearTimeout(timer);
      }
      if (options.dataFolder === undefined)
        rmSync(dataFolder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** One desktop application for a test; it is ended with it. */
export async function startDesktop(options: DesktopOptions = {}): Promise<Desktop> {
  const desktop = await launch(options);
  onTestFinished(() => desktop.end());
  return desktop;
}

/** One desktop application for all tests of a file: `desktop()` is it. */
export function sharedDesktop(options: DesktopOptions = {}): () => Desktop {
  let desktop: Desktop | undefined;
  beforeAll(async () => {
    if (!noDesktop) desktop = await launch(options);
  });
  afterAll(() => desktop?.end());
  return () => {
    if (!desktop) throw new Error('the desktop application did not start');
    return desktop;
  };
}
