import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunAsFacts, systemRunAsFacts } from '../../src-main/adapters/process/run-as';
import { createPowerShellJobType } from '../../src-main/job-types/powershell';
import { createPythonJobType } from '../../src-main/job-types/python';
import { createMachine, isInstalled } from '../support/run-type';

// Programs, notebooks and PowerShell take seconds to start on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
if (!isRoot) console.log('skipped: scripts under run_as (needs root on Linux)');
const hasPwsh = isInstalled('pwsh', ['-NoProfile', '-Command', 'exit 0'], 'PowerShell under run_as');
const notebooks = ['-c', 'import nbconvert, nbclient, ipykernel'];
const hasNotebooks = isInstalled('/usr/bin/python3', notebooks, 'notebooks under run_as');
const hasSudo = isInstalled('sudo', ['-n', 'true'], 'scripts under run_as through sudo');

const user = `jsscript${process.pid % 100_000}`;
const left = () => readdirSync(tmpdir()).filter((name) => /^job-scheduler-[A-Za-z0-9]{10}$/.test(name));

/** Root may sudo without a password: only which way is taken is decided here. */
const ways: readonly (readonly [string, Partial<RunAsFacts>])[] = [
  ['setuid', {}],
  ...(hasSudo ? [['sudo', { self: { name: 'somebody', uid: 54_321 } }] as const] : []),
];

describe.runIf(isRoot)('a script in the definition that runs as another user', () => {
  beforeAll(() => {
    execFileSync('useradd', ['--no-create-home', '--home-dir', '/', '--shell', '/bin/false', user]);
  });
  afterAll(() => {
    execFileSync('userdel', [user]);
  });

  const machineBy = (facts: Partial<RunAsFacts>) => createMachine({}, { ...systemRunAsFacts(), ...facts });

  it.each(ways)('reaches Python by %s, and nothing of it is left', async (_, facts) => {
    const machine = machineBy(facts);
    const environments = { ensure: () => Promise.reject(new Error('not asked')) };
    const type = createPythonJobType({ ...machine, environments });
    const before = left();
    const script_content =
      'import getpass, os\nprint(getpass.getuser(), os.stat(os.path.dirname(__file__)).st_mode & 0o077)\nraise SystemExit(3)';
    const config = { script_content, working_directory: '/', python: '/usr/bin/python3' };
    const ran = await machine.run(type, config, { run_as: user });
    expect(ran.stdout).toBe(`${user} 0\n`);
    expect(ran.outcome).toMatchObject({ status: 'failed', return_code: 3 });
    expect(left()).toEqual(before);
  });

  it.skipIf(!hasPwsh).each(ways.slice(0, 1))(
    'reaches PowerShell by %s, and its error comes back in words',
    async (_, facts) => {
      const machine = machineBy(facts);
      const type = createPowerShellJobType(machine);
      const before = left();
      const script_content = 'param($Name)\n[Environment]::UserName\n"[$Name]"\nthrow \'No such report\'';
      const config = { script_content, parameters: { Name: 'a \'b\' "c"' }, working_directory: '/' };
      const ran = await machine.run(type, config, { run_as: user });
      expect(ran.stdout).toBe(`${user}\n[a 'b' "c"]\n`);
      expect(ran.outcome).toMatchObject({
        status: 'failed',
        error_message: expect.stringContaining('No such report'),
      });
      expect(left()).toEqual(before);
    },
  );

  it.each(ways)(
    'has the interpreter that lies in its private folder, asked by %s as itself',
    async (_, facts) => {
      const machine = machineBy(facts);
      const type = createPythonJobType({
        ...machine,
        environments: { ensure: () => Promise.reject(new Error('no')) },
      });
      const home = join(machine.folder, 'home');
      mkdirSync(home, { mode: 0o700 });
      chmodSync(machine.folder, 0o755);
      // What its owner put there must never run as anybody else.
      writeFileSync(
        join(home, 'python'),
        '#!/bin/sh\nid -un >> "$(dirname "$0")/who"\nexec /usr/bin/python3 "$@"\n',
        {
          mode: 0o755,
        },
      );
      writeFileSync(join(home, 'a.py'), 'print("of its own")');
      execFileSync('chown', ['-R', user, home]);
      const config = { script_path: join(home, 'a.py'), python: join(home, 'python') };
      const ran = await machine.run(type, config, { run_as: user });
      expect(ran.outcome).toEqual({ status: 'success', return_code: 0 });
      expect(ran.stdout).toBe('of its own\n');
      expect(readFileSync(join(home, 'who'), 'utf8')).toBe(`${user}\n${user}\n`);
    },
  );

  it.skipIf(!hasNotebooks).each(ways)(
    'leaves a notebook and its page with the execution, by %s',
    async (_, facts) => {
      const machine = machineBy(facts);
      const type = createPythonJobType({
        ...machine,
        environments: { ensure: () => Promise.reject(new Error('no')) },
      });
      chmodSync(machine.folder, 0o755);
      const cell = (source: string) => ({
        cell_type: 'code',
        metadata: {},
        source,
        outputs: [],
        execution_count: null,
      });
      const script_path = join(machine.folder, 'who.ipynb');
      const cells = ['import getpass', 'print(getpass.getuser())', '1 / 0'].map(cell);
      writeFileSync(script_path, JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 4 }));
      const before = left();
      const config = { script_path, python: '/usr/bin/python3', working_directory: '/' };
      const ran = await machine.run(type, config, { run_as: user });
      expect(ran.outcome).toMatchObject({ error_message: expect.stringContaining('cell 3 of 3') });
      expect(ran.stdout).toContain(`${user}\n`);
      expect(readdirSync(ran.artifacts).sort()).toEqual(['who.html', 'who.ipynb']);
      expect(readFileSync(join(ran.artifacts, 'who.html'), 'utf8')).toContain('ZeroDivisionError');
      expect(left()).toEqual(before);
    },
  );

  it('is refused where its results would lie in our own folders, with the way out', async () => {
    const machine = machineBy({});
    const environments = { ensure: () => Promise.reject(new Error('not asked')) };
    const type = createPythonJobType({ ...machine, environments });
    const config = {
      script_content: 'pass',
      requirements: ['six'],
      working_directory: '/',
      python: '/usr/bin/python3',
    };
    const ran = await machine.run(type, config, { run_as: user });
    expect(ran.outcome).toMatchObject({
      status: 'failed',
      error_class: 'configuration',
      error_message: expect.stringMatching(/requirements are installed in a private folder.*virtual_env/),
    });
  });
});
