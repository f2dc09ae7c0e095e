import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { sweepTemporaryFolders } from '../../src-main/adapters/host/temporary-folders';
import { createPowerShellJobType } from '../../src-main/job-types/powershell';
import { createMachine, isInstalled } from '../support/run-type';
import { tempFolder } from '../support/temp-folder';

// PowerShell takes seconds to start on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const hasPwsh = isInstalled('pwsh', ['-NoProfile', '-Command', 'exit 0'], 'runs of real PowerShell scripts');

function machineWithPowerShell() {
  const machine = createMachine();
  const type = createPowerShellJobType(machine);
  return {
    ...machine,
    type,
    script(name: string, content: string): string {
      const file = join(machine.folder, name);
      writeFileSync(file, content);
      return file;
    },
    inline: (script_content: string, keys: Record<string, unknown> = {}) =>
      machine.run(type, { script_content, ...keys }),
  };
}

/** Processes that carry the mark of a run. */
const treeOf = (token: string): string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) &&
        Number(pid) !== process.pid &&
        readFileSync(`/proc/${pid}/environ`, 'latin1').includes(token)
      );
    } catch {
      return false;
    }
  });

/** Prints what a script was given as JSON: type and value of each parameter. */
const probe = `param($A, $B, [string[]]$Items, [int]$Count, [switch]$Full, [Parameter(ValueFromRemainingArguments)]$Rest)
$all = [ordered]@{ A = $A; B = $B; Items = @($Items); Count = $Count; Full = [bool]$Full; Rest = @($Rest | Where-Object { $null -ne $_ }); TypeOfA = if ($null -eq $A) { '' } else { $A.GetType().Name } }
[Console]::Out.WriteLine(($all | ConvertTo-Json -Compress))
exit 9
`;

const hostile = [
  '; Remove-Item -Recurse canary',
  '$(New-Item pwned)',
  '-Command',
  '-EncodedCommand',
  '@file',
  '@(1,2)',
  '`n',
  '"double"',
  "'single'",
  '"; exit 0; "',
  'a\nb\r\nc',
  'back\\slash\\',
  '%PATH%',
  '$env:PATH',
  '{ 1 }',
  '| Out-File pwned',
  '> pwned',
  '& calc',
  '2024-01-01T00:00:00Z',
  '/Date(1700000000000)/',
  'ünïcödé 漢字 😀',
  '\u201csmart\u201d \u2018quotes\u2019 \u2013dash',
  '--',
  '',
  ' ',
];

describe.skipIf(!hasPwsh)('a PowerShell script', () => {
  it('gets hostile values as they are by name, and its exit code is kept', async () => {
    const { run, type, script, folder } = machineWithPowerShell();
    const script_path = script('probe.ps1', probe);
    const ran = await run(type, {
      script_path,
      parameters: { A: hostile[0], B: '-Command', Items: hostile },
    });
    expect(ran.outcome).toMatchObject({ status: 'failed', return_code: 9 });
    expect(JSON.parse(ran.stdout)).toMatchObject({
      A: hostile[0],
      B: '-Command',
      Items: hostile,
      TypeOfA: 'String',
    });
    expect(readdirSync(folder).sort()).toEqual(['artifacts', 'probe.ps1', 'tmp']);
  });

  it('gets hostile values of a list as they are, whether it declares parameters or not', async () => {
    const { run, type, script, folder } = machineWithPowerShell();
    const rest = script(
      'rest.ps1',
      'param($First, [Parameter(ValueFromRemainingArguments)][string[]]$Rest)\n[Console]::Out.WriteLine((ConvertTo-Json -Compress @(@($First) + $Rest)))\nexit 9',
    );
    const declared = await run(type, { script_path: rest, parameters: hostile });
    expect(JSON.parse(declared.stdout.split('\n').at(-2) ?? '')).toEqual(hostile);
    expect(declared.outcome).toMatchObject({ return_code: 9 });
    const plain = script(
      'args.ps1',
      '[Console]::Out.WriteLine((ConvertTo-Json -Compress @($args)))\nexit $args.Count',
    );
    const ran = await run(type, { script_path: plain, parameters: hostile });
    expect(JSON.parse(ran.stdout)).toEqual(hostile);
    expect(ran.outcome).toMatchObject({ return_code: hostile.length });
    expect(readdirSync(folder).filter((name) => name.includes('pwned'))).toEqual([]);
  });

  it('gets switches, numbers and arrays with their types, and words of a list as on a command line', async () => {
    const { run, type, script } = machineWithPowerShell();
    const script_path = script('probe.ps1', probe);
    const named = await run(type, {
      script_path,
      parameters: { A: 5, B: 1.5, Items: ['x y', 'z'], Count: 3, Full: true },
      success_exit_codes: [9],
    });
    expect(named.outcome).toEqual({ status: 'success', return_code: 9 });
    expect(JSON.parse(named.stdout)).toMatchObject({
      A: 5,
      TypeOfA: 'Int32',
      B: 1.5,
      Items: ['x y', 'z'],
      Count: 3,
      Full: true,
    });
    const listed = await run(type, {
      script_path,
      parameters: ['-Full', '-count', 4, '-A', '-B', 'b', ['i', 'j'], '-Nope'],
    });
    const line = listed.stdout.split('\n').find((one) => one.startsWith('{')) ?? '';
    expect(JSON.parse(line)).toMatchObject({ Full: true, Count: 4, A: '-B', B: 'b', Items: ['i', 'j'] });
    expect(listed.stdout).toContain('declares no parameter -Nope');
  });

  it('has its streams told apart, each line by its name, and no colours or progress among them', async () => {
    const { inline } = machineWithPowerShell();
    const ran = await inline(
      `Write-Output 'plain'; Write-Warning "first\`nsecond"; Write-Verbose 'v' -Verbose; Write-Debug 'd' -Debug
       Write-Information 'i'; Write-Host 'host' -ForegroundColor Red; Write-Host 'a' -NoNewline; Write-Host 'b'
       Write-Progress 'busy'; Write-Error 'bad'; [Console]::Error.WriteLine('direct'); 'end'`,
    );
    expect(ran.stdout.split('\n')).toEqual([
      'plain',
      'WARNING: first',
      'WARNING: second',
      'VERBOSE: v',
      'DEBUG: d',
      'INFORMATION: i',
      'host',
      'ab',
      'end',
      '',
    ]);
    expect(ran.stderr).toMatch(/^Write-Error: bad\ndirect\n$/);
    expect(ran.outcome).toEqual({ status: 'success', return_code: 0 });
    expect(ran.system).toContain('error_action: Stop');
  });

  it('shows the streams it is told to', async () => {
    const { inline } = machineWithPowerShell();
    const script = "Write-Verbose 'v'; Write-Debug 'd'; Write-Information 'i'";
    expect((await inline(script)).stdout).toBe('INFORMATION: i\n');
    expect((await inline(script, { streams: ['verbose', 'debug'] })).stdout).toBe('VERBOSE: v\nDEBUG: d\n');
  });

  it('that throws fails with 1, and says its message, file, line and text', async () => {
    const { run, type, script } = machineWithPowerShell();
    const script_path = script(
      'clean.ps1',
      "'before'\n[pscustomobject]@{ table = 1; of = 2 }\n  throw 'no disk'\n'after'",
    );
    const ran = await run(type, { script_path });
    expect(ran.outcome).toMatchObject({
      status: 'failed',
      return_code: 1,
      error_message: "The script failed: no disk (clean.ps1, line 3, column 3: throw 'no disk')",
    });
    expect(ran.stdout).toMatch(/^before\n\s*table\s+of/);
    expect(ran.stdout).not.toContain('after');
    expect(ran.stderr).toContain('no disk');
  });

  it('goes on after an error, as it would by hand, and stops at it when told to', async () => {
    const { inline } = machineWithPowerShell();
    const script = "Get-Item nope.txt\n[int]::Parse('x')\n'after'";
    const goesOn = await inline(script);
    expect(goesOn.outcome).toEqual({ status: 'success', return_code: 0 });
    expect(goesOn.stdout).toBe('after\n');
    const stops = await inline(script, { error_action: 'Stop' });
    expect(stops.outcome).toMatchObject({ status: 'failed', return_code: 1 });
    expect(stops.outcome).toHaveProperty(
      'error_message',
      expect.stringMatching(
        /Cannot find path .*nope\.txt.* \(script_content, line 1, column 1: Get-Item nope\.txt\)$/,
      ),
    );
  });

  it.each([
    ['exit 9', 9],
    ['/bin/false\n"end"', 0],
    ['/bin/sh -c "exit 5"\nexit $LASTEXITCODE', 5],
    ['function f { exit 4 }\nf\n"no"', 4],
    ['[pscustomobject]@{a=1}; exit 3', 3],
    ['[Environment]::Exit(12)', 12],
    ['"x"; break; "y"', 0],
  ])('%s ends with %i', async (script, code) => {
    const { outcome, stdout } = await machineWithPowerShell().inline(script);
    expect(outcome.return_code).toBe(code);
    if (script.includes('pscustomobject')) expect(stdout).toMatch(/a\s+-\s+1/);
  });

  it('that can not be parsed says where', async () => {
    const { inline } = machineWithPowerShell();
    expect((await inline("'fine'\nif (1 {")).outcome).toMatchObject({
      status: 'failed',
      return_code: 1,
      error_message:
        "The script failed: Unexpected token '{' in expression or statement. (script_content, line 2, column 7: if (1 {)",
    });
  });

  it('that asks a person fails instead of waiting, and a missing parameter is named', async () => {
    const { inline } = machineWithPowerShell();
    expect((await inline("Read-Host 'name'", { error_action: 'Stop' })).outcome).toMatchObject({
      status: 'failed',
      error_message: expect.stringContaining('NonInteractive'),
    });
    expect((await inline('param([Parameter(Mandatory)]$Server)')).outcome).toMatchObject({
      status: 'failed',
      error_message: expect.stringMatching(/missing mandatory parameters: Server/),
    });
  });

  it('keeps programs’ own errors on stderr, and does not fail for them', async () => {
    const { inline } = machineWithPowerShell();
    const ran = await inline("/bin/sh -c 'echo out; echo err >&2'\n'end'", { error_action: 'Stop' });
    expect(ran).toMatchObject({ outcome: { status: 'success' }, stdout: 'out\nend\n', stderr: 'err\n' });
  });

  it('written in the job lives in a private file, which is gone afterwards', async () => {
    const { inline, folder } = machineWithPowerShell();
    const ran = await inline(
      '$PSCommandPath; (Get-Item $PSCommandPath).UnixMode; (Get-Item $PSScriptRoot).UnixMode',
    );
    const [file, mode, folderMode] = ran.stdout.trim().split('\n');
    expect(file).toMatch(/script\.ps1$/);
    expect([mode, folderMode]).toEqual(['-rw-------', 'drwx------']);
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  });

  it('is ended with its whole tree when the run is cancelled', async () => {
    const { run, type, token } = machineWithPowerShell();
    const abort = new AbortController();
    let looking: NodeJS.Timeout | undefined;
    const ran = await run(
      type,
      {
        script_content:
          "Start-Process sleep 300; /bin/sh -c 'setsid sleep 300 & sleep 300'\n'x'; 'started'; sleep 300",
      },
      {
        signal: abort.signal,
        onText(_text, stream) {
          if (stream !== 'system') return;
          // PowerShell, its child, the shell, and the one that left for a session of its own.
          looking = setInterval(() => treeOf(token).length >= 4 && abort.abort(), 50);
        },
      },
    );
    clearInterval(looking);
    expect(ran.outcome.status).toBe('failed');
    expect(treeOf(token)).toEqual([]);
  });

  it('with text of every script comes through in UTF-8', async () => {
    const { inline } = machineWithPowerShell();
    expect((await inline("'äöü 漢字 😀'; Write-Warning 'ß'")).stdout).toBe('äöü 漢字 😀\nWARNING: ß\n');
  });
});

/** What Windows PowerShell 5.1 writes, in German, when a policy forbids a script. */
const refusal = (file: string) =>
  `Die Datei "${file}" kann nicht geladen werden, da die Ausführung von Skripts auf diesem System deaktiviert ist.
    + CategoryInfo          : Sicherheitsfehler: (:) [], ParentContainsErrorRecordException
    + FullyQualifiedErrorId : UnauthorizedAccess
`;

/** A stand-in for a host on Windows: what policies do can't be had elsewhere. It writes its arguments down. */
function windowsMachine(body: string) {
  const folder = tempFolder();
  const program = join(folder, 'powershell');
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$@" >> '${folder}/arguments'\n${body}\n`, {
    mode: 0o755,
  });
  const machine = createMachine({ platform: 'win32', findProgram: async () => program });
  const type = createPowerShellJobType(machine);
  return { ...machine, type, seen: () => readFileSync(join(folder, 'arguments'), 'utf8').trim().split('\n') };
}

describe('a PowerShell job that can not run', () => {
  it('says that its host is missing, and which one would do', async () => {
    const machine = createMachine({ findProgram: async () => undefined });
    const type = createPowerShellJobType(machine);
    const ran = await machine.run(type, { script_content: "'x'", host: 'pwsh' });
    expect(ran.outcome).toMatchObject({
      error_message:
        'PowerShell 7 (pwsh) was not found on PATH; install it, or set host: powershell on Windows',
    });
    expect(ran.system).toContain('was not found');
  });

  it('says that a policy forbids it, in every language of Windows, and what to do', async () => {
    const { run, type, seen } = windowsMachine(
      `cat >&2 <<'END'\n${refusal('C:\\data\\tmp\\1\\script.ps1')}END\nexit 1`,
    );
    const ran = await run(type, { script_content: "'x'", execution_policy: 'Restricted' });
    expect(ran.outcome).toMatchObject({
      return_code: 1,
      error_message: expect.stringMatching(
        /^The execution policy .* does not let PowerShell run this script/,
      ),
    });
    expect(seen().slice(0, 6)).toEqual([
      '-NoLogo',
      '-NoProfile',
      '-NonInteractive',
      '-ExecutionPolicy',
      'Restricted',
      '-File',
    ]);
  });

  it('is run on its own where a group policy refuses the wrapper, with its parameters behind -File', async () => {
    const { run, type, seen, folder } = windowsMachine(
      `case "$*" in *wrapper.ps1*) cat >&2 <<'END'\n${refusal('wrapper.ps1')}END\nexit 1;; esac\necho signed; exit 4`,
    );
    const script_path = join(folder, 'signed.ps1');
    writeFileSync(script_path, "'x'");
    const ran = await run(type, { script_path, parameters: { Name: '; x', Full: true } });
    expect(ran).toMatchObject({ outcome: { return_code: 4 }, stdout: 'signed\n' });
    expect(seen().slice(-5)).toEqual(['-File', script_path, '-Name', '; x', '-Full:true']);
    expect((await run(type, { script_path, parameters: { Items: ['a'] } })).outcome).toMatchObject({
      error_message: expect.stringContaining('parameters hold a list'),
    });
  });

  it('says which script is missing, or is none', async () => {
    const { run, type, folder } = windowsMachine('exit 0');
    writeFileSync(join(folder, 'a.txt'), '');
    expect((await run(type, { script_path: 'nope.ps1' })).outcome).toMatchObject({
      error_message: `The script ${join(folder, 'nope.ps1')} does not exist`,
      error_class: 'configuration',
    });
    expect((await run(type, { script_path: 'a.txt' })).outcome).toMatchObject({
      error_message: expect.stringContaining('has to end in .ps1'),
    });
  });
});

describe('the folder of temporary files', () => {
  it('is swept of what ended programs left, and of nothing else', async () => {
    const folder = tempFolder();
    const ended = spawnSync(process.execPath, ['-e', '0']).pid;
    const uuid = '123e4567-e89b-42d3-a456-426614174000';
    for (const name of [`${ended}-${uuid}`, `${process.ppid}-${uuid}`]) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'script.ps1'), 'secret');
    }
    writeFileSync(join(folder, 'old.ps1'), 'of an earlier version');
    expect(await sweepTemporaryFolders(folder)).toBe(2);
    expect(readdirSync(folder)).toEqual([`${process.ppid}-${uuid}`]);
  });
});
