import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron } from 'playwright';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteStore } from '../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import { embeddedFile } from '../../src-main/adapters/persistence/store-files';
import { pageTimeoutMs } from '../support/browser';
import { electronFile, noDesktop, root, rootArguments, startDesktop } from '../support/desktop';
import { startProgram } from '../support/program';
import { tempFolder } from '../support/temp-folder';
import { jobsYaml } from './jobs';

/** A program of its own: what it printed and its exit code. */
async function end(file: string, args: readonly string[]): Promise<{ code: number | null; out: string }> {
  const child = spawn(file, args);
  let out = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      out += text;
    });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out };
}

describe.skipIf(noDesktop)(`the desktop as a service${noDesktop ? ` (${noDesktop})` : ''}`, () => {
  it('ends in order when its hidden window is closed, which is how nssm asks (sc stop)', async () => {
    const dataFolder = tempFolder();
    const config = join(dataFolder, 'jobs.yaml');
    writeFileSync(config, jobsYaml);
    const app = await _electron.launch({
      executablePath: electronFile as string,
      args: [
        ...[root, ...rootArguments, '--headless', '--hide-key', '--port', '0'],
        ...['--data', dataFolder, '--config', config],
      ],
      timeout: pageTimeoutMs,
    });
    const child = app.process();
    onTestFinished(() => void child.kill('SIGKILL'));
    let text = '';
    const says = (words: RegExp) =>
      new Promise<void>((resolve) => {
        const look = (part = '') => {
          text += part;
          if (words.test(text)) resolve();
        };
        child.stdout?.on('data', (part) => look(String(part)));
        look();
      });
    await says(/Address: +(\S+)/);
    const address = /Address: +(\S+)/.exec(text)?.[1];
    const key = readFileSync(join(dataFolder, 'admin.key'), 'utf8').trim();
    expect(text).not.toContain(key);
    const run = await fetch(`${address}/api/jobs/long/run`, {
      method: 'POST',
      headers: { 'X-API-Key': key },
    });
    expect(run.status).toBe(200);
    const gone = once(child, 'exit');
    await app.evaluate(({ BaseWindow }) => {
      const [hidden] = BaseWindow.getAllWindows();
      if (hidden?.isVisible()) throw new Error('it is to be seen');
      hidden?.close();
    });
    expect((await gone)[0]).toBe(0);
    const store = await openSqliteStore({ file: embeddedFile(dataFolder) });
    const newest = { limit: 1, offset: 0, sort: 'execution_id', descending: true } as const;
    expect(await store.executions.list({}, newest)).toMatchObject([
      { job_id: 'long', status: 'interrupted', error_message: expect.stringContaining('was stopped while') },
    ]);
    await store.close();
  });
});

describe.skipIf(noDesktop)(`the desktop beside a service${noDesktop ? ` (${noDesktop})` : ''}`, () => {
  it('becomes the window of the program that holds its data, and leaves it running', async () => {
    const dataFolder = join(tempFolder(), 'data');
    const config = join(tempFolder(), 'jobs.yaml');
    writeFileSync(config, jobsYaml);
    const service = await startProgram({ dataFolder, config });
    const desktop = await startDesktop({ dataFolder });
    const { app, page } = desktop;
    await page.getByRole('heading', { name: 'Dashboard', exact: true }).waitFor();
    expect(new URL(page.url()).origin).toBe(service.address);
    await page.getByText('Running').first().waitFor();
    // Nothing but a browser's rights, and no way out to other addresses.
    expect(
      await page.evaluate(() => [
        typeof window.desktop,
        typeof (window as never as { require: unknown }).require,
      ]),
    ).toEqual(['undefined', 'undefined']);
    const other = service.address.replace('127.0.0.1', 'localhost');
    expect(
      await page.evaluate(
        (to) =>
          fetch(to).then(
            () => 'went',
            () => 'held',
          ),
        other,
      ),
    ).toBe('held');
    // From outside the page: Playwright would wait for a navigation that does not come.
    const isKept = app.evaluate(
      ({ BrowserWindow }, to) =>
        new Promise<boolean>((resolve) => {
          const { webContents } = BrowserWindow.getAllWindows()[0] as Electron.BrowserWindow;
          webContents.once('will-frame-navigate', (event) => resolve(event.defaultPrevented));
          void webContents.executeJavaScript(`void location.assign(${JSON.stringify(to)})`);
        }),
      other,
    );
    expect(await isKept).toBe(true);
    const gone = once(app.process(), 'exit');
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    expect((await gone)[0]).toBe(0);
    expect((await service.api('GET', '/api/jobs')).status).toBe(200);
  });
});

describe.skipIf(noDesktop)(`the desktop and what is around it${noDesktop ? ` (${noDesktop})` : ''}`, () => {
  it('starts hidden, hears of sleep, opens a jobs file, is found by the command line, and ends with the system', async () => {
    const desktop = await startDesktop({ jobs: jobsYaml, args: ['--hidden'] });
    const { app, dataFolder } = desktop;
    await desktop.until(async () => /scheduler|jobs/i.test(desktop.printed()), 'the program to have started');
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(0);

    await app.evaluate(({ powerMonitor }) => {
      powerMonitor.emit('suspend');
      powerMonitor.emit('resume');
    });
    await desktop.until(
      async () => /goes to sleep[\s\S]*is awake again/.test(desktop.printed()),
      'sleep and waking in the log',
    );

    // A second start with a file that was double-clicked: looked at in the first one, and nothing is taken in.
    const opened = join(tempFolder(), 'brought in.job.yaml');
    writeFileSync(
      opened,
      'jobs:\n  - {id: brought_in, name: Brought in, type: command, command: node, arguments: [--version]}\n',
    );
    const second = await end(electronFile as string, [
      root,
      ...rootArguments,
      ...['--data', dataFolder],
      opened,
    ]);
    expect(second.code).toBe(0);
    const page = await app.firstWindow();
    await page.getByText('brought in.job.yaml').first().waitFor();
    await page.getByText('brought_in').first().waitFor();
    const call = (id: string, raw?: unknown) =>
      page.evaluate(([channel, input]) => window.desktop?.invoke(channel, input), [
        `api:${id}`,
        raw,
      ] as const);
    expect(await call('jobs.get', { params: { job_id: 'brought_in' } })).toMatchObject({ status: 404 });

    // Before it serves the command line says what to do; then it reaches the same program.
    const cli = (...args: string[]) =>
      end(process.execPath, [join(root, 'out', 'main', 'cli.js'), '--data', dataFolder, ...args]);
    expect((await cli('jobs', 'list')).out).toContain('switch "Serve" on');
    expect(await call('desktop.setServing', { body: { enabled: true, port: 0 } })).toMatchObject({
      status: 200,
    });
    const listed = await cli('jobs', 'list');
    expect(listed.out).toContain('Broken & bad');
    expect(listed.code).toBe(0);
    expect(await call('desktop.setServing', { body: { enabled: false } })).toMatchObject({ status: 200 });
    expect(JSON.parse(readFileSync(join(dataFolder, 'instance.json'), 'utf8')).address).toBeUndefined();

    // The system shuts down while a job runs: no question, and the run has its end.
    await call('jobs.run', { params: { job_id: 'long' } });
    const gone = once(app.process(), 'exit');
    await app.evaluate(({ powerMonitor }) => {
      powerMonitor.emit('shutdown');
    });
    expect((await gone)[0]).toBe(0);
  });

  it('quits when the running jobs have ended, and plans nothing more until then', async () => {
    const dataFolder = tempFolder();
    const mark = join(dataFolder, 'go');
    const script = `const t=setInterval(()=>{if(require('fs').existsSync(${JSON.stringify(mark)}))clearInterval(t)},50)`;
    const desktop = await startDesktop({
      dataFolder,
      jobs: `jobs:\n  - {id: waits, name: Waits, type: command, command: ${JSON.stringify(process.execPath)}, arguments: ['-e', ${JSON.stringify(script)}], max_retries: 0}\n`,
    });
    await desktop.call('jobs.run', { params: { job_id: 'waits' } });
    const gone = once(desktop.app.process(), 'exit');
    await desktop.app.evaluate(({ app, dialog }) => {
      dialog.showMessageBox = (async () => ({ response: 0, checkboxChecked: false })) as never;
      app.quit();
    });
    await desktop.until(
      async () => desktop.printed().includes('quitting as soon as the running jobs have ended'),
      'the decision',
    );
    expect((await desktop.call('scheduler.status')).body).toMatchObject({ state: 'stopped' });
    writeFileSync(mark, '');
    expect((await gone)[0]).toBe(0);
    const store = await openSqliteStore({ file: embeddedFile(dataFolder) });
    const newest = { limit: 1, offset: 0, sort: 'execution_id', descending: true } as const;
    expect(await store.executions.list({}, newest)).toMatchObject([{ job_id: 'waits', status: 'success' }]);
    await store.close();
  });
});
