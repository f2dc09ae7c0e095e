import { describe, expect, it } from 'vitest';
import type { Host } from '../../../src-main/core/ports/host';
import type { ProcessRunner, ProcessSpec } from '../../../src-main/core/ports/process-runner';
import { createPowerShellJobType } from '../../../src-main/job-types/powershell';

/** A Windows machine whose PowerShell answers so; what it was asked. */
function windows(answer: string) {
  const asked: ProcessSpec[] = [];
  const processRunner: ProcessRunner = {
    async run(spec, onOutput) {
      asked.push(spec);
      await onOutput('stdout', new TextEncoder().encode(answer));
      return { kind: 'exited', code: 0 };
    },
    sweep: async () => 0,
  };
  const host = {
    platform: 'win32',
    jobsFolder: 'C:\\Jobs',
    kindOf: async (path: string) => (path.endsWith('.ps1') ? 'file' : 'folder'),
    accessProblem: async () => undefined,
    findProgram: async () => 'C:\\Windows\\powershell.exe',
  } as unknown as Host;
  const type = createPowerShellJobType({ processRunner, host });
  const known = new Map<string, Promise<unknown>>();
  const check = (config: Record<string, unknown>) =>
    type.check?.(type.configSchema.parse(config), {
      signal: new AbortController().signal,
      now: 0,
      once<T>(key: string, work: () => Promise<T>): Promise<T> {
        const answered = (known.get(key) as Promise<T> | undefined) ?? work();
        known.set(key, answered);
        return answered;
      },
    });
  return { check, asked };
}

const file = { script_path: "C:\\Scripts\\it's.ps1" };
const inline = { script_content: 'Get-Date' };

describe('the execution policy, before a job runs', () => {
  it.each([
    [
      'Restricted',
      inline,
      {},
      /^The execution policy Restricted lets PowerShell run no script$/,
      /RemoteSigned/,
    ],
    [
      'AllSigned',
      file,
      { signature: 'NotSigned' },
      /AllSigned runs signed scripts only.*NotSigned/,
      /^sign it/,
    ],
    ['AllSigned', inline, {}, /the script of the job is not: NotSigned/, /^set execution_policy/],
    [
      'RemoteSigned',
      file,
      { signature: 'NotSigned', downloaded: true },
      /came from the internet/,
      /Unblock-File -LiteralPath 'C:\\Scripts\\it''s\.ps1'/,
    ],
    [
      'AllSigned',
      { ...inline, execution_policy: 'Bypass' },
      {},
      /AllSigned \(a group policy; the job asks for Bypass\)/,
      /group policy/,
    ],
  ])('%s keeps this script from running', async (policy, config, more, message, fix) => {
    const { check } = windows(`noise\r\n${JSON.stringify({ policy, ...more })}\r\n`);
    expect(await check(config)).toEqual([
      {
        kind: 'policy',
        severity: 'error',
        message: expect.stringMatching(message),
        fix: expect.stringMatching(fix),
      },
    ]);
  });

  it.each([
    ['RemoteSigned', file, { signature: 'NotSigned', downloaded: false }],
    ['RemoteSigned', file, { signature: 'Valid', downloaded: true }],
    ['AllSigned', file, { signature: 'Valid' }],
    ['Unrestricted', file, { downloaded: true }],
    ['Bypass', inline, {}],
  ])('%s lets this one run', async (policy, config, more) => {
    expect(await windows(JSON.stringify({ policy, ...more })).check(config)).toEqual([]);
  });

  it('is asked of the host that will run it, with the policy of the job, and the path is no part of the command', async () => {
    const { check, asked } = windows('{"policy":"Bypass"}');
    await check({ ...file, execution_policy: 'Bypass' });
    await check({ ...file, execution_policy: 'Bypass' });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      file: 'C:\\Windows\\powershell.exe',
      env: { CHECKED_SCRIPT: file.script_path },
    });
    expect(asked[0]?.args.slice(0, 6)).toEqual([
      '-NoLogo',
      '-NoProfile',
      '-NonInteractive',
      '-ExecutionPolicy',
      'Bypass',
      '-Command',
    ]);
    expect(asked[0]?.args.join(' ')).not.toContain("it's");
  });

  it('finds nothing when the host gives no answer', async () => {
    expect(await windows('something else').check(inline)).toEqual([]);
    expect(await windows('{"policy": 1}').check(inline)).toEqual([]);
    expect(await windows('{broken').check(inline)).toEqual([]);
  });
});
