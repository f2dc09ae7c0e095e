import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { foreignStartFailure, sudoArguments } from '../../../src-main/adapters/process/account-command';
import { batchCommand, isBatchFile } from '../../../src-main/adapters/process/batch-command';
import { childEnvironment } from '../../../src-main/adapters/process/child-environment';
import {
  createConsoleEncoding,
  parseChcp,
  parseOemCodePage,
} from '../../../src-main/adapters/process/console-encoding';
import { findProgram } from '../../../src-main/adapters/process/find-program';
import { taskkillArguments } from '../../../src-main/adapters/process/process-tree';
import { planRunAs, type RunAsFacts } from '../../../src-main/adapters/process/run-as';
import { shellCommand } from '../../../src-main/adapters/process/shell-command';
import { createChunkDecoder } from '../../../src-main/adapters/process/utf8-chunks';

describe('a batch file', () => {
  it.each(['x.bat', 'x.CMD', 'x.Bat.', 'x.cmd ', 'C:\\a b\\x.bat. .'])('is recognised: %j', (file) => {
    expect(isBatchFile(file)).toBe(true);
  });
  it.each(['x.exe', 'bat', 'x.bat.exe', 'x.batch', 'cmd'])('is not: %j', (file) => {
    expect(isBatchFile(file)).toBe(false);
  });

  it.each([
    [['plain'], ['/d', '/s', '/c', '"x.bat plain"']],
    [
      ['two words', ''],
      ['/d', '/s', '/c', '"x.bat "two words" """'],
    ],
    [
      ['a;b', 'c=d', 'e,f'],
      ['/d', '/s', '/c', '"x.bat "a;b" "c=d" "e,f""'],
    ],
    [['trailing\\'], ['/d', '/s', '/c', '"x.bat trailing\\"']],
  ])('is given %j by cmd.exe', (args, expected) => {
    expect(batchCommand('x.bat', args, 'cmd.exe')).toEqual({ kind: 'ok', file: 'cmd.exe', args: expected });
  });

  it.each(['&calc', '"|x', '%PATH%', '!x!', '^', 'a\nb', 'a\rb', '<in', '>out', '(a)', 'nul\0'])(
    'is refused the argument %j, by the character that can not be passed',
    (argument) => {
      const command = batchCommand('x.bat', ['ok', argument], 'cmd.exe');
      expect(command).toMatchObject({ kind: 'refused', reason: expect.stringContaining('safely') });
    },
  );
});

describe.skipIf(process.platform === 'win32')('a program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'job-scheduler-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const first = join(folder, 'first');
  const second = join(folder, 'second');
  for (const one of [first, second]) mkdirSync(join(one, 'folder'), { recursive: true });
  writeFileSync(join(first, 'data'), '');
  for (const one of [first, second]) writeFileSync(join(one, 'both'), '', { mode: 0o755 });
  writeFileSync(join(second, 'data'), '', { mode: 0o755 });

  it.each([
    ['both', `${first}:${second}`, join(first, 'both')],
    ['data', `${first}:${second}`, join(second, 'data')],
    ['folder', `${first}:${second}`, undefined],
    ['missing', `${first}:${second}`, undefined],
    ['both', '', undefined],
    ['both', `:${first}`, undefined],
    ['both', `here:${first}`, undefined],
    ['./both', first, './both'],
    ['/bin/both', first, '/bin/both'],
  ])('named %s is found on %s', (file, path, expected) => {
    expect(findProgram(file, path)).toBe(expected);
  });
});

describe('the environment of a child', () => {
  it('holds what this process has, but nothing that is the program’s own or opens a back door', () => {
    const inherited = {
      PATH: '/bin',
      JOB_SCHEDULER_DATABASE_CONNECTION_STRING: 'secret',
      job_scheduler_web_secret_key: 'secret',
      NODE_OPTIONS: '--require /tmp/x.js',
      ELECTRON_RUN_AS_NODE: '1',
      LD_PRELOAD: '/tmp/x.so',
      HOME: undefined,
    };
    expect(childEnvironment(inherited, { JOB_ID: 'a' }, 'linux')).toEqual({ PATH: '/bin', JOB_ID: 'a' });
  });

  it('lets a job replace a variable whatever its case, on Windows', () => {
    expect(childEnvironment({ Path: 'a' }, { PATH: 'b' }, 'win32')).toEqual({ PATH: 'b' });
    expect(childEnvironment({ Path: 'a' }, { PATH: 'b' }, 'linux')).toEqual({ Path: 'a', PATH: 'b' });
  });
});

it('taskkill is told the tree, and to force only when asked', () => {
  expect(taskkillArguments(42, false)).toEqual(['/PID', '42', '/T']);
  expect(taskkillArguments(42, true)).toEqual(['/PID', '42', '/T', '/F']);
});

describe('run_as', () => {
  const facts = (more: Partial<RunAsFacts> = {}): RunAsFacts => ({
    platform: 'linux',
    self: { name: 'scheduler', uid: 990 },
    findUser: async (name) => (name === 'report' ? 'report:x:1500:1600:,,,:/home/report:/bin/sh' : undefined),
    findGroups: async () => '1600',
    trySudo: async () => true,
    ...more,
  });

  it('is by setuid when this is root, by sudo otherwise, and nothing when it is the same user', async () => {
    expect(await planRunAs('report', facts({ self: { name: 'root', uid: 0 } }))).toEqual({
      kind: 'setuid',
      uid: 1500,
      gid: 1600,
      environment: expect.objectContaining({
        HOME: '/home/report',
        USER: 'report',
        LOGNAME: 'report',
        SHELL: '/bin/sh',
      }),
      hasGroups: false,
    });
    const member = facts({ self: { name: 'root', uid: 0 }, findGroups: async () => '1600 27' });
    expect(await planRunAs('report', member)).toMatchObject({ kind: 'setuid', hasGroups: true });
    expect(await planRunAs('report', facts())).toEqual({ kind: 'sudo', user: 'report' });
    expect(await planRunAs('report', facts({ self: { name: 'report', uid: 1500 } }))).toEqual({
      kind: 'self',
    });
  });

  it.each<[string, Partial<RunAsFacts>, RegExp]>([
    ['nobody-here', {}, /there is no such user/],
    ['-u root', {}, /not a name of a user/],
    ['DOMAIN\\me*', { platform: 'win32' }, /not a name of a Windows account/],
    [
      'report',
      { trySudo: async () => 'sudo: a password is required' },
      /a password is required.*NOPASSWD and SETENV/,
    ],
  ])('%s is refused with the reason', async (user, more, reason) => {
    expect(await planRunAs(user, facts(more))).toEqual({
      kind: 'refused',
      reason: expect.stringMatching(reason),
    });
  });

  it.each([
    [127, 'sh: 1: exec: nope: not found', 'ENOENT'],
    [127, '/bin/sh: line 5: exec: nope: not found', 'ENOENT'],
    [126, 'sh: 5: exec: /etc/passwd: Permission denied', 'EACCES'],
    [127, 'setpriv: failed to execute nope: No such file or directory', 'ENOENT'],
    [125, 'job-scheduler: no such folder', 'FOLDER'],
    [125, 'docker: no such container', undefined],
    [127, 'bash: line 1: nope: command not found', undefined],
    [1, 'sh: 1: exec: nope: not found', undefined],
    [127, undefined, undefined],
  ])('that ends with %j and %j is told as a failed start by %j', (code, words, expected) => {
    expect(foreignStartFailure(code, words)).toBe(expected);
  });

  it('by sudo hands variables on by name, never by value', () => {
    expect(
      sudoArguments('report', '/bin/x', ['-a', '; id'], ['A', 'B C', 'ProgramFiles(x86)', 'D_1']),
    ).toEqual(['-n', '-u', 'report', '--preserve-env=A,D_1', '--', '/bin/x', '-a', '; id']);
  });
});

describe('a shell line', () => {
  it('goes to sh with its arguments apart', () => {
    expect(shellCommand('a | b "$1"', ['; id'], 'linux', '')).toEqual({
      file: '/bin/sh',
      args: ['-c', 'a | b "$1"', 'sh', '; id'],
      isVerbatim: false,
    });
  });
  it('goes to cmd.exe as it is, without arguments', () => {
    expect(shellCommand('dir "C:\\a b" | find "x"', [], 'win32', 'C:\\cmd.exe')).toEqual({
      file: 'C:\\cmd.exe',
      args: ['/d', '/s', '/c', '"dir "C:\\a b" | find "x""'],
      isVerbatim: true,
    });
    expect(shellCommand('echo', ['%PATH%'], 'win32', 'cmd')).toEqual({
      reason: expect.stringMatching(/no arguments/),
    });
    expect(shellCommand('a\nb', [], 'win32', 'cmd')).toEqual({ reason: expect.stringMatching(/one line/) });
  });
});

describe('the code page of the console', () => {
  it.each([
    ['\r\n    OEMCP    REG_SZ    850\r\n\r\n', 'cp850'],
    ['HKEY_LOCAL_MACHINE\\SYSTEM\r\n    OEMCP    REG_SZ    65001\r\n', 'utf-8'],
    ['FEHLER: nicht gefunden', undefined],
  ])('out of the registry: %j', (answer, expected) => {
    expect(parseOemCodePage(answer)).toBe(expected);
  });
  it.each([
    ['Active code page: 437\r\n', 'cp437'],
    ['Aktive Codepage: 850.\r\n', 'cp850'],
    ['', undefined],
  ])('out of chcp: %j', (answer, expected) => {
    expect(parseChcp(answer)).toBe(expected);
  });
  it('is UTF-8 elsewhere, without asking anyone', async () => {
    expect(await createConsoleEncoding('linux')()).toBe('utf-8');
  });
});

describe('bytes of a process as text', () => {
  const decode = (encoding: string, bytes: Buffer, size: number): string => {
    const decoder = createChunkDecoder(encoding);
    const parts: Uint8Array[] = [];
    for (let offset = 0; offset < bytes.length; offset += size)
      parts.push(decoder.push(bytes.subarray(offset, offset + size)));
    parts.push(decoder.end());
    return Buffer.concat(parts).toString('utf8');
  };

  it.each([1, 2, 3, 5, 1000])('are whole characters however they are cut: chunks of %d bytes', (size) => {
    const text = 'Grüße, 世界, \u{1F600}\u{1F468}\u200d\u{1F469}, ascii\n'.repeat(20);
    expect(decode('utf-8', Buffer.from(text), size)).toBe(text);
  });

  it.each([1, 2, 7])('show what is no text as the replacement character: chunks of %d bytes', (size) => {
    const bytes = Buffer.from([0x61, 0xff, 0xfe, 0x62, 0xc3, 0x28, 0xe2, 0x82, 0x63, 0xf0, 0x9f]);
    const text = decode('utf-8', bytes, size);
    expect(text.replaceAll('\ufffd', '')).toBe('ab(c');
    expect(text).toContain('\ufffd');
  });

  it('are read in the code page that is named', () => {
    expect(decode('cp850', Buffer.from([0x81, 0x84, 0x94, 0xe1]), 1)).toBe('üäöß');
    expect(decode('utf-16le', Buffer.from('wörter', 'utf16le'), 1)).toBe('wörter');
  });

  it('are refused a code page there is none of', () => {
    expect(() => createChunkDecoder('klingon')).toThrow(/klingon/);
  });
});
