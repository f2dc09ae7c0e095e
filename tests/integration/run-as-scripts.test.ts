import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunAsFacts, systemRunAsFacts } from '../../src-main/adapters/process/run-as';
import { createPowerShellJobType } from '../../src-main/job-types/powershell';
import { createPythonJobType } from '../../src-main/job-types/python';
import { createMachine, isInstalled } from '../support/run-type';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
if (!isRoot) console.log('skipped: scripts under run_as (needs root on Linux)');
const hasPwsh = isInstalled('pwsh', ['-NoProfile', '-Command', 'exit 0'], 'PowerShell under run_as');
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
