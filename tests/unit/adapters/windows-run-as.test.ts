import { describe, expect, it } from 'vitest';
import { planRunAs } from '../../../src-main/adapters/process/run-as';
import { parseWindowsAccount } from '../../../src-main/adapters/process/windows-run-as/account';
import {
  argumentLine,
  icaclsFile,
  icaclsFolder,
  quoteArgument,
  registerRequest,
  schtasks,
  taskPrefix,
} from '../../../src-main/adapters/process/windows-run-as/task-commands';
import {
  icaclsFailure,
  parseRegistered,
  parseTaskNames,
  parseTaskState,
  parseWrapperResult,
  silentEnd,
  startErrorCode,
  taskFailure,
} from '../../../src-main/adapters/process/windows-run-as/task-results';
import {
  isPlainPath,
  taskXml,
  wrapperCommand,
  xmlText,
} from '../../../src-main/adapters/process/windows-run-as/task-xml';
import { commonJobShape } from '../../../src-shared/model/job';

const self = { name: 'svc', domain: 'CORP', computer: 'HOST' };
const user = { kind: 'user', name: 'CORP\\report' } as const;
const system = { kind: 'service', sid: 'S-1-5-18', name: 'SYSTEM' } as const;

describe('a Windows account', () => {
  it.each([
    ['SYSTEM', system],
    ['nt authority\\system', system],
    ['LocalSystem', system],
    ['S-1-5-19', { kind: 'service', sid: 'S-1-5-19', name: 'LOCAL SERVICE' }],
    ['NetworkService', { kind: 'service', sid: 'S-1-5-20', name: 'NETWORK SERVICE' }],
    ['CORP\\web$', { kind: 'managed', name: 'CORP\\web$' }],
    ['.\\backup', { kind: 'user', name: 'HOST\\backup' }],
    ['CORP\\o\'neil & "', { kind: 'refused' }],
    ["CORP\\o'neil & son", { kind: 'user', name: "CORP\\o'neil & son" }],
    ['me@corp.example', { kind: 'user', name: 'me@corp.example' }],
    ['corp\\SVC', { kind: 'self' }],
    ['svc', { kind: 'user', name: 'svc' }],
    ['.\\svc', { kind: 'user', name: 'HOST\\svc' }],
  ])('%s', (text, expected) => {
    expect(parseWindowsAccount(text, self)).toMatchObject(expected);
  });

  it.each([
    '',
    ' ',
    'a\\b\\c',
    '\\x',
    'CORP\\',
    '/RU x',
    'a*',
    '%USERNAME%',
    'a\nb',
    'a:(F)',
    'NT SERVICE\\x',
  ])('is not %j', (text) => {
    expect(parseWindowsAccount(text, self)).toMatchObject({ kind: 'refused' });
  });

  it('is nobody else when a service of SYSTEM names SYSTEM', async () => {
    expect(parseWindowsAccount('SYSTEM', { ...self, name: 'SYSTEM' })).toEqual({ kind: 'self' });
    const facts = {
      platform: 'win32',
      self: { ...self, uid: -1 },
      findGroups: async () => undefined,
      findUser: async () => undefined,
      trySudo: async () => 'no',
    };
    expect(await planRunAs('CORP\\report', facts)).toEqual({ kind: 'task', account: user });
    expect(await planRunAs('corp\\svc', facts)).toEqual({ kind: 'self' });
    expect(await planRunAs('a*', facts)).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/^run_as "a\*": /),
    });
  });
});

describe('the task', () => {
  const command = wrapperCommand('C:\\Windows', 'C:\\a & b\\wrapper.ps1');
  const of = (account: Parameters<typeof taskXml>[0]['account'], hasPassword = false) =>
    taskXml({ account, hasPassword, command });

  it.each([
    ['a user with a password', of(user, true), 'Password'],
    ['a user without one', of(user), 'S4U'],
    ['a managed account', of({ kind: 'managed', name: 'CORP\\web$' }), 'Password'],
  ])('logs on %s', (_who, xml, logon) => {
    expect(xml).toContain(`<LogonType>${logon}</LogonType>`);
  });

  it('names a service account by its number, and no kind of logon, which the schema has none for', () => {
    expect(of(system)).toContain('<UserId>S-1-5-18</UserId>\r\n      <RunLevel>');
    expect(of(system)).not.toContain('LogonType');
  });

  it('has no trigger and no time limit, runs on batteries and not in the background', () => {
    const xml = of(user);
    for (const part of [
      '<Triggers />',
      '>PT0S<',
      '<Priority>5<',
      '<StopIfGoingOnBatteries>false<',
      '<Hidden>true<',
    ])
      expect(xml).toContain(part);
  });

  it('can hold any name and path', () => {
    const xml = of({ kind: 'user', name: "CORP\\o'neil </UserId>&\u0001" });
    expect(xml).toContain("<UserId>CORP\\o'neil &lt;/UserId&gt;&amp;\ufffd</UserId>");
    expect(xml).toContain('-File &quot;C:\\a &amp; b\\wrapper.ps1&quot;</Arguments>');
    expect(xmlText('\ud83d\ude00 "')).toBe('\ud83d\ude00 &quot;');
    expect(['C:\\%TEMP%', 'C:\\$(Arg0)', 'a"b', 'C:\\a b&c'].map(isPlainPath)).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });
});

describe('the command lines', () => {
  it('name the task, and never its password', () => {
    const name = `${taskPrefix('token')}1`;
    expect(name).toMatch(/^run-[0-9a-f]{12}-1$/);
    expect(schtasks.query('n')).toEqual(['/Query', '/TN', '\\JobScheduler\\n', '/FO', 'CSV', '/NH', '/V']);
    expect(schtasks.end('n')).toEqual(['/End', '/TN', '\\JobScheduler\\n']);
    expect(schtasks.remove('n')).toEqual(['/Delete', '/TN', '\\JobScheduler\\n', '/F']);
    expect(schtasks.list()).toEqual(['/Query', '/TN', '\\JobScheduler\\', '/FO', 'CSV', '/NH']);
  });

  it('give the folder to its owner, the system, administrators and the account alone, to read', () => {
    const full = ['*S-1-3-4:(OI)(CI)F', '*S-1-5-18:(OI)(CI)F', '*S-1-5-32-544:(OI)(CI)F'];
    const start = ['C:\\x', '/inheritance:r', '/grant:r', ...full];
    expect(icaclsFolder('C:\\x', user)).toEqual([...start, 'CORP\\report:(OI)(CI)RX']);
    expect(icaclsFolder('C:\\x', system)).toEqual(start);
    expect(icaclsFile('C:\\x\\stdout', user)).toEqual(['C:\\x\\stdout', '/grant', 'CORP\\report:(R,W)']);
  });

  it('ask for the task in ASCII, whatever the password', () => {
    const text = registerRequest({ name: 'n', xml: '<a/>', account: user, password: 'pä"s\u{1F600}' });
    expect(text).toMatch(/^[\u0020-\u007e]*$/);
    expect(JSON.parse(text)).toEqual({
      name: 'n',
      xml: '<a/>',
      user: 'CORP\\report',
      password: 'pä"s\u{1F600}',
      logon_type: 1,
    });
    const managed = { kind: 'managed', name: 'CORP\\web$' } as const;
    const of = (account: Parameters<typeof registerRequest>[0]['account']) =>
      JSON.parse(registerRequest({ name: 'n', xml: '', account }));
    expect(of(managed)).toMatchObject({ password: null, logon_type: 1 });
    expect(of(user)).toMatchObject({ password: null, logon_type: 2 });
    expect(of(system)).toMatchObject({ user: 'S-1-5-18', logon_type: 5 });
  });

  it.each([
    ['plain', 'plain'],
    ['', '""'],
    ['a b', '"a b"'],
    ['a"b', '"a\\"b"'],
    ['a\\b', 'a\\b'],
    ['a b\\', '"a b\\\\"'],
    ['a\\\\"', '"a\\\\\\\\\\""'],
    ['%PATH% & ^', '"%PATH% & ^"'],
  ])('quote %j', (argument, expected) => {
    expect(quoteArgument(argument)).toBe(expected);
  });
  it('leave alone what is quoted already', () => {
    expect(argumentLine(['/c', '"a b"'], true)).toBe('/c "a b"');
  });
});

describe('what Windows answers', () => {
  it.each([
    [0x80070005, /elevated/],
    [0x80070534, /no such account/],
    [0x8007052e, /password is wrong.*run_as_password/],
    [-2147023570, /password is wrong.*0x8007052E/],
    [0x80070569, /Log on as a batch job/],
    [0x80070520, /may not keep the password/],
    [0x8000ffff, /^Unexpected \(0x8000FFFF\)$/],
  ])('%d is a reason', (code, reason) => {
    expect(taskFailure(code, 'Unexpected')).toMatch(reason);
  });
  it('to icacls', () => {
    expect(icaclsFailure(1332, 'egal')).toBe('there is no such account');
    expect(icaclsFailure(5, 'Zugriff verweigert\r\nx')).toMatch(/icacls ended with 5: Zugriff verweigert$/);
  });
  it('to the making of a task', () => {
    expect(parseRegistered('noise\r\n{"ok":true}\r\n')).toEqual({ ok: true });
    expect(parseRegistered('{"ok":false,"hresult":-2147024891,"message":"Denied\\r\\n"}')).toEqual({
      ok: false,
      hresult: 0x80070005,
      message: 'Denied',
    });
    expect([parseRegistered(''), parseRegistered('null'), parseRegistered('{"ok":1}')]).toEqual(
      Array(3).fill(undefined),
    );
  });

  const line = (result: string) =>
    `\r\n"HOST","\\JobScheduler\\run-x","Nicht zutreffend","Wird ""ausgeführt""","Interaktiv, Hintergrund","24.11.2026 13:00:00","${result}","a"\r\n`;
  it.each([
    ['267009', { kind: 'running' }],
    ['267011', { kind: 'waiting' }],
    ['0', { kind: 'ended', result: 0 }],
    ['-2147023570', { kind: 'ended', result: 0x8007052e }],
  ])('to the state of a task, in German too: %s', (result, expected) => {
    expect(parseTaskState(line(result))).toEqual(expected);
  });
  it('when there is no such task', () => {
    expect(parseTaskState('ERROR: The system cannot find the file specified.')).toEqual({ kind: 'gone' });
  });
  it('to the list of tasks: those of this data folder, and no name that could be an option', () => {
    const list = ['run-a-1', 'run-b-2', 'run-a-1', 'run-a-" /TN x'].map(
      (name) => `"\\JobScheduler\\${name}","N/A","Ready"`,
    );
    expect(parseTaskNames(list.join('\r\n'), 'run-a-')).toEqual(['run-a-1']);
  });

  it.each([
    ['{"code":-1073741510}\n', { kind: 'exited', code: -1073741510 }],
    ['{"code":5}', undefined],
    ['{"stopped":true}\n', { kind: 'stopped' }],
    ['{"error":2,"message":"weg"}\n', { kind: 'failed', error: 2, message: 'weg' }],
    ['{"code":"5"}\n', undefined],
    ['[1]\n', undefined],
    ['\u0000\n', undefined],
  ])('through the wrapper: %j', (text, expected) => {
    expect(parseWrapperResult(text)).toEqual(expected);
  });
  it('through the end of a task whose wrapper said nothing', () => {
    const ended = (result: number, hasRun = false) => silentEnd({ kind: 'ended', result }, hasRun);
    expect(silentEnd({ kind: 'running' }, true)).toBeUndefined();
    expect(silentEnd({ kind: 'gone' }, true)).toEqual({ signal: 'TASK_REMOVED' });
    expect(ended(0x41306)).toEqual({ signal: 'TASK_TERMINATED' });
    expect(ended(0x8007052e)).toMatchObject({ refused: expect.stringMatching(/password/) });
    expect(ended(1)).toMatchObject({ refused: expect.stringMatching(/AppLocker/) });
    expect(ended(1, true)).toEqual({ signal: 'TASK_RESULT_1' });
  });
  it('when a program does not start', () => {
    expect([2, 267, 5, 193, 1455].map(startErrorCode)).toEqual([
      'ENOENT',
      'ENOENT',
      'EACCES',
      'ENOEXEC',
      'WIN1455',
    ]);
  });
});

it('run_as_password is a secret by its name, never a password', () => {
  const accepts = (text: string) => commonJobShape.run_as_password.safeParse(text).success;
  expect(
    ['{{ secrets.web }}', '{{secrets.a-b}}', 'hunter22', '{{ params.x }}', 'x{{ secrets.a }}'].map(accepts),
  ).toEqual([true, true, false, false, false]);
});
