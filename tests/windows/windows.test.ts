import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, win32 } from 'node:path';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { noDesktop, root, startDesktop } from '../support/desktop';
import { sharedProgram } from '../support/program';
import { tempFolder } from '../support/temp-folder';

const noWindows =
  process.platform === 'win32' ? undefined : `only Windows can show this; here is ${process.platform}`;
const reason = noWindows ? ` (${noWindows})` : '';

/** The service, tasks and other accounts need an elevated prompt; `net session` answers nobody else. */
const notElevated =
  noWindows ??
  (spawnSync('net', ['session']).status === 0 ? undefined : 'the tests do not run as an administrator');
const elevation = notElevated ? ` (${notElevated})` : '';

const jobsIn = (folder: string) => `jobs:
  - { id: oem, name: OEM, type: command, command: cmd, arguments: [/c, type, '${join(folder, 'oem.txt')}'], max_retries: 0 }
  - { id: ansi, name: ANSI, type: command, command: cmd, arguments: [/c, type, '${join(folder, 'ansi.txt')}'], output_encoding: windows-1252, max_retries: 0 }
  - { id: utf8, name: UTF-8, type: command, command: cmd, arguments: [/c, type, '${join(folder, 'utf8.txt')}'], output_encoding: utf-8, max_retries: 0 }
  - { id: batch, name: Batch, type: command, command: '${join(folder, 'args.bat')}', arguments: ['a b', 'x&calc'], max_retries: 0 }
  - { id: batch_plain, name: Plain batch, type: command, command: '${join(folder, 'args.bat')}', arguments: ['a b', 'c'], max_retries: 0 }
  - { id: system, name: System, type: command, command: whoami, run_as: SYSTEM, max_retries: 0 }
  - { id: local_service, name: Local service, type: command, command: whoami, run_as: LOCAL SERVICE, max_retries: 0 }
  - { id: tree, name: Tree, type: command, command: cmd, arguments: [/c, 'start /b ping -t 127.0.0.1 & ping -t 127.0.0.1'], max_retries: 0 }
  - { id: codepage, name: Code page, type: command, command: cmd, arguments: [/c, 'echo äöü'], max_retries: 0 }
  - id: windows_powershell
    name: Windows PowerShell
    type: powershell
    host: powershell
    max_retries: 0
    script_content: |
      Write-Output $PSVersionTable.PSVersion.Major
      Write-Warning 'w'
      Write-Output 'äöü'
      exit 9
`;

describe.skipIf(noWindows)(`on Windows${reason}`, () => {
  const program = sharedProgram((folder) => {
    const config = join(folder, 'jobs.yaml');
    writeFileSync(config, jobsIn(folder));
    const page = /OEMCP\s+REG_SZ\s+(\d+)/.exec(
      spawnSync(
        'reg',
        ['query', String.raw`HKLM\SYSTEM\CurrentControlSet\Control\Nls\CodePage`, '/v', 'OEMCP'],
        {
          encoding: 'utf8',
        },
      ).stdout,
    )?.[1];
    writeFileSync(join(folder, 'oem.txt'), iconv.encode('äöü', page === '65001' ? 'utf8' : `cp${page}`));
    writeFileSync(join(folder, 'ansi.txt'), iconv.encode('äöü €', 'win1252'));
    writeFileSync(join(folder, 'utf8.txt'), 'äöü 漢字');
    writeFileSync(join(folder, 'args.bat'), '@echo [%~1] [%~2]\r\n');
    return { dataFolder: join(folder, 'data'), config };
  });

  const run = async (job_id: string): Promise<string> =>
    (await program().api('POST', `/api/jobs/${job_id}/run`)).body.execution_id;
  const ended = (execution_id: string) =>
    program().until(async () => {
      const { execution } = (await program().api('GET', `/api/executions/${execution_id}`)).body;
      return !['pending', 'running'].includes(execution.status) && execution;
    }, `the end of ${execution_id}`);
  const pings = () =>
    spawnSync('tasklist', ['/FI', 'IMAGENAME eq ping.exe'], { encoding: 'utf8' }).stdout.split('ping.exe')
      .length - 1;

  it('cancelling a job ends its whole tree', async () => {
    const before = pings();
    const execution_id = await run('tree');
    await program().until(async () => pings() >= before + 2, 'both programs');
    await program().api('POST', `/api/executions/${execution_id}/cancel`);
    expect((await ended(execution_id)).status).toBe('cancelled');
    await program().until(async () => pings() === before, 'the end of both');
  });

  it("output in the console's code page is text as it was written", async () => {
    expect((await ended(await run('codepage'))).output).toContain('äöü');
  });

  it.each([
    ['oem', 'äöü'],
    ['ansi', 'äöü €'],
    ['utf8', 'äöü 漢字'],
  ])('bytes of a file in the code page %s are text as it was meant', async (job_id, text) => {
    expect((await ended(await run(job_id))).output).toContain(text);
  });

  it('batch files get their arguments whole, or are refused before anything starts', async () => {
    expect((await ended(await run('batch_plain'))).output).toContain('[a b] [c]');
    const refused = await ended(await run('batch'));
    expect(refused.status).toBe('failed');
    expect(refused.error_message).toContain('&');
  });

  it.skipIf(notElevated)(`jobs run as the accounts of services${elevation}`, async () => {
    const system = await ended(await run('system'));
    expect([system.status, system.output.toLowerCase()]).toEqual([
      'success',
      expect.stringContaining('system'),
    ]);
    expect((await ended(await run('local_service'))).status).toBe('success');
  });

  it('Windows PowerShell 5.1 runs scripts: streams, text and exit code', async () => {
    const { status, return_code, output } = await ended(await run('windows_powershell'));
    expect({ status, return_code }).toEqual({ status: 'failed', return_code: 9 });
    expect(output).toMatch(/^5\r?\n/);
    expect(output).toContain('WARNING: w');
    expect(output).toContain('äöü');
  });

  it('key files can be read by nobody else', () => {
    const { stdout } = spawnSync('icacls', [join(program().dataFolder, 'admin.key')], { encoding: 'utf8' });
    expect(stdout).not.toMatch(/\\Users:|Everyone:|Authenticated Users:/i);
  });
});

describe.skipIf(noWindows ?? noDesktop)(
  `the desktop application on Windows${reason || (noDesktop ? ` (${noDesktop})` : '')}`,
  () => {
    it('keeps secrets by DPAPI, which another program without the key can not open', async () => {
      const desktop = await startDesktop();
      const status = (await desktop.call('desktop.status')).body as { secrets: { keeper: string } };
      expect(status.secrets.keeper).toBe('system');
      const saved = await desktop.call('secrets.put', {
        params: { name: 'canary' },
        body: { value: 'canary-value-of-dpapi' },
      });
      expect(saved.status).toBeLessThan(300);
      const file = readFileSync(join(desktop.dataFolder, 'job_scheduler.db'));
      const log = join(desktop.dataFolder, 'job_scheduler.db-wal');
      const all = Buffer.concat([file, existsSync(log) ? readFileSync(log) : Buffer.alloc(0)]);
      expect(all.includes('canary-value-of-dpapi')).toBe(false);
      expect(all.includes('os1:')).toBe(true);
    });

    it('can show toasts', async () => {
      const desktop = await startDesktop();
      const found = await desktop.app.evaluate(({ app, Notification }) => ({
        isSupported: Notification.isSupported(),
        name: app.getName(),
      }));
      expect(found).toEqual({ isSupported: true, name: 'Job Scheduler' });
    });
  },
);

describe.skipIf(notElevated)(`the service on Windows${elevation}`, () => {
  it('is installed as a task, started, found, stopped and removed', async () => {
    const data = tempFolder();
    const cli = (...args: string[]) =>
      spawnSync(process.execPath, [join(root, 'out', 'main', 'cli.js'), 'service', ...args], {
        encoding: 'utf8',
      });
    const installed = cli('install', '--task', '--data', data, '--port', '5987');
    expect(installed.status, installed.stdout + installed.stderr).toBe(0);
    try {
      expect(cli('start').status).toBe(0);
      const isUp = async () => {
        try {
          return (await fetch('http://127.0.0.1:5987/api/health')).ok;
        } catch {
          return false;
        }
      };
      for (let look = 0; look < 120 && !(await isUp()); look += 1)
        await new Promise((resolve) => setTimeout(resolve, 500));
      expect(await isUp()).toBe(true);
      expect(cli('status', '--data', data).stdout).toContain('5987');
      expect(cli('stop', '--data', data).status).toBe(0);
    } finally {
      cli('uninstall', '--data', data);
    }
    expect(spawnSync('schtasks', ['/Query', '/TN', 'JobScheduler']).status).not.toBe(0);
  }, 180_000);
});

const installers = process.env.JOB_SCHEDULER_INSTALLER ?? '';
const noInstaller =
  noWindows ??
  (installers && existsSync(installers)
    ? undefined
    : 'JOB_SCHEDULER_INSTALLER names no folder with the built installer');

/** Waits for its end; quotes are its own. */
const end = async (file: string, ...args: string[]) => {
  const child = spawn(file, args, { windowsVerbatimArguments: true });
  const [code] = await once(child, 'exit');
  return code as number | null;
};
const setupIn = (folder: string) =>
  join(folder, readdirSync(folder).find((name) => /Setup.*\.exe$/.test(name)) ?? '');
const hasTask = () => spawnSync('schtasks', ['/Query', '/TN', 'JobScheduler']).status === 0;

describe.skipIf(noInstaller)(`the installer${noInstaller ? ` (${noInstaller})` : ''}`, () => {
  it('installs for one person, runs headless with a console and an exit code, and is removed whole', async () => {
    const target = mkdtempSync(join(tmpdir(), 'job-scheduler-installed-'));
    try {
      expect(await end(setupIn(installers), '/S', '/currentuser', `/D=${target}`)).toBe(0);
      // A silent installation for one person never makes a service.
      expect(hasTask()).toBe(false);
      const cmd = join(target, 'job-scheduler.cmd');
      const version = spawnSync('cmd', ['/c', cmd, '--version'], { encoding: 'utf8' });
      expect(version.status).toBe(0);
      expect(version.stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
      expect(spawnSync('cmd', ['/c', cmd, '--port', 'many']).status).toBe(2);
      await end(join(target, 'Uninstall Job Scheduler.exe'), '/S', `_?=${target}`);
      expect(existsSync(join(target, 'Job Scheduler.exe'))).toBe(false);
    } finally {
      rmSync(target, { recursive: true, force: true, maxRetries: 3 });
    }
  }, 300_000);

  it.skipIf(notElevated)(
    `installs for all with the service, and leaves neither task nor process behind, but the data${elevation}`,
    async () => {
      const target = mkdtempSync(join(tmpdir(), 'job-scheduler-installed-'));
      const data = win32.join(process.env.ProgramData ?? '', 'Job Scheduler');
      try {
        expect(await end(setupIn(installers), '/S', '/allusers', '/SERVICE', `/D=${target}`)).toBe(0);
        expect(hasTask()).toBe(true);
        for (let look = 0; look < 120 && !existsSync(win32.join(data, 'admin.key')); look += 1)
          await new Promise((resolve) => setTimeout(resolve, 500));
        expect(existsSync(win32.join(data, 'admin.key'))).toBe(true);
        const { stdout } = spawnSync('icacls', [data], { encoding: 'utf8' });
        expect(stdout).not.toMatch(/\\Users:|Everyone:|Authenticated Users:/i);
        await end(join(target, 'Uninstall Job Scheduler.exe'), '/S', `_?=${target}`);
        expect(hasTask()).toBe(false);
        expect(existsSync(join(target, 'Job Scheduler.exe'))).toBe(false);
        const running = spawnSync('tasklist', ['/FI', 'IMAGENAME eq Job Scheduler.exe'], {
          encoding: 'utf8',
        });
        expect(running.stdout).not.toContain('Job Scheduler.exe');
        // Nobody was asked, so nothing of it is gone.
        expect(existsSync(win32.join(data, 'job_scheduler.db'))).toBe(true);
      } finally {
        rmSync(target, { recursive: true, force: true, maxRetries: 3 });
        rmSync(data, { recursive: true, force: true, maxRetries: 3 });
      }
    },
    300_000,
  );
});
