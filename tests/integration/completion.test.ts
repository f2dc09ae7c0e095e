import { execFile, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { programFile, sharedProgram } from '../support/program';
import { tempFolder } from '../support/temp-folder';

const many = Array.from({ length: 120 }, (_, index) => `extra_${String(index).padStart(3, '0')}`);
const program = sharedProgram((folder) => {
  const config = join(folder, 'jobs.yaml');
  const jobs = ['nightly', 'nightly_copy', ...many];
  writeFileSync(
    config,
    `jobs:\n${jobs.map((id) => `  - {id: ${id}, name: A, type: command, command: node, arguments: ['-e', '']}\n`).join('')}`,
  );
  return { dataFolder: join(folder, 'data'), config };
});

const run = promisify(execFile);
const has = (shell: string) => spawnSync(shell, ['--version']).status === 0;
const noBash = process.platform === 'win32' || !has('bash') ? 'no bash here' : undefined;
const noPwsh = process.platform === 'win32' || !has('pwsh') ? 'no pwsh on PATH' : undefined;

let bin = '';
beforeAll(() => {
  bin = mkdtempSync(join(tmpdir(), 'job-scheduler-bin-'));
  const cli = programFile.replace(/headless\.js$/, 'cli.js');
  writeFileSync(join(bin, 'job-scheduler'), `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`);
  chmodSync(join(bin, 'job-scheduler'), 0o755);
});
afterAll(() => rmSync(bin, { recursive: true, force: true }));
const environment = () => ({ ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` });

/** What bash offers for each line that ends at the cursor; its words are those between blanks. */
function bash(lines: readonly string[]) {
  const script = `eval "$(job-scheduler completion bash)"
for line in "$@"; do
  COMP_LINE=$line; COMP_POINT=\${#line}
  IFS=' ' read -ra COMP_WORDS <<< "$line"; COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
  _job_scheduler job-scheduler
  echo "> \${COMPREPLY[*]}"
done`;
  return run('bash', ['-c', script, 'bash', ...lines], { env: environment() });
}

/** The same of PowerShell, by its own completion. */
function pwsh(lines: readonly string[]) {
  const script = `job-scheduler completion powershell | Out-String | Invoke-Expression
foreach ($line in ConvertFrom-Json $env:LINES) {
  "> " + ((TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.CompletionText -join ' ')
}`;
  return run('pwsh', ['-NoProfile', '-NonInteractive', '-Command', script], {
    env: { ...environment(), LINES: JSON.stringify(lines), NO_COLOR: '1' },
  });
}

describe.each([
  ['bash', noBash, bash],
  ['PowerShell', noPwsh, pwsh],
] as const)('completion in %s', (_shell, missing, complete) => {
  it.skipIf(missing)(
    `offers commands, options and what the running program has, and is silent where none answers${missing ? ` (${missing})` : ''}`,
    { timeout: 300_000 },
    async () => {
      const { api, dataFolder } = program();
      const { execution_id } = (await api('POST', '/api/jobs/nightly/run')).body;
      await api('POST', '/api/connections', {
        connection_id: 'warehouse',
        name: 'W',
        driver: 'sqlite',
        database_name: ':memory:',
      });
      const inData = (rest: string) => `job-scheduler --data ${dataFolder} ${rest}`;
      const nobody = tempFolder();
      // It answers nobody.
      const deaf = spawn(process.execPath, [
        '-e',
        "require('node:net').createServer(() => {}).listen(0, '127.0.0.1', function () { console.log(this.address().port); })",
      ]);
      onTestFinished(() => void deaf.kill());
      const port = await new Promise<string>((resolve) =>
        deaf.stdout.once('data', (chunk) => resolve(String(chunk).trim())),
      );
      const expected: readonly (readonly [line: string, offered: string])[] = [
        ['job-scheduler jo', 'jobs'],
        ['job-scheduler jobs ru', 'run'],
        ['job-scheduler jobs run --wa', '--wait'],
        ['job-scheduler known-n', ''],
        [inData('jobs run nig'), 'nightly nightly_copy'],
        [inData('why nightly_'), 'nightly_copy'],
        [inData('jobs enable nightly ex'), many.join(' ')],
        [inData('notifications list --job nightly_'), 'nightly_copy'],
        [inData(`executions logs ${execution_id}`), execution_id],
        [inData('connections test w'), 'warehouse'],
        [`job-scheduler --data ${nobody} jobs run nig`, ''],
        [`job-scheduler --url http://127.0.0.1:${port} jobs run nig`, ''],
      ];
      const { stdout, stderr } = await complete(expected.map(([line]) => line));
      expect(stderr).toBe('');
      const found = stdout
        .trimEnd()
        .split(/\r?\n/)
        .map((line) => line.replace(/^> ?/, ''));
      expect(found).toEqual(expected.map(([, offered]) => offered));
    },
  );
});
