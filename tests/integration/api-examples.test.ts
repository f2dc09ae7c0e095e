import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { sharedProgram } from '../support/program';
import { tempFolder } from '../support/temp-folder';

const page = readFileSync(fileURLToPath(new URL('../../docs/api.md', import.meta.url)), 'utf8');
/** All examples of a shell, in their order, as they are printed. */
const examples = (shell: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${shell}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))]
    .map(([, text]) => text)
    .join('\n');

const program = sharedProgram((folder) => {
  const config = join(folder, 'jobs.yaml');
  writeFileSync(
    config,
    `jobs:\n  - {id: broken, name: Broken, type: command, command: node, arguments: ['-e', 'process.exit(3)'], max_retries: 0}\n`,
  );
  return { dataFolder: join(folder, 'data'), config };
});

/** Rejects, with what was said, where it does not end with 0. */
const run = promisify(execFile);
const has = (name: string) => spawnSync(name, ['--version']).status === 0;
const noShell =
  process.platform === 'win32'
    ? 'not on Windows'
    : ['bash', 'curl', 'jq'].every(has)
      ? undefined
      : 'bash, curl or jq is missing';
const noPwsh = process.platform === 'win32' || has('pwsh') ? undefined : 'no pwsh on PATH';

/** A folder to work in, and a home whose data folder is that of the program. */
function place(data: readonly string[]) {
  const home = tempFolder();
  const link = join(home, ...data);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(program().dataFolder, link);
  const work = tempFolder();
  return { home, work };
}
/** The one thing that is not as printed: tests keep away from port 5000. */
const elsewhere = (text: string) => text.replaceAll('127.0.0.1:5000', new URL(program().address).host);

async function failOnce() {
  const { execution_id } = (await program().api('POST', '/api/jobs/broken/run')).body;
  await program().until(
    async () => (await program().api('GET', `/api/executions/${execution_id}`)).body.execution.end_time,
    'the failed run',
  );
}

describe('the examples of docs/api.md', () => {
  it.skipIf(noShell)(
    `for curl do what they say${noShell ? ` (${noShell})` : ''}`,
    { timeout: 300_000 },
    async () => {
      await failOnce();
      const { home, work } = place(['.local', 'share', 'job-scheduler']);
      const script = `set -euo pipefail\n${elsewhere(examples('bash'))}`;
      const done = await run('bash', ['-c', script], {
        cwd: work,
        env: { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8' },
        timeout: 240_000,
      });
      expect(done.stderr).toBe('');
      for (const said of [
        /^healthy$/m,
        /^Job created successfully$/m,
        /^Every day at 08:30 \(America\/New_York\), next 20\S+Z$/m,
        /^Job "api_hello" did not exist at /m,
        /^success after [\d.]+ s$/m,
        /^hello world$/m,
        /^broken\t.*3/m,
        /^exec_\d+ success$/m,
        /^Job updated successfully$/m,
        /^conflict$/m,
        /^\+ timeout: 600$/m,
        /^20\d\d-\d\d-\d\dT23:00:00/m,
        /^Nothing saved \(dry run\); would be 0 created, 0 updated, 2 unchanged$/m,
        /^forbidden$/m,
        /^unauthenticated$/m,
        /^Job deleted successfully$/m,
        /^(event|id|data|retry|:)/m,
      ])
        expect(done.stdout).toMatch(said);
      const yaml = readFileSync(join(work, 'all-jobs.yaml'), 'utf8');
      expect(yaml).toContain('# who is greeted');
      const zip = unzipSync(readFileSync(join(work, 'run.zip')));
      expect(strFromU8(zip['output.txt'] ?? new Uint8Array())).toContain('hello world');
      expect((await program().api('GET', '/api/jobs/api_hello')).status).toBe(404);
      expect((await program().api('GET', '/api/scheduler/status')).body.state).toBe('running');
    },
  );

  it.skipIf(noPwsh)(
    `for PowerShell do what they say${noPwsh ? ` (${noPwsh})` : ''}`,
    { timeout: 300_000 },
    async () => {
      const { home, work } = place(['Job Scheduler']);
      const script = `$ErrorActionPreference = 'Stop'\n${elsewhere(examples('powershell'))}`;
      const done = await run('pwsh', ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', script], {
        cwd: work,
        env: { PATH: process.env.PATH, HOME: home, LOCALAPPDATA: home, NO_COLOR: '1', LANG: 'C.UTF-8' },
        timeout: 240_000,
      });
      expect(done.stderr).toBe('');
      for (const said of [
        /^healthy$/m,
        /^Job created successfully$/m,
        /^success after [\d.]+ s$/m,
        /^hello world$/m,
        /^ps_hello +Every 6 hours/m,
        /^Job updated successfully$/m,
        /^conflict$/m,
        /^\+ timeout: 600$/m,
        /^Job deleted successfully$/m,
      ])
        expect(done.stdout.replaceAll('\r', '')).toMatch(said);
      expect(readFileSync(join(work, 'all-jobs.yaml'), 'utf8')).toContain('ps_hello');
    },
  );
});
