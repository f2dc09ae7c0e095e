import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

export const programFile = fileURLToPath(new URL('../../out/main/headless.js', import.meta.url));

export interface ApiReply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
  readonly headers: Headers;
}

/** The built program, really running. */
export interface RunningProgram {
  readonly child: ChildProcess;
  readonly address: string;
  readonly key: string;
  readonly dataFolder: string;
  /** Everything it has printed. */
  printed(): string;
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiReply>;
  /** Polls until `check` gives something truthy; fails after 60 s. */
  until<T>(check: () => Promise<T | undefined | false | null>, what: string): Promise<T>;
  /** Signals it and waits for its end; the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface ProgramOptions {
  readonly dataFolder: string;
  readonly config: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly mode?: 'scheduler' | 'web' | 'both';
  /** The account it runs as; only root can do that. */
  readonly account?: string;
}

const longestWaitMs = 60_000;
const longestStartMs = 60_000;

function launch(options: ProgramOptions): { child: ChildProcess; printed: () => string } {
  const args = ['--data', options.dataFolder, '--config', options.config, '--port', '0'];
  if (options.mode) args.push('--mode', options.mode);
  const line = [process.execPath, programFile, ...args, ...(options.args ?? [])];
  const { account } = options;
  const whole =
    account === undefined
      ? line
      : ['setpriv', '--reuid', account, '--regid', account, '--init-groups', '--', ...line];
  const child = spawn(whole[0] ?? '', whole.slice(1), {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    text += chunk;
  });
  return { child, printed: () => text };
}

/** Runs the program to its own end: for starts that are refused. */
export async function runToEnd(options: ProgramOptions): Promise<{ code: number | null; printed: string }> {
  const { child, printed } = launch(options);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, printed: printed() };
}

/** Starts the program and waits until it says that it is running. It is killed when the test ends. */
export async function startProgram(options: ProgramOptions): Promise<RunningProgram> {
  return start(options, onTestFinished);
}

/** One program for all tests of a file: `program()` is it. */
export function sharedProgram(
  prepare: (folder: string) => ProgramOptions | Promise<ProgramOptions>,
): () => RunningProgram {
  let program: RunningProgram | undefined;
  let folder: string | undefined;
  let end: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'job-scheduler-test-'));
    program = await start(await prepare(folder), (work) => {
      end = work;
    });
  });
  afterAll(async () => {
    await end?.();
    if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  return () => {
    if (!program) throw new Error('the program did not start');
    return program;
  };
}

async function start(
  options: ProgramOptions,
  atEnd: (work: () => Promise<void>) => void,
): Promise<RunningProgram> {
  const { child, printed } = launch(options);
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  atEnd(async () => {
    if (isOver()) return;
    child.kill('SIGKILL');
    await once(child, 'close');
  });
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the program did not start:\n${printed()}`)),
      longestStartMs,
    );
    const look = () => {
      if (!/Job Scheduler (is running|serves)/.test(printed()) || !printed().includes('\n\n')) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on('data', look);
    child.once('close', (code) => {
      clearTimeout(timer);
      reject(new Error(`the program ended with ${code}:\n${printed()}`));
    });
  });
  const address = /http:\/\/[^\s/]+/.exec(printed())?.[0] ?? '';
  const key = readFileSync(join(options.dataFolder, 'admin.key'), 'utf8').trim();

  const api: RunningProgram['api'] = async (method, path, body, headers = {}) => {
    const isRaw = typeof body === 'string';
    const reply = await fetch(`${address}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        'X-API-Key': key,
        ...(body === undefined ? {} : { 'Content-Type': isRaw ? 'application/yaml' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
    });
    const text = await reply.text();
    const isJson = reply.headers.get('content-type')?.includes('json');
    return { status: reply.status, body: isJson ? JSON.parse(text) : text, headers: reply.headers };
  };

  return {
    child,
    address,
    key,
    dataFolder: options.dataFolder,
    printed,
    api,
    async until(check, what) {
      const deadline = performance.now() + longestWaitMs;
      for (;;) {
        const found = await check();
        if (found) return found;
        if (performance.now() > deadline)
          throw new Error(`waited in vain for ${what}\n${printed().slice(-3000)}`);
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
    },
    async stop(signal = 'SIGTERM') {
      if (isOver()) return child.exitCode;
      const closed = once(child, 'close');
      child.kill(signal);
      await closed;
      return child.exitCode;
    },
  };
}
