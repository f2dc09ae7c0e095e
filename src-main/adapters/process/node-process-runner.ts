import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Readable } from 'node:stream';
import { createLastLine } from '../../core/last-line';
import type { ProcessEnd, ProcessRunner, ProcessSpec } from '../../core/ports/process-runner';
import { commandAs, foreignStartFailure } from './account-command';
import { batchCommand, isBatchFile } from './batch-command';
import { childEnvironment, runMark } from './child-environment';
import { type ConsoleEncoding, createConsoleEncoding } from './console-encoding';
import { createPosixSpawn } from './posix-spawn';
import {
  createGroupTree,
  createLeftTrees,
  createProcTree,
  createTaskkillTree,
  type ProcessTree,
} from './process-tree';
import { planRunAs, type RunAs, type RunAsFacts, sudoProcesses, systemRunAsFacts } from './run-as';
import { type ShellCommand, shellCommand } from './shell-command';
import { describeSpawnFailure } from './spawn-failure';
import type { StartedProcess } from './started-process';
import { type ChunkDecoder, createChunkDecoder } from './utf8-chunks';
import { runAsTask, sweepTasks, type TaskDeps } from './windows-run-as/run-as-task';
import { runTool } from './windows-run-as/run-tool';

export interface ProcessRunnerOptions {
  /** Marks the processes of this data folder; known to nobody else, kept over restarts so that `sweep` finds them. */
  readonly token: string;
  /** How long a tree may take to end when asked. */
  readonly killGraceMs?: number;
  /** How long a background process that holds the output open is listened to after its parent ended. */
  readonly drainMs?: number;
  /** How a program's output is read when its job does not say; default: this machine's. */
  readonly consoleEncoding?: ConsoleEncoding;
  /** What decides how `run_as` is done; default: this machine's. */
  readonly runAsFacts?: RunAsFacts;
  /** Where runs as another Windows account keep their files; swept by its owner. */
  readonly temporaryFolder?: string;
}

/** Orphans of a crash are asked to end, but the next start must not wait for them long. */
const orphanGraceMs = 500;

/** What is really started: the program, cmd.exe for a batch file, or the shell where one was asked for. */
function commandLine(spec: ProcessSpec, comspec: string): ShellCommand | { readonly reason: string } {
  if (spec.isShellLine) return shellCommand(spec.file, spec.args, process.platform, comspec);
  if (process.platform !== 'win32' || !isBatchFile(spec.file))
    return { file: spec.file, args: spec.args, isVerbatim: false };
  const batch = batchCommand(spec.file, spec.args, comspec);
  return batch.kind === 'refused' ? batch : { ...batch, isVerbatim: true };
}

/** Reads a pipe to its end; a promise of the consumer holds the pipe, and so the process, back. */
function drain(
  pipe: Readable,
  decoder: ChunkDecoder,
  onChunk: (chunk: Uint8Array) => void | Promise<void>,
): void {
  const pass = (chunk: Uint8Array) => {
    if (chunk.length === 0) return;
    const pressure = onChunk(chunk);
    if (!pressure) return;
    pipe.pause();
    pressure.then(
      () => pipe.resume(),
      () => pipe.resume(),
    );
  };
  pipe.on('data', (chunk: Buffer) => pass(decoder.push(chunk)));
  pipe.on('end', () => pass(decoder.end()));
  pipe.on('error', () => pass(decoder.end()));
}

/**
 * Runs processes for real, never through a shell. When the main process has ended but something it left in the
 * background still holds its output open, that is listened to for `drainMs` more and then left alone: a job may
 * start a service on purpose. Cancel, timeout and stop end the whole tree, background or not.
 */
export function createNodeProcessRunner(options: ProcessRunnerOptions): ProcessRunner {
  const { token, killGraceMs = 10_000, drainMs = 2000, consoleEncoding = createConsoleEncoding() } = options;
  const runAsFacts = options.runAsFacts ?? systemRunAsFacts();
  const isWindows = process.platform === 'win32';
  const hasProc = existsSync('/proc/self/stat');
  const quickStart = createPosixSpawn();
  // Read once: each look at process.env asks the system for every variable.
  const inherited = childEnvironment(process.env, {}, process.platform);
  const taskDeps: TaskDeps = {
    token,
    temporaryFolder: options.temporaryFolder ?? tmpdir(),
    systemRoot: process.env.SystemRoot ?? 'C:\\Windows',
    runTool,
  };

  const encodingOf = async (spec: ProcessSpec): Promise<string> => {
    if (spec.outputEncoding) return spec.outputEncoding;
    return consoleEncoding();
  };

  const treeOf = (child: StartedProcess, mark: string, runAs: RunAs): ProcessTree => {
    const pid = child.pid as number;
    if (isWindows) return createTaskkillTree(pid, () => child.exitCode !== null || child.signalCode !== null);
    const foreign = runAs.kind === 'sudo' ? sudoProcesses(runAs.user) : undefined;
    return hasProc ? createProcTree(pid, mark, foreign) : createGroupTree(pid);
  };

  const runTask = async (
    spec: ProcessSpec,
    mark: string,
    account: (RunAs & { readonly kind: 'task' })['account'],
    decoders: readonly [ChunkDecoder, ChunkDecoder],
    onOutput: Parameters<ProcessRunner['run']>[1],
    signal: AbortSignal,
  ): Promise<ProcessEnd> => {
    const command = commandLine(spec, process.env.ComSpec ?? 'cmd.exe');
    if ('reason' in command) return { kind: 'spawn_failed', code: 'EINVAL', reason: command.reason };
    const env: Record<string, string> = { ...spec.env, [runMark]: mark };
    // As below: in our own private folder.
    delete env.ARTIFACTS_DIR;
    const { cwd, stdin, runAsPassword: password } = spec;
    const program = {
      ...command,
      account,
      env,
      ...(cwd === undefined ? {} : { cwd }),
      ...(stdin === undefined ? {} : { stdin }),
      ...(password === undefined ? {} : { password }),
    };
    const [out, err] = decoders;
    const pass = (stream: 'stdout' | 'stderr', bytes: Uint8Array) =>
      bytes.length === 0 ? undefined : onOutput(stream, bytes);
    const sink = (stream: 'stdout' | 'stderr', chunk: Buffer) =>
      pass(stream, (stream === 'stdout' ? out : err).push(chunk));
    const end = await runAsTask(taskDeps, program, sink, signal, killGraceMs);
    await pass('stdout', out.end());
    await pass('stderr', err.end());
    return end;
  };

  const start = async (
    spec: ProcessSpec,
    mark: string,
    runAs: RunAs,
  ): Promise<StartedProcess | { readonly reason: string }> => {
    if (runAs.kind === 'refused') return runAs;
    const comspec = process.env.ComSpec ?? 'cmd.exe';
    const own: Record<string, string> = {
      ...(runAs.kind === 'setuid' ? runAs.environment : {}),
      ...spec.env,
      [runMark]: mark,
    };
    // The folder lies inside our private one: another account could not reach it.
    if (runAs.kind === 'setuid' || runAs.kind === 'sudo') delete own.ARTIFACTS_DIR;
    const command = commandLine(spec, comspec);
    if ('reason' in command) return command;
    const { file, args, env, cwd } = commandAs(runAs, command, own, spec.cwd, inherited);
    const hasStdin = spec.stdin !== undefined;
    const folder = cwd === undefined ? {} : { cwd };
    const isSetuid = runAs.kind === 'setuid' && !runAs.hasGroups;
    const quick = isSetuid ? undefined : await quickStart?.({ file, args, ...folder, env, hasStdin });
    const child: StartedProcess =
      quick ??
      spawn(file, [...args], {
        ...folder,
        env,
        stdio: [hasStdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
        detached: !isWindows,
        windowsHide: true,
        windowsVerbatimArguments: command.isVerbatim,
        ...(isSetuid ? { uid: runAs.uid, gid: runAs.gid } : {}),
      });
    if (spec.stdin !== undefined && child.stdin) {
      // A program that ends without reading is no failure of ours.
      child.stdin.on('error', () => undefined);
      child.stdin.end(spec.stdin);
    }
    return child;
  };

  const run: ProcessRunner['run'] = async (spec, onOutput, signal) => {
    if (signal.aborted) return { kind: 'killed', survivors: 0 };
    const mark = `${token}.${randomUUID()}`;
    const failed = (error: unknown): ProcessEnd => ({
      kind: 'spawn_failed',
      ...describeSpawnFailure(error as NodeJS.ErrnoException, spec.file, spec.cwd),
    });
    let child: StartedProcess;
    let runAs: RunAs = { kind: 'self' };
    let decoders: readonly [ChunkDecoder, ChunkDecoder];
    try {
      const encoding = await encodingOf(spec);
      decoders = [createChunkDecoder(encoding), createChunkDecoder(encoding)];
      if (spec.runAs !== undefined) runAs = await planRunAs(spec.runAs, runAsFacts);
      if (runAs.kind === 'task') return await runTask(spec, mark, runAs.account, decoders, onOutput, signal);
      const started = await start(spec, mark, runAs);
      if ('reason' in started) {
        const code = runAs.kind === 'refused' ? 'RUN_AS' : 'EINVAL';
        return { kind: 'spawn_failed', code, reason: started.reason };
      }
      child = started;
    } catch (error) {
      return failed(error);
    }
    return new Promise<ProcessEnd>((resolve) => {
      let isOver = false;
      let drainTimer: NodeJS.Timeout | undefined;
      const tree = child.pid === undefined ? undefined : treeOf(child, mark, runAs);
      const finish = (end: ProcessEnd) => {
        if (isOver) return;
        isOver = true;
        clearTimeout(drainTimer);
        signal.removeEventListener('abort', abort);
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve(end);
      };
      const abort = () => {
        void tree?.end(killGraceMs).then((survivors) => {
          // Give the pipes the moment they need to hand over what was written before the end.
          setTimeout(() => finish({ kind: 'killed', survivors }), 50);
        });
      };
      const isForeign = !spec.isShellLine && (runAs.kind === 'sudo' || runAs.kind === 'setuid');
      const lastWords = createLastLine();
      const ended = (): ProcessEnd => {
        if (child.signalCode) return { kind: 'crashed', signal: child.signalCode };
        const code = child.exitCode ?? -1;
        const unstarted = isForeign ? foreignStartFailure(code, lastWords.line()) : undefined;
        if (unstarted === undefined) return { kind: 'exited', code };
        return failed(Object.assign(new Error(), { code: unstarted }));
      };

      child.once('error', (error) => finish(failed(error)));
      child.once('exit', () => {
        if (signal.aborted) return;
        drainTimer = setTimeout(() => finish(ended()), drainMs);
      });
      child.once('close', () => {
        if (!signal.aborted) finish(ended());
      });
      if (child.stdout) drain(child.stdout, decoders[0], (chunk) => onOutput('stdout', chunk));
      if (child.stderr)
        drain(child.stderr, decoders[1], (chunk) => {
          if (isForeign) lastWords.push(chunk);
          return onOutput('stderr', chunk);
        });
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) abort();
    });
  };

  return {
    run,
    async sweep(runs) {
      if (isWindows) return sweepTasks(taskDeps);
      if (!hasProc || runs.length === 0) return 0;
      const accounts = new Set(runs.flatMap(({ run_as }) => (run_as === undefined ? [] : [run_as])));
      const plans = await Promise.all([...accounts].map((account) => planRunAs(account, runAsFacts)));
      const left = createLeftTrees(
        token,
        runs.map(({ execution_id }) => execution_id),
        plans.flatMap((plan) => (plan.kind === 'sudo' ? [sudoProcesses(plan.user)] : [])),
      );
      const count = await left.count();
      await left.end(orphanGraceMs);
      return count;
    },
  };
}
