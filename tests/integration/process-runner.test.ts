import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNodeProcessRunner } from '../../src-main/adapters/process/node-process-runner';
import { systemRunAsFacts } from '../../src-main/adapters/process/run-as';
import type { ProcessEnd, ProcessSpec } from '../../src-main/core/ports/process-runner';
import { isInstalled } from '../support/run-type';
import { tempFolder } from '../support/temp-folder';

const isLinux = process.platform === 'linux';
const token = `test-${process.pid}-${Math.random().toString(36).slice(2)}`;
const ownRunner = createNodeProcessRunner({ token, killGraceMs: 1500, drainMs: 300 });

interface Ran {
  readonly end: ProcessEnd;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(
  spec: ProcessSpec,
  signal = new AbortController().signal,
  onText?: (text: string) => void,
  runner = ownRunner,
): Promise<Ran> {
  const parts: Record<'stdout' | 'stderr', Uint8Array[]> = { stdout: [], stderr: [] };
  const end = await runner.run(
    spec,
    (stream, chunk) => {
      parts[stream].push(chunk.slice());
      onText?.(Buffer.from(chunk).toString());
    },
    signal,
  );
  const text = (stream: 'stdout' | 'stderr') => Buffer.concat(parts[stream]).toString('utf8');
  return { end, stdout: text('stdout'), stderr: text('stderr') };
}

const node = (script: string, ...args: string[]): ProcessSpec => ({
  file: process.execPath,
  args: ['-e', script, ...args],
});
const sh = (script: string): ProcessSpec => ({ file: '/bin/sh', args: ['-c', script] });

/** Processes that carry this test run's mark. */
function marked(): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      const state = readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/.*\) /s, '')[0];
      return state !== 'Z' && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(token);
    } catch {
      return false;
    }
  });
}

describe('a process', () => {
  it('ends with its code, and what it wrote, each stream apart', async () => {
    const ran = await run(node('console.log("out"); console.error("err"); process.exitCode = 7'));
    expect(ran).toEqual({ end: { kind: 'exited', code: 7 }, stdout: 'out\n', stderr: 'err\n' });
  });

  it('that was ended by a signal says which', async () => {
    expect((await run(node('process.kill(process.pid, "SIGKILL")'))).end).toEqual({
      kind: 'crashed',
      signal: 'SIGKILL',
    });
  });

  it('gets its arguments byte for byte, 200 hostile ones', async () => {
    const seeds = [
      '&calc',
      '"|x',
      '%PATH%',
      '!x!',
      '^',
      'a\nb',
      '$(id)',
      '`id`',
      ';id',
      'x\\',
      '\\"',
      "'",
      '""',
      '',
      ' ',
      '*',
      '~',
      '--',
      '-e',
      '\t',
      '\u{1F600}',
      'ü',
      '<',
      '>',
      '{a,b}',
      '$HOME',
      '\\\\srv\\x',
      '\u202e',
      '\r\n',
      '#',
    ];
    const hostile = Array.from({ length: 200 }, (_, index) =>
      [seeds[index % seeds.length], seeds[(index * 7 + 3) % seeds.length], index % 3 ? '' : 'x'].join(
        index % 2 ? '' : ' ',
      ),
    );
    const { stdout } = await run(
      node('process.stdout.write(JSON.stringify(process.argv.slice(1)))', '--', ...hostile),
    );
    expect(JSON.parse(stdout)).toEqual(hostile);
  });

  it.runIf(isLinux)('begins with no signal ignored, whatever this process does with its own', async () => {
    const { stdout } = await run(sh('grep -E "^Sig(Blk|Ign)" /proc/self/status'));
    // The last eight digits: signals 1 to 32, of which the last is not for programs.
    expect(stdout).toMatch(/^SigBlk:\t\w{8}0{8}\nSigIgn:\t\w{8}[08]0{7}\n$/);
  });

  it.runIf(isLinux)('has its own output and nobody else’s, of twenty started at once', async () => {
    const pipes = sh('find /proc/self/fd -lname "pipe:*" -printf "%f %l\\n"; cat');
    const ran = await Promise.all(Array.from({ length: 20 }, () => run(pipes)));
    const held = ran.map(({ stdout }) => stdout.trim().split('\n'));
    // What all hold was handed to this process by whoever started it.
    const own = held.map((lines) => lines.filter((line) => !held.every((other) => other.includes(line))));
    expect(own.map((lines) => lines.map((line) => line.split(' ')[0]))).toEqual(Array(20).fill(['1', '2']));
    expect(new Set(own.flat().map((line) => line.split(' ')[1])).size).toBe(40);
  });

  it.runIf(isLinux)('may be a script without a first line that names its interpreter', async () => {
    const file = join(tempFolder(), 'plain');
    writeFileSync(file, 'echo "$1"\n', { mode: 0o755 });
    expect(await run({ file, args: ['by the shell'] })).toMatchObject({
      end: { kind: 'exited', code: 0 },
      stdout: 'by the shell\n',
    });
  });

  it.runIf(isLinux)('takes arguments of 100 kB', async () => {
    const long = await run({
      file: '/bin/sh',
      args: ['-c', 'printf %s "$1" | wc -c', 'sh', 'ä'.repeat(50_000)],
    });
    expect(long.stdout.trim()).toBe('100000');
  });

  it('sees the job’s variables and none of the program’s', async () => {
    process.env.JOB_SCHEDULER_TEST_SECRET = 'canary';
    const { stdout } = await run({
      ...node('process.stdout.write(JSON.stringify(process.env))'),
      env: { JOB_ID: 'a' },
    });
    delete process.env.JOB_SCHEDULER_TEST_SECRET;
    expect(JSON.parse(stdout).JOB_ID).toBe('a');
    expect(stdout).not.toContain('canary');
  });

  it('is held back by a reader that is slow, and loses nothing', async () => {
    let bytes = 0;
    const end = await ownRunner.run(
      node('for (let i = 0; i < 300; i += 1) process.stdout.write("x".repeat(10000))'),
      async (_stream, chunk) => {
        bytes += chunk.length;
        await new Promise((resolve) => setImmediate(resolve));
      },
      new AbortController().signal,
    );
    expect(end).toEqual({ kind: 'exited', code: 0 });
    expect(bytes).toBe(3_000_000);
  });

  it.runIf(isLinux)(
    'that leaves one in the background holding its output is not waited for for ever',
    async () => {
      const { end, stdout } = await run(sh('echo before; sleep 30 & echo after'));
      expect(end).toEqual({ kind: 'exited', code: 0 });
      expect(stdout).toBe('before\nafter\n');
      for (const pid of marked()) process.kill(Number(pid), 'SIGKILL');
    },
  );
});

describe.runIf(isLinux)('a shell line', () => {
  it('is run by the shell, and its arguments stay arguments', async () => {
    const hostile = '"; echo pwned; $(id) `id`';
    const line = `printf '%s|' "$1" "$#" | tr a-z A-Z; exit 4`;
    expect(await run({ file: line, args: [hostile], isShellLine: true })).toMatchObject({
      end: { kind: 'exited', code: 4 },
      stdout: `${hostile.toUpperCase()}|1|`,
    });
  });
});

describe('standard input', () => {
  it('gets the text of the job, and its end', async () => {
    const text = 'geheim ü\n'.repeat(50_000);
    const ran = await run({
      ...node(
        'let n = ""; process.stdin.setEncoding("utf8"); process.stdin.on("data", (d) => { n += d; }); process.stdin.on("end", () => console.log(n.length))',
      ),
      stdin: text,
    });
    expect(ran.stdout).toBe(`${text.length}\n`);
  });

  it('that nobody reads disturbs nothing', async () => {
    const ran = await run({ ...node('process.exit(3)'), stdin: 'x'.repeat(1_000_000) });
    expect(ran.end).toEqual({ kind: 'exited', code: 3 });
  });
});

const isRoot = process.getuid?.() === 0;
if (!isRoot) console.log('skipped: run_as by setuid (needs root)');
const hasPython = isInstalled('python3', ['-c', '0'], 'a tree that forks without end');
const hasSudo = isInstalled('sudo', ['-n', 'true'], 'run_as through sudo');

describe.runIf(isLinux && isRoot)('a process of another user (as root)', () => {
  const user = `jstest${process.pid % 100_000}`;
  const withUser = async (work: () => Promise<void>) => {
    execFileSync('useradd', ['--no-create-home', '--home-dir', '/', '--shell', '/bin/false', user]);
    try {
      await work();
    } finally {
      execFileSync('userdel', [user]);
    }
  };

  it('is really that user, with its environment, and its tree is ended too', () =>
    withUser(async () => {
      const asUser = { cwd: '/', runAs: user, env: { ARTIFACTS_DIR: '/private', OWN: '1' } };
      const ran = await run({ ...sh('id -un; id -gn; echo "$USER $HOME $OWN [$ARTIFACTS_DIR]"'), ...asUser });
      expect(ran.stdout).toBe(`${user}\n${user}\n${user} / 1 []\n`);
      const abort = new AbortController();
      const { end } = await run(
        { ...sh(`trap '' TERM; setsid sleep 60 & echo ready; sleep 60; sleep 60`), ...asUser },
        abort.signal,
        (text) => text.includes('ready') && abort.abort(),
      );
      expect(end).toEqual({ kind: 'killed', survivors: 0 });
      expect(marked()).toEqual([]);
    }));

  it.skipIf(!hasSudo)('is really that user through sudo as well, and all of its tree is ended', () =>
    withUser(async () => {
      // Root may sudo without a password: only which way is taken is decided here.
      const facts = { ...systemRunAsFacts(), self: { name: 'somebody', uid: 54_321 } };
      const throughSudo = createNodeProcessRunner({
        token,
        killGraceMs: 1500,
        drainMs: 300,
        runAsFacts: facts,
      });
      const asUser = { cwd: '/', runAs: user, env: { OWN: "a 'b' $c" } };
      const ran = await run({ ...sh('id -un; echo "$OWN"'), ...asUser }, undefined, undefined, throughSudo);
      expect(ran).toMatchObject({ end: { kind: 'exited', code: 0 }, stdout: `${user}\na 'b' $c\n` });
      const abort = new AbortController();
      const { end } = await run(
        {
          ...sh(
            `trap '' TERM; (setsid sh -c "trap '' TERM; sleep 60; sleep 60" &) & echo ready; sleep 60; sleep 60`,
          ),
          ...asUser,
        },
        abort.signal,
        (text) => text.includes('ready') && abort.abort(),
        throughSudo,
      );
      expect(end).toEqual({ kind: 'killed', survivors: 0 });
      expect(marked()).toEqual([]);
    }),
  );

  const ways = [
    ['setuid', {}],
    ...(hasSudo ? [['sudo', { self: { name: 'somebody', uid: 54_321 } }] as const] : []),
  ] as const;

  it.each(ways)(
    'by %s has all of its groups, its private folder and its own PATH, and not our variables',
    (_, facts) =>
      withUser(async () => {
        const group = `${user}g`;
        const folder = tempFolder();
        const home = join(folder, 'home');
        execFileSync('groupadd', [group]);
        process.env.TEST_OF_THE_SCHEDULER = 'canary';
        try {
          execFileSync('usermod', ['-aG', group, user]);
          mkdirSync(home, { mode: 0o700 });
          chmodSync(folder, 0o755);
          writeFileSync(join(home, 'hello'), '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
          execFileSync('chown', ['-R', user, home]);
          const runner = createNodeProcessRunner({ token, runAsFacts: { ...systemRunAsFacts(), ...facts } });
          const as = (spec: ProcessSpec) => run({ ...spec, runAs: user }, undefined, undefined, runner);
          const ran = await as({
            ...sh('id -Gn; pwd; hello "$(printenv TEST_OF_THE_SCHEDULER)" there'),
            cwd: home,
            env: { PATH: `${home}:/usr/bin:/bin` },
          });
          expect(ran.stdout).toBe(`${user} ${group}\n${home}\n there\n`);
          const unstarted = async (file: string, cwd = '/') => (await as({ file, args: ['x'], cwd })).end;
          expect(await unstarted(join(home, 'nope'))).toMatchObject({ kind: 'spawn_failed', code: 'ENOENT' });
          expect(await unstarted('nope-on-path')).toMatchObject({ kind: 'spawn_failed', code: 'ENOENT' });
          expect(await unstarted('/etc/passwd')).toMatchObject({ kind: 'spawn_failed', code: 'EACCES' });
          expect(await unstarted('id', '/no/such/folder')).toMatchObject({
            kind: 'spawn_failed',
            reason: expect.stringContaining('working directory /no/such/folder does not exist'),
          });
          const own = await as({ ...sh('echo "sh: 1: exec: x: not found" >&2; exit 3'), cwd: '/' });
          expect(own.end).toEqual({ kind: 'exited', code: 3 });
        } finally {
          delete process.env.TEST_OF_THE_SCHEDULER;
          execFileSync('groupdel', ['-f', group]);
        }
      }),
  );

  it.each(['no-such-user-here', '--help', 'a b', '', 'x;id'])(
    'that is %j is refused, and nothing runs',
    async (runAs) => {
      const ran = await run({ ...sh('echo ran'), runAs });
      expect(ran.end).toMatchObject({ kind: 'spawn_failed', code: 'RUN_AS' });
      expect(ran.stdout).toBe('');
    },
  );
});

describe('a process that can not begin', () => {
  it.each<[string, () => ProcessSpec, string, RegExp]>([
    [
      'because there is no such program',
      () => ({ file: 'no-such-program', args: [] }),
      'ENOENT',
      /"no-such-program" was not found/,
    ],
    [
      'because its folder is missing',
      () => ({ ...node(''), cwd: '/no/such/folder' }),
      'ENOENT',
      /working directory \/no\/such\/folder does not exist/,
    ],
    [
      'because it may not be run',
      () => {
        const file = join(tempFolder(), 'plain');
        writeFileSync(file, 'text');
        chmodSync(file, 0o644);
        return { file, args: [] };
      },
      'EACCES',
      /may not be run/,
    ],
    [
      'because it is a folder',
      () => {
        const folder = join(tempFolder(), 'folder');
        mkdirSync(folder);
        return { file: folder, args: [] };
      },
      'EACCES',
      /may not be run/,
    ],
    ['because an argument holds a NUL', () => node('', 'a\0b'), 'ERR_INVALID_ARG_VALUE', /NUL/],
    [
      'because its arguments are too long',
      () => node('', 'x'.repeat(4_000_000)),
      'E2BIG',
      /longer than the system allows/,
    ],
  ])('%s says so', async (_why, spec, code, reason) => {
    const { end } = await run(spec());
    expect(end).toMatchObject({ kind: 'spawn_failed', code, reason: expect.stringMatching(reason) });
  });
});

describe.runIf(isLinux)('a tree of processes that is ended (found through /proc, so on Linux)', () => {
  const child = 'sleep 60';
  const trees: [string, string][] = [
    ['plain', `${child}`],
    ['in the background', `${child} & ${child} & wait`],
    ['forked twice', `( ( ${child} & ) & ) ; ${child}`],
    ['nohup', `nohup ${child} >/dev/null 2>&1 & wait`],
    ['in a session of its own', `setsid ${child} & setsid -f ${child}; ${child}`],
    ['deaf to SIGTERM', `trap '' TERM; while :; do sleep 1; done`],
    [
      'deaf, in a session of its own, with deaf children',
      `trap '' TERM; setsid sh -c "trap '' TERM; while :; do sleep 1; done" & wait; while :; do sleep 1; done`,
    ],
    ['that forks while it is ended', `trap 'sh -c "${child}" &' TERM; while :; do sleep 1; done`],
    [
      'deaf, without the mark in its environment',
      `env -i setsid sh -c "trap '' TERM; while :; do sleep 1; done" & wait`,
    ],
  ];

  it.each(trees)('leaves nothing behind: %s', async (_how, script) => {
    const abort = new AbortController();
    const running = run(sh(`echo ready; ${script}`), abort.signal, (text) => {
      if (text.includes('ready')) abort.abort();
    });
    expect((await running).end).toEqual({ kind: 'killed', survivors: 0 });
    expect(marked()).toEqual([]);
  });

  it.skipIf(!hasPython)(
    'leaves nothing behind of one that is another process a thousand times a second',
    async () => {
      const abort = new AbortController();
      const file = join(tempFolder(), 'hop.py');
      // Deaf, and gone into a session of its own before a listing has shown it.
      writeFileSync(
        file,
        `import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
until = time.time() + 60
print("ready", flush=True)
while time.time() < until:
    if os.fork():
        os._exit(0)
    os.setsid()
`,
      );
      const spec = { ...sh(`python3 ${file}; sleep 60`), env: { HOP: file } };
      const { end } = await run(spec, abort.signal, (text) => text.includes('ready') && abort.abort());
      expect(end).toEqual({ kind: 'killed', survivors: 0 });
      // Its listing could miss it again: what it would fork next is waited for.
      for (let look = 0; look < 50; look += 1) {
        expect(marked()).toEqual([]);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  );

  it('is given the time to tidy up', async () => {
    const abort = new AbortController();
    const { stdout } = await run(
      sh(`trap 'echo tidy; exit 0' TERM; echo ready; while :; do sleep 0.1; done`),
      abort.signal,
      (text) => text.includes('ready') && abort.abort(),
    );
    expect(stdout).toBe('ready\ntidy\n');
  });

  it.each(trees)('that outlived its scheduler is swept at the next start: %s', async (_how, script) => {
    const gone = spawn('/bin/sh', ['-c', `echo ready; ${script}`], {
      env: { ...process.env, JOB_SCHEDULER_RUN: `${token}.x`, EXECUTION_ID: 'exec_99' },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    const stranger = spawn('/bin/sleep', ['60'], {
      env: { JOB_SCHEDULER_RUN: 'another-scheduler.x', EXECUTION_ID: 'exec_99' },
    });
    try {
      await once(gone.stdout, 'data');
      const later = createNodeProcessRunner({ token });
      expect(await later.sweep([{ execution_id: 99 }])).toBeGreaterThanOrEqual(1);
      expect(marked()).toEqual([]);
      expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    } finally {
      stranger.kill('SIGKILL');
    }
  });

  it('that outlived its scheduler is found by its execution and swept', async () => {
    const abort = new AbortController();
    let isReady = () => undefined as unknown;
    const ready = new Promise((resolve) => {
      isReady = () => resolve(undefined);
    });
    const running = run(
      { ...sh('setsid -f sleep 60; echo ready; sleep 60'), env: { EXECUTION_ID: 'exec_77' } },
      abort.signal,
      () => isReady(),
    );
    await ready;
    const later = createNodeProcessRunner({ token });
    expect(await later.sweep([{ execution_id: 78 }])).toBe(0);
    expect(marked().length).toBeGreaterThanOrEqual(2);
    expect(await later.sweep([{ execution_id: 77 }])).toBeGreaterThanOrEqual(2);
    expect(marked()).toEqual([]);
    await running;
  });
});
