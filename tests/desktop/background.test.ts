import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Desktop, electronFile, noDesktop, root, rootArguments, startDesktop } from '../support/desktop';
import { jobsYaml } from './jobs';

interface Captured {
  menu?: Electron.Menu;
  notes: { title: string; body: string }[];
  blockers: number[];
  asked: string[];
}

/** Keeps what the program gives to the system: its tray's menu, notifications, sleep blockers, questions. */
async function capture({ app }: Desktop): Promise<void> {
  await app.evaluate(({ Tray, Notification, powerSaveBlocker, dialog }) => {
    const kept: Captured = { notes: [], blockers: [], asked: [] };
    (globalThis as never as { kept: Captured }).kept = kept;
    const setContextMenu = Tray.prototype.setContextMenu;
    Tray.prototype.setContextMenu = function (menu) {
      if (menu) kept.menu = menu;
      setContextMenu.call(this, menu);
    };
    Notification.isSupported = () => true;
    Notification.prototype.show = function () {
      kept.notes.push({ title: this.title, body: this.body });
      (globalThis as never as { lastNote: Electron.Notification }).lastNote = this;
    };
    powerSaveBlocker.start = () => kept.blockers.push(1);
    powerSaveBlocker.stop = () => {
      kept.blockers.pop();
      return true;
    };
    dialog.showMessageBox = (async (...all: unknown[]) => {
      const options = all.at(-1) as Electron.MessageBoxOptions;
      kept.asked.push(options.message);
      return { response: options.cancelId ?? 0, checkboxChecked: false };
    }) as never;
  });
}

const kept = ({ app }: Desktop) =>
  app.evaluate(() => {
    const { notes, blockers, asked } = (globalThis as never as { kept: Captured }).kept;
    return { notes, blockers: blockers.length, asked };
  });

/** Labels of the tray's menu, submenus indented; undefined until it was drawn anew. */
const menuLabels = ({ app }: Desktop) =>
  app.evaluate(() => {
    const { menu } = (globalThis as never as { kept: Captured }).kept;
    const walk = (items: readonly Electron.MenuItem[], indent: string): string[] =>
      items.flatMap((item) => [
        ...(item.type === 'separator' ? [] : [indent + item.label]),
        ...(item.submenu ? walk(item.submenu.items, `${indent}  `) : []),
      ]);
    return menu ? walk(menu.items, '') : undefined;
  });

const clickMenu = ({ app }: Desktop, id: string) =>
  app.evaluate((_electron, wanted) => {
    const item = (globalThis as never as { kept: Captured }).kept.menu?.getMenuItemById(wanted);
    if (!item) throw new Error(`the menu has no ${wanted}`);
    item.click();
  }, id);

const isVisible = ({ app }: Desktop) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible() ?? false);
const state = async (desktop: Desktop) =>
  ((await desktop.call('scheduler.status')).body as { state: string }).state;
const latest = async (desktop: Desktop, job_id: string) =>
  (await desktop.call('jobs.history', { params: { job_id } })).body as {
    history?: { status: string }[];
    executions?: { status: string }[];
  };
const statusOf = async (desktop: Desktop, job_id: string): Promise<string | undefined> => {
  const body = (await latest(desktop, job_id)) as Record<string, unknown>;
  const rows = Object.values(body).find((value) => Array.isArray(value)) as { status: string }[] | undefined;
  return rows?.[0]?.status;
};
const run = (desktop: Desktop, job_id: string) => desktop.call('jobs.run', { params: { job_id } });

describe.skipIf(noDesktop)(`life in the background${noDesktop ? ` (${noDesktop})` : ''}`, () => {
  it('the tray shows what is so and does what it offers', async () => {
    const desktop = await startDesktop({ jobs: jobsYaml });
    await capture(desktop);
    await run(desktop, 'broken');
    const labels = await desktop.until(async () => {
      const found = await menuLabels(desktop);
      return found?.some((label) => label.startsWith('  Broken && bad, ')) && found;
    }, 'the failure in the tray');
    expect(labels).toEqual(
      expect.arrayContaining(['Open Job Scheduler', 'Run a job', '  Broken && bad', 'Pause all', 'Quit']),
    );

    await clickMenu(desktop, 'pause');
    await desktop.until(async () => (await menuLabels(desktop))?.includes('Resume all'), 'the pause');
    expect(await state(desktop)).toBe('paused');
    await clickMenu(desktop, 'resume');
    await desktop.until(async () => (await menuLabels(desktop))?.includes('Pause all'), 'the resume');

    await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    await clickMenu(desktop, 'open');
    await desktop.until(() => isVisible(desktop), 'the window');

    // A job that failed is told of, in the system's own way, and can be run again from there.
    const { notes } = await desktop.until(async () => {
      const now = await kept(desktop);
      return now.notes.length > 0 && now;
    }, 'the notification');
    expect(notes).toEqual([{ title: 'Broken & bad failed', body: expect.stringMatching(/3|no such table/) }]);
    await desktop.app.evaluate(() => {
      const { lastNote } = globalThis as never as { lastNote: { emit(...all: unknown[]): void } };
      lastNote.emit('action', {}, 1);
    });
    await desktop.until(async () => (await kept(desktop)).notes.length === 2, 'the second run to fail');

    // Run from the tray.
    await clickMenu(desktop, 'run:broken');
    await desktop.until(async () => (await kept(desktop)).notes.length === 3, 'the third run to fail');
  });

  it('closing the window keeps jobs running, and a second start brings it back', async () => {
    const desktop = await startDesktop({ jobs: jobsYaml });
    await capture(desktop);
    await run(desktop, 'long');
    await desktop.until(async () => (await statusOf(desktop, 'long')) === 'running', 'the run');
    // The computer is kept awake for a job that asks for it.
    await desktop.until(async () => (await kept(desktop)).blockers === 1, 'the sleep blocker');
    const close = () =>
      desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await close();
    await desktop.until(async () => !(await isVisible(desktop)), 'the window to be hidden');
    expect(await statusOf(desktop, 'long')).toBe('running');
    const { notes } = await desktop.until(async () => {
      const now = await kept(desktop);
      return now.notes.length > 0 && now;
    }, 'the note');
    expect(notes.map(({ title }) => title)).toEqual(['Job Scheduler goes on in the background']);

    // S73: the arguments of a second start are a stranger's. They do nothing but show the window.
    const before = await desktop.app.evaluate(() => process.pid);
    const second = spawn(electronFile as string, [
      root,
      ...rootArguments,
      '--data',
      desktop.dataFolder,
      '--run=quick',
      '--remote-debugging-port=9',
      'jobsched://run/quick',
    ]);
    const [code] = await once(second, 'exit');
    expect(code).toBe(0);
    await desktop.until(() => isVisible(desktop), 'the window');
    expect(await desktop.app.evaluate(() => process.pid)).toBe(before);
    expect(await statusOf(desktop, 'quick')).toBeUndefined();
    expect(await desktop.app.evaluate(({ app }) => app.commandLine.hasSwitch('run'))).toBe(false);

    // Told once.
    await close();
    expect((await kept(desktop)).notes).toHaveLength(1);

    // Quitting while something runs asks; "cancel" keeps everything as it is.
    await desktop.app.evaluate(({ app }) => app.quit());
    await desktop.until(async () => (await kept(desktop)).asked.length > 0, 'the question');
    expect((await kept(desktop)).asked).toEqual(['"Long one" is running']);
    expect(await statusOf(desktop, 'long')).toBe('running');

    // "End them and quit" leaves no process and no row behind.
    const child = desktop.app.process();
    const gone = once(child, 'exit');
    await desktop.app.evaluate(({ app, dialog }) => {
      dialog.showMessageBox = (async () => ({ response: 1, checkboxChecked: false })) as never;
      app.quit();
    });
    expect((await gone)[0]).toBe(0);
    const again = await startDesktop({ dataFolder: desktop.dataFolder });
    expect(await statusOf(again, 'long')).toMatch(/cancelled|interrupted/);
  });

  it('a page that crashes is loaded again and touches no run', async () => {
    const desktop = await startDesktop({ jobs: jobsYaml });
    await run(desktop, 'long');
    await desktop.until(async () => (await statusOf(desktop, 'long')) === 'running', 'the run');
    const loaded = desktop.app.evaluate(
      ({ BrowserWindow }) =>
        new Promise<boolean>((resolve) => {
          const contents = BrowserWindow.getAllWindows()[0]?.webContents;
          contents?.once('render-process-gone', () => contents.once('did-finish-load', () => resolve(true)));
          contents?.forcefullyCrashRenderer();
        }),
    );
    expect(await loaded).toBe(true);
    const status = await desktop.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(
        'desktop.invoke("api:system.queueStatus", {})',
      ),
    );
    expect(status).toMatchObject({ status: 200, body: { running: 1 } });
  });

  it('faults of the program are logged, and five of them in a minute put it on hold', async () => {
    const desktop = await startDesktop({ jobs: jobsYaml });
    await desktop.page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor();
    await desktop.app.evaluate(() => {
      for (let count = 0; count < 4; count += 1)
        process.emit('uncaughtException', new Error(`fault ${count}`));
    });
    expect(await state(desktop)).toBe('running');
    await desktop.app.evaluate(() => {
      process.emit('uncaughtException', new Error('the last straw'));
    });
    await desktop.until(async () => (await state(desktop)) === 'paused', 'the safe mode');
    await desktop.page.getByText('the last straw').waitFor();
    await desktop.page.getByRole('button', { name: 'Schedule again' }).click();
    await desktop.until(async () => (await state(desktop)) === 'running', 'scheduling again');
  });

  it('guides the first start, and remembers where its window was and what was skipped', async () => {
    const desktop = await startDesktop();
    const { page } = desktop;
    await page.getByRole('heading', { name: 'First steps' }).waitFor();
    await page.getByRole('button', { name: 'Create a sample and run it' }).press('Enter');
    await page.getByRole('link', { name: 'Look at its run' }).waitFor();
    await desktop.until(
      async () => (await statusOf(desktop, 'first_sample')) === 'success',
      'the sample run',
    );
    await page.getByRole('button', { name: 'Skip' }).press('Enter');
    await page.getByRole('heading', { name: 'First steps' }).waitFor({ state: 'detached' });
    await desktop.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.setBounds({ x: 60, y: 50, width: 900, height: 640 }),
    );
    const place = join(desktop.dataFolder, 'window', 'place.json');
    // It is there from the first place on; what was just set has to be in it.
    await desktop.until(
      async () => existsSync(place) && /\b900\b/.test(readFileSync(place, 'utf8')),
      'the place to be remembered',
    );
    const child = desktop.app.process();
    const gone = once(child, 'exit');
    await desktop.app.evaluate(({ app }) => app.quit());
    expect((await gone)[0]).toBe(0);
    const again = await startDesktop({ dataFolder: desktop.dataFolder });
    await again.page.getByRole('heading', { name: 'Timeline' }).waitFor();
    expect(await again.page.getByRole('heading', { name: 'First steps' }).count()).toBe(0);
    const bounds = await again.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.getBounds(),
    );
    expect(bounds).toMatchObject({ width: 900, height: 640 });
  });
});

describe.skipIf(noDesktop)(
  `--headless of the desktop application${noDesktop ? ` (${noDesktop})` : ''}`,
  () => {
    const headless = async (...args: string[]) => {
      const child = spawn(electronFile as string, [root, ...rootArguments, '--headless', ...args]);
      let out = '';
      let err = '';
      child.stdout.on('data', (text) => {
        out += text;
      });
      child.stderr.on('data', (text) => {
        err += text;
      });
      const [code] = await once(child, 'exit');
      return { code, out, err };
    };

    it('answers like the Node program: text and exit code', async () => {
      const { version } = (await import('../../package.json')).default;
      expect(await headless('--version')).toMatchObject({ code: 0, out: `${version}\n` });
      expect(await headless('--port', 'many')).toMatchObject({
        code: 2,
        err: expect.stringContaining('expected 0-65535'),
      });
      expect(await headless('--config', 'x', '--app-config', '/nowhere.yaml')).toMatchObject({
        code: 2,
        err: expect.stringContaining('/nowhere.yaml does not exist'),
      });
    });

    it('serves the pages and the API, refuses the data of a window, and stops when it is told to', async () => {
      const desktop = await startDesktop();
      expect(await headless('--data', desktop.dataFolder, '--port', '0')).toMatchObject({
        code: 1,
        err: expect.stringContaining('is in use by process'),
      });
      const folder = join(desktop.dataFolder, 'other');
      const file = join(desktop.dataFolder, 'jobs.yaml');
      writeFileSync(file, jobsYaml);
      const child = spawn(electronFile as string, [
        root,
        ...rootArguments,
        '--headless',
        '--data',
        folder,
        '--config',
        file,
        '--port',
        '0',
      ]);
      let out = '';
      child.stdout.on('data', (text) => {
        out += text;
      });
      const address = await desktop.until(async () => /Address: +(\S+)/.exec(out)?.[1], 'the address');
      expect(await (await fetch(`${address}/api/health`)).json()).toMatchObject({ status: 'healthy' });
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      expect((await gone)[0]).toBe(0);
    });
  },
);
