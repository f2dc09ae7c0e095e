import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedProgram } from '../support/program';

const noWindows =
  process.platform === 'win32' ? undefined : `only Windows can show this; here is ${process.platform}`;
const reason = noWindows ? ` (${noWindows})` : '';

const jobs = `jobs:
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
    writeFileSync(config, jobs);
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

const installers = process.env.JOB_SCHEDULER_INSTALLER ?? '';
const noInstaller =
  noWindows ??
  (installers && existsSync(installers)
    ? undefined
    : 'JOB_SCHEDULER_INSTALLER names no folder with the built installer');

describe.skipIf(noInstaller)(`the installer${noInstaller ? ` (${noInstaller})` : ''}`, () => {
  it('installs for one person, runs headless with a console and an exit code, and is removed whole', async () => {
    const setup = readdirSync(installers).find((name) => /Setup.*\.exe$/.test(name)) ?? '';
    const target = mkdtempSync(join(tmpdir(), 'job-scheduler-installed-'));
    const end = async (file: string, ...args: string[]) => {
      const child = spawn(file, args, { windowsVerbatimArguments: true });
      let out = '';
      child.stdout?.on('data', (text) => {
        out += text;
      });
      const [code] = await once(child, 'exit');
      return { code, out };
    };
    try {
      expect((await end(join(installers, setup), '/S', '/currentuser', `/D=${target}`)).code).toBe(0);
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
});
