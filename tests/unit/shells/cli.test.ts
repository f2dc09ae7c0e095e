import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { exitCodeOf, exitCodeOfRun } from '../../../src-main/shells/cli/exit-codes';
import { joinJobsFiles, readJobsFiles } from '../../../src-main/shells/cli/jobs-files';
import { recipientOf } from '../../../src-main/shells/cli/notifications';
import { createPaint, wantsColour } from '../../../src-main/shells/cli/paint';
import { paramValues } from '../../../src-main/shells/cli/param-values';
import { runCli } from '../../../src-main/shells/cli/program';
import { safeText } from '../../../src-main/shells/cli/safe-text';
import { formatTable } from '../../../src-main/shells/cli/table';
import { findTarget } from '../../../src-main/shells/cli/target';
import { durationText } from '../../../src-main/shells/cli/words';
import { AppError } from '../../../src-shared/errors';
import { quietTerminal } from '../../support/quiet-terminal';
import { tempFolder } from '../../support/temp-folder';

async function cli(...argv: string[]) {
  const terminal = quietTerminal('linux');
  const code = await runCli(argv, { version: '1.2.3', programFolder: '/', terminal });
  return { code, out: terminal.printed(), err: terminal.said() };
}

describe('recipients', () => {
  it('are written as a channel and a target', () => {
    expect(recipientOf('email', 'a@b.cc, d@e.ff')).toEqual({ email: ['a@b.cc', 'd@e.ff'] });
    expect(recipientOf('slack', '#a')).toEqual({ slack: '#a' });
    expect(recipientOf('desktop', undefined)).toEqual({ desktop: true });
    expect(() => recipientOf('sms', '1')).toThrow(/channel is "sms"; expected one of email/);
    expect(() => recipientOf('webhook', undefined)).toThrow(/needs a target/);
  });
});

describe('exit codes', () => {
  it.each([
    ['success', 0, 0],
    ['success', 3, 0],
    ['failed', 7, 7],
    ['failed', 255, 255],
    ['failed', 256, 1],
    ['failed', -1, 1],
    ['failed', 0, 1],
    ['failed', null, 1],
    ['timeout', null, 124],
    ['cancelled', 143, 130],
    ['skipped', null, 1],
  ])('a run that ended as %s with %s comes to %i', (status, return_code, expected) => {
    expect(exitCodeOfRun({ status, return_code }, 'linux')).toBe(expected);
  });

  it('on Windows the codes of the system are passed on', () => {
    expect(exitCodeOfRun({ status: 'failed', return_code: 3221225786 }, 'win32')).toBe(3221225786);
  });

  it('a refusal says by its code what kind it is', () => {
    expect(exitCodeOf(new AppError('unavailable', ''))).toBe(3);
    expect(exitCodeOf(new AppError('unauthenticated', ''))).toBe(4);
    expect(exitCodeOf(new AppError('not_found', ''))).toBe(5);
    expect(exitCodeOf(new Error('a bug'))).toBe(70);
  });

  it('help tells the same codes as the documentation', async () => {
    const { code, out } = await cli('--help');
    expect(code).toBe(0);
    const codesOf = (text: string) =>
      [...text.matchAll(/^\s*(?:\| )?`?(\d+|else)`?\s/gm)].map((match) => match[1]);
    const page = readFileSync(
      fileURLToPath(new URL('../../../docs/command-line.md', import.meta.url)),
      'utf8',
    );
    expect(codesOf(page.slice(page.indexOf('## Exit codes')))).toEqual(
      codesOf(out.slice(out.indexOf('Exit codes:'))),
    );
  });

  it('a wrong command line is 2, with a word that was meant', async () => {
    expect(await cli('jobs', 'lst')).toMatchObject({ code: 2, err: expect.stringContaining('list') });
    expect(await cli('why', 'nightly')).toMatchObject({ code: 2, err: expect.stringContaining('--at') });
    expect(await cli('jobs', 'list', '--limit', '0')).toMatchObject({
      code: 2,
      err: expect.stringContaining('from 1 to 1000'),
    });
    expect((await cli()).code).toBe(2);
  });
});

describe('text for a terminal', () => {
  it.each([
    ['clear\x1b[2J', 'clear\uFFFD[2J'],
    ['title\x1b]0;x\x07', 'title\uFFFD]0;x\uFFFD'],
    ['link\x1b]8;;http://x\x1b\\', 'link\uFFFD]8;;http://x\uFFFD\\'],
    ['csi\x9b2J back\b over\r', 'csi\uFFFD2J back\uFFFD over\uFFFD'],
    ['\x1b[31mred\x1b[0m\n\ttab äß漢', '\x1b[31mred\x1b[0m\n\ttab äß漢'],
  ])('%j acts on nothing', (text, expected) => {
    expect(safeText(text)).toBe(expected);
  });
});

describe('params of a run', () => {
  const declared = {
    count: { type: 'integer' as const },
    full: { type: 'boolean' as const },
    day: { type: 'date' as const },
  };

  it('become what the job declares', () => {
    expect(paramValues(['count=5', 'full=TRUE', 'day=2026-11-24', 'free=5'], declared)).toEqual({
      count: 5,
      full: true,
      day: '2026-11-24',
      free: '5',
    });
  });

  it('may be JSON, may hold "=", and a later one wins', () => {
    expect(paramValues(['{"count": 1, "where": "a=b"}', 'count=2', 'text=x=y'], declared)).toEqual({
      count: 2,
      where: 'a=b',
      text: 'x=y',
    });
  });

  it('that are neither are refused by name', () => {
    expect(() => paramValues(['5'], {})).toThrow('--params is "5"; expected name=value');
    expect(() => paramValues(['{"a": [1]}'], {})).toThrow('--params: a is [1]');
    expect(() => paramValues(['{"a": '], {})).toThrow('--params is no JSON');
  });

  it('that do not fit stay text, for the program to refuse', () => {
    expect(paramValues(['count=many', 'count2='], declared)).toEqual({ count: 'many', count2: '' });
  });
});

describe('tables', () => {
  const columns = [
    { title: 'JOB', text: (row: { id: string; name: string }) => row.id },
    { title: 'NAME', text: (row: { id: string; name: string }) => row.name, canShrink: true },
  ];

  it('stand in columns, without spaces at the end', () => {
    expect(formatTable(columns, [{ id: 'a', name: 'First' }])).toBe('JOB  NAME\na    First\n');
  });

  it('give way to the width of a window, and only to that', () => {
    const rows = [{ id: 'a', name: 'a name that is far too long' }];
    expect(formatTable(columns, rows, { columns: 20 })).toBe('JOB  NAME\na    a name that is…\n');
    expect(formatTable(columns, rows)).toContain('far too long');
  });

  it('let nothing of a job act on the terminal', () => {
    expect(formatTable(columns, [{ id: 'a\u001b[2J', name: 'two\nlines' }])).toBe(
      'JOB    NAME\na\uFFFD[2J  two lines\n',
    );
  });

  it('are coloured for a person at a terminal only', () => {
    const facts = { isInteractive: true, environment: {}, isRefused: false };
    expect(wantsColour(facts)).toBe(true);
    expect(wantsColour({ ...facts, isInteractive: false })).toBe(false);
    expect(wantsColour({ ...facts, isRefused: true })).toBe(false);
    expect(wantsColour({ ...facts, environment: { NO_COLOR: '1' } })).toBe(false);
    expect(createPaint(true).status('failed')).toBe('\u001b[31mfailed\u001b[0m');
    expect(createPaint(false).status('failed')).toBe('failed');
  });

  it('tell durations as people do', () => {
    expect([0.34, 12.4, 200, 7500, null].map(durationText)).toEqual([
      '0.3 s',
      '12 s',
      '3 min 20 s',
      '2 h 5 min',
      '-',
    ]);
  });
});

describe('jobs files', () => {
  it('of a folder become one, with their comments; another file in it is left out', () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'more'));
    writeFileSync(
      join(folder, 'b.yaml'),
      "version: '2.0'\njobs:\n  # about one\n  - id: one\n    name: One\n",
    );
    writeFileSync(join(folder, 'more', 'a.yml'), 'id: two # the second\nname: Two\n');
    writeFileSync(join(folder, 'notes.txt'), 'none');
    expect(joinJobsFiles(readJobsFiles([folder]))).toBe(
      "version: '2.0'\n\njobs:\n  # about one\n  - id: one\n    name: One\n\n  - id: two # the second\n    name: Two\n",
    );
  });

  it('that hold the same job are named both', () => {
    const folder = tempFolder();
    for (const name of ['a.yaml', 'b.yaml']) writeFileSync(join(folder, name), 'id: one\n');
    expect(() => joinJobsFiles(readJobsFiles([folder]))).toThrow(
      /"one" stands in .*a\.yaml and in .*b\.yaml/,
    );
  });

  it('that are not there are named', () => {
    expect(() => readJobsFiles(['/no/such.yaml'])).toThrow('There is no file or folder /no/such.yaml');
    expect(() => readJobsFiles([tempFolder()])).toThrow('holds no .yaml');
  });
});

describe('the program that is spoken to', () => {
  const facts = { environment: {}, platform: 'linux' };
  const running = (more: object) => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'instance.json'), JSON.stringify({ pid: process.pid, mode: 'both', ...more }));
    writeFileSync(join(folder, 'admin.key'), 'js_admin_key\n', { mode: 0o600 });
    return folder;
  };

  it('is found by its data folder, with its key', () => {
    const data = running({ address: 'http://0.0.0.0:5001' });
    expect(findTarget({ data }, facts)).toEqual({ address: 'http://127.0.0.1:5001', key: 'js_admin_key' });
    expect(findTarget({}, { ...facts, environment: { JOB_SCHEDULER_DATA: data } }).key).toBe('js_admin_key');
  });

  it('is reached by its socket where it serves no pages', () => {
    const data = running({ mode: 'scheduler', socket: '/run/js.sock' });
    expect(findTarget({ data }, facts)).toMatchObject({ socket: '/run/js.sock' });
  });

  it('gets the key of the data folder on this machine only', () => {
    const data = running({});
    expect(findTarget({ data, url: 'http://127.0.0.1:1' }, facts).key).toBe('js_admin_key');
    expect(findTarget({ data, url: 'https://jobs.example.com' }, facts).key).toBeUndefined();
    expect(findTarget({ data, url: 'http://127.0.0.1.example.com' }, facts).key).toBeUndefined();
    const environment = { JOB_SCHEDULER_KEY: 'js_other_key' };
    expect(findTarget({ data, url: 'https://jobs.example.com' }, { ...facts, environment }).key).toBe(
      'js_other_key',
    );
  });

  it('is said not to run when it has ended, crashed ones included', async () => {
    const data = running({ address: 'http://127.0.0.1:1', pid: 2 ** 30 });
    expect(() => findTarget({ data }, facts)).toThrow('No program runs on the data folder');
    const { code, err, out } = await cli('jobs', 'list', '--json', '--data', data);
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ success: false, error: { code: 'unavailable' } });
    expect(err).toContain(data);
  });

  it('is not looked for under an address that is none', () => {
    expect(() => findTarget({ url: 'localhost:5000' }, facts)).toThrow('--url');
    expect(() => findTarget({ url: 'http://me:pw@127.0.0.1:5000' }, facts)).toThrow(
      '--url is not http://HOST:PORT',
    );
  });
});

describe('completion', () => {
  it('knows every command and its options, in both shells', async () => {
    for (const shell of ['bash', 'powershell']) {
      const { code, out } = await cli('completion', shell);
      expect(code).toBe(0);
      for (const word of ['jobs run', '--wait', 'executions logs', '--follow', 'completion'])
        expect(out).toContain(word);
    }
    expect(await cli('completion', 'fish')).toMatchObject({
      code: 2,
      err: expect.stringContaining('bash or powershell'),
    });
  });
});
