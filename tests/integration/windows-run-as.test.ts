import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type RunTool,
  runAsTask,
  sweepTasks,
  type TaskProgram,
} from '../../src-main/adapters/process/windows-run-as/run-as-task';
import { tempFolder } from '../support/temp-folder';

const hasPwsh = spawnSync('pwsh', ['-v']).status === 0;
if (!hasPwsh) console.log('skipped: the wrapper of a scheduled task (needs pwsh)');

const account = { kind: 'user', name: 'CORP\\report' } as const;

/** Windows' tools as far as a run needs them; the wrapper they start is the real one, in PowerShell 7. */
function fakeWindows(
  parent: string,
  answers: { readonly icacls?: number; readonly register?: string; readonly last?: number } = {},
) {
  const calls: { readonly tool: string; readonly args: readonly string[]; readonly stdin?: string }[] = [];
  const runTool: RunTool = async (file, args, stdin) => {
    const tool = file.replace(/^.*\\|\.exe$/g, '');
    calls.push({ tool, args, ...(stdin === undefined ? {} : { stdin }) });
    if (tool === 'icacls') return { code: answers.icacls ?? 0, text: '' };
    if (tool === 'powershell') {
      if (answers.register !== undefined) return { code: 0, text: answers.register };
      const [name = ''] = readdirSync(parent);
      if (answers.last === undefined)
        spawn('pwsh', ['-NoProfile', '-NonInteractive', '-File', join(parent, name, 'wrapper.ps1')], {
          stdio: 'ignore',
        });
      return { code: 0, text: '{"ok":true}\r\n' };
    }
    if (args[0] === '/Query')
      return { code: 0, text: `"H","\\x","N","S","L","T","${answers.last ?? 267009}","a"\r\n` };
    return { code: 0, text: '' };
  };
  const run = async (
    program: Partial<TaskProgram>,
    signal = new AbortController().signal,
    onText?: () => void,
  ) => {
    const texts = { stdout: '', stderr: '' };
    const deps = { token: 't', temporaryFolder: parent, systemRoot: 'C:\\Windows', runTool };
    const whole = { account, file: process.execPath, args: [], isVerbatim: false, env: {}, ...program };
    const sink = (stream: 'stdout' | 'stderr', chunk: Buffer) => {
      texts[stream] += chunk.toString('utf8');
      onText?.();
    };
    return { end: await runAsTask(deps, whole, sink, signal, 5000), ...texts };
  };
  return { run, calls, runTool };
}

describe.runIf(hasPwsh)('a program in a scheduled task, by the real wrapper', () => {
  it('gets its arguments, variables and input byte for byte; output, code and nothing else remain', async () => {
    const parent = tempFolder();
    const windows = fakeWindows(parent);
    const hostile = [
      'a b',
      '',
      '"',
      'x\\',
      'y z\\\\',
      '$(id) `id` %PATH% & | <>',
      'äöü 漢字 \u{1F600}',
      "it's",
    ];
    const script =
      "const i=require('fs').readFileSync(0,'utf8');console.log(JSON.stringify([process.argv.slice(1),process.env.OWN,i]));console.error('err');process.exitCode=7";
    const ran = await windows.run({
      args: ['-e', script, '--', ...hostile],
      env: { OWN: 'é "quoted"' },
      stdin: 'in 漢\n',
      password: 'pass-word-1',
    });
    expect(ran.end).toEqual({ kind: 'exited', code: 7 });
    expect(JSON.parse(ran.stdout)).toEqual([hostile, 'é "quoted"', 'in 漢\n']);
    expect(ran.stderr).toBe('err\n');
    expect(readdirSync(parent)).toEqual([]);
    expect(JSON.stringify(windows.calls.map((call) => call.args))).not.toContain('pass-word-1');
    expect(windows.calls.at(-1)?.args.slice(0, 2)).toEqual(['/Delete', '/TN']);
  });

  it('shows output while it runs, and is ended when told so', async () => {
    const parent = tempFolder();
    const abort = new AbortController();
    const script = 'console.log(process.pid); setInterval(() => {}, 1000)';
    const ran = await fakeWindows(parent).run({ args: ['-e', script] }, abort.signal, () => abort.abort());
    expect(ran.end).toEqual({ kind: 'killed', survivors: 0 });
    expect(() => process.kill(Number(ran.stdout), 0)).toThrow();
    expect(readdirSync(parent)).toEqual([]);
  });

  it('that is not there is a failed start', async () => {
    const ran = await fakeWindows(tempFolder()).run({ file: '/no/such/program' });
    expect(ran.end).toMatchObject({ kind: 'spawn_failed', code: 'ENOENT' });
  });
});

describe('a task that can not be had', () => {
  it.each([
    ['an unknown account', { icacls: 1332 }, /^run_as "CORP\\report": there is no such account$/],
    ['no rights', { register: '{"ok":false,"hresult":-2147024891,"message":""}' }, /elevated/],
    ['a wrong password', { register: '{"ok":false,"hresult":-2147023570}' }, /password is wrong/],
    ['a PowerShell that says nothing we know', { register: 'cannot be loaded' }, /cannot be loaded/],
    ['no right to log on as a batch job', { last: -2147023511 }, /batch job/],
  ])('%s: refused with the reason, and nothing is left', async (_why, answers, reason) => {
    const parent = tempFolder();
    const ran = await fakeWindows(parent, answers).run({});
    expect(ran.end).toEqual({ kind: 'spawn_failed', code: 'RUN_AS', reason: expect.stringMatching(reason) });
    expect(readdirSync(parent)).toEqual([]);
  });

  it('and one that was left is ended and removed at the next start', async () => {
    const { calls, runTool } = fakeWindows(tempFolder());
    const deps = { token: 't', temporaryFolder: '', systemRoot: 'C:\\Windows', runTool };
    expect(await sweepTasks(deps)).toBe(0);
    expect(calls).toHaveLength(1);
  });
});

it('the scripts are plain ASCII, which both PowerShells read alike', () => {
  for (const name of ['register.ps1', 'wrapper.ps1']) {
    const url = new URL(`../../src-main/adapters/process/windows-run-as/${name}`, import.meta.url);
    expect(readFileSync(url, 'utf8')).toMatch(/^[\n\u0020-\u007e]*$/);
  }
});
