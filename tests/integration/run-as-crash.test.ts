import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chmodSync, constants, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { programFile, startProgram } from '../support/program';
import { isInstalled } from '../support/run-type';
import { tempFolder } from '../support/temp-folder';

// Programs, notebooks and PowerShell take seconds to start on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
if (!isRoot) console.log('skipped: orphans of another account after a crash (needs root on Linux)');
const number = process.pid % 100_000;
const scheduler = `jssched${number}`;
const worker = `jswork${number}`;
const rule = `/etc/sudoers.d/job-scheduler-test-${number}`;

/** Whether any account may read the program and Node itself. */
function isReadableToAll(): boolean {
  try {
    const as = ['--reuid', '65534', '--regid', '65534', '--clear-groups', '--'];
    execFileSync('setpriv', [...as, process.execPath, '--check', programFile], { stdio: 'ignore' });
    accessSync('/etc/sudoers.d', constants.W_OK);
    return true;
  } catch {
    console.warn('SKIPPED: orphans of another account: other accounts can not run the program here');
    return false;
  }
}
const canShow = isRoot && isInstalled('sudo', ['-n', 'true'], 'run_as through sudo') && isReadableToAll();

const processesOf = (account: string): string[] => {
  const table = execFileSync('ps', ['-eo', 'user:32,stat,args'], { encoding: 'utf8' });
  return table.split('\n').filter((line) => line.startsWith(`${account} `) && !/^\S+\s+Z/.test(line));
};

describe.runIf(canShow)('a scheduler that is not root', () => {
  beforeAll(() => {
    for (const account of [scheduler, worker]) execFileSync('useradd', ['--create-home', account]);
    writeFileSync(rule, `${scheduler} ALL=(${worker}) NOPASSWD:SETENV: ALL\n`, { mode: 0o440 });
  });
  afterAll(() => {
    rmSync(rule, { force: true });
    for (const account of [scheduler, worker])
      execFileSync('userdel', ['--remove', account], { stdio: 'ignore' });
  });

  it('ends after a crash what it had started as another account, and nothing else of that account', async () => {
    const folder = tempFolder();
    chmodSync(folder, 0o755);
    const config = join(folder, 'jobs.yaml');
    const deaf = `trap '' TERM; while :; do sleep 1; done`;
    writeFileSync(
      config,
      `jobs:
  - id: tree
    name: A tree that does not want to die
    type: command
    shell: true
    command: |-
      setsid sh -c "${deaf}" & env -i setsid sh -c "${deaf}" & echo ready; ${deaf}
    run_as: ${worker}
    working_directory: /
    timeout: 0
`,
    );
    const dataFolder = join(folder, 'data');
    execFileSync('install', ['-d', '-o', scheduler, '-m', '700', dataFolder]);
    const options = { dataFolder, config, account: scheduler, env: { HOME: dataFolder } };
    const first = await startProgram(options);
    const { body } = await first.api('POST', '/api/jobs/tree/run');
    const output = () => first.api('GET', `/api/executions/${body.execution_id}/output`);
    await first.until(async () => String((await output()).body).includes('ready'), 'the tree');
    const stranger = spawn('setpriv', ['--reuid', worker, '--clear-groups', 'sleep', '600']);
    expect(processesOf(worker).length).toBeGreaterThanOrEqual(4);
    await first.stop('SIGKILL');
    expect(processesOf(worker).length).toBeGreaterThanOrEqual(4);

    const second = await startProgram(options);
    // A loop may have begun its second of sleep in the moment in which it was ended: that ends by itself.
    await expect
      .poll(() => processesOf(worker).map((line) => line.replace(/\s+/g, ' ')), { timeout: 10_000 })
      .toEqual([expect.stringMatching(/ sleep 600$/)]);
    const row = await second.api('GET', `/api/executions/${body.execution_id}`);
    expect(row.body.execution).toMatchObject({ status: 'interrupted', metadata: { run_as: worker } });
    stranger.kill();
    await once(stranger, 'close');
    await second.stop();
    expect(readFileSync(join(dataFolder, 'logs', 'scheduler.log'), 'utf8')).toMatch(/processes_ended/);
  });
});
