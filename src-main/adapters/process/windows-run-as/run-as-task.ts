import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessEnd } from '../../../core/ports/process-runner';
import { describeSpawnFailure } from '../spawn-failure';
import register from './register.ps1?raw';
import {
  argumentLine,
  asciiJson,
  icaclsFile,
  icaclsFolder,
  registerCommand,
  registerRequest,
  schtasks,
  taskPrefix,
} from './task-commands';
import {
  icaclsFailure,
  parseRegistered,
  parseTaskNames,
  parseTaskState,
  parseWrapperResult,
  silentEnd,
  startErrorCode,
  taskFailure,
  type WrapperResult,
} from './task-results';
import { isPlainPath, type TaskAccount, taskXml, wrapperCommand } from './task-xml';
import wrapper from './wrapper.ps1?raw';

/** Runs a tool of Windows to its end; `text` is its output, or its errors where it wrote nothing else. */
export type RunTool = (
  file: string,
  args: readonly string[],
  stdin?: string,
) => Promise<{ readonly code: number; readonly text: string }>;

export interface TaskDeps {
  readonly token: string;
  /** Folders of runs are made in it, named so that the sweep at the start knows them. */
  readonly temporaryFolder: string;
  readonly systemRoot: string;
  readonly runTool: RunTool;
}

export interface TaskProgram {
  readonly account: TaskAccount;
  readonly password?: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly isVerbatim: boolean;
  readonly cwd?: string;
  /** Laid over the account's own environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

type Sink = (stream: 'stdout' | 'stderr', chunk: Buffer) => void | Promise<void>;

const pollMs = 200;
/** Asking the Task Scheduler starts a process: only what its files can't tell is asked. */
const lookMs = 3000;
const startMs = 120_000;

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Reads what was added to a file since the last call. */
function createTail(file: FileHandle, onChunk: (chunk: Buffer) => void | Promise<void>): () => Promise<void> {
  let offset = 0;
  return async () => {
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(65_536), 0, 65_536, offset);
      if (bytesRead === 0) return;
      offset += bytesRead;
      await onChunk(buffer.subarray(0, bytesRead));
    }
  };
}

async function readWhole(file: FileHandle): Promise<string> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(8192), 0, 8192, 0);
  return buffer.subarray(0, bytesRead).toString('utf8');
}

/**
 * Runs a program as another Windows account, as a scheduled task that is made for it and removed behind it. The
 * account gets a folder with the request, which it can read, and files it can write; they are opened here before it
 * begins, so that nothing it puts in their place is ever read.
 */
export async function runAsTask(
  deps: TaskDeps,
  program: TaskProgram,
  onOutput: Sink,
  signal: AbortSignal,
  graceMs: number,
): Promise<ProcessEnd> {
  const { account } = program;
  const tool = (name: string) => `${deps.systemRoot}\\System32\\${name}`;
  /** `TASK`: it may work another time. */
  const refuse = (why: string, code: 'RUN_AS' | 'TASK' = 'RUN_AS'): ProcessEnd => ({
    kind: 'spawn_failed',
    code,
    reason: `run_as "${account.name}": ${why}`,
  });
  const name = `${taskPrefix(deps.token)}${randomUUID()}`;
  const folder = join(deps.temporaryFolder, `${process.pid}-${randomUUID()}`);
  const inFolder = (file: string) => join(folder, file);
  if (!isPlainPath(folder))
    return refuse(`the Task Scheduler can't be given the folder ${folder}: it would read a variable into it`);

  const open_files: FileHandle[] = [];
  let isRegistered = false;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Before anything is in it: the request can hold secrets.
    const opened = await deps.runTool(tool('icacls.exe'), icaclsFolder(folder, account));
    if (opened.code !== 0) return refuse(icaclsFailure(opened.code, opened.text));
    await writeFile(inFolder('wrapper.ps1'), wrapper);
    await writeFile(inFolder('register.ps1'), register);
    if (program.stdin !== undefined) await writeFile(inFolder('stdin'), program.stdin);
    const environment = Object.entries(program.env).map(([key, value]) => ({ name: key, value }));
    const line = argumentLine(program.args, program.isVerbatim);
    const request = { file: program.file, arguments: line, cwd: program.cwd ?? null, environment };
    await writeFile(inFolder('request.json'), asciiJson(request));
    const files: FileHandle[] = [];
    for (const file of ['stdout', 'stderr', 'result']) {
      const handle = await open(inFolder(file), 'wx+', 0o600);
      open_files.push(handle);
      files.push(handle);
      const granted = await deps.runTool(tool('icacls.exe'), icaclsFile(inFolder(file), account));
      if (granted.code !== 0) return refuse(icaclsFailure(granted.code, granted.text));
    }
    const [stdout, stderr, result] = files as [FileHandle, FileHandle, FileHandle];
    const pumps = [
      createTail(stdout, (chunk) => onOutput('stdout', chunk)),
      createTail(stderr, (chunk) => onOutput('stderr', chunk)),
    ];

    if (signal.aborted) return { kind: 'killed', survivors: 0 };
    const command = wrapperCommand(deps.systemRoot, inFolder('wrapper.ps1'));
    const { password } = program;
    const xml = taskXml({ account, hasPassword: password !== undefined, command });
    isRegistered = true;
    const answer = await deps.runTool(
      command.file,
      registerCommand(inFolder('register.ps1')),
      registerRequest({ name, xml, account, ...(password === undefined ? {} : { password }) }),
    );
    const registered = parseRegistered(answer.text);
    if (!registered) {
      const said = answer.text.trim().slice(0, 300);
      return refuse(
        `the task could not be made: PowerShell ended with ${answer.code}${said === '' ? '' : `: ${said}`}`,
      );
    }
    if (!registered.ok) return refuse(taskFailure(registered.hresult, registered.message));

    const endedBy = (said: WrapperResult): ProcessEnd => {
      if (said.kind === 'stopped') return { kind: 'crashed', signal: 'TASK_STOPPED' };
      if (said.kind === 'exited') return { kind: 'exited', code: said.code };
      const error = Object.assign(new Error(said.message), { code: startErrorCode(said.error) });
      return { kind: 'spawn_failed', ...describeSpawnFailure(error, program.file, program.cwd) };
    };
    const began = performance.now();
    let lastLook = began;
    let stopAt: number | undefined;
    let hasRun = false;
    for (;;) {
      // The result first: what it was written behind is in the files by then.
      const said = parseWrapperResult(await readWhole(result));
      for (const pump of pumps) await pump();
      const now = performance.now();
      if (said) return signal.aborted ? { kind: 'killed', survivors: 0 } : endedBy(said);
      if (signal.aborted && stopAt === undefined) {
        stopAt = now;
        await writeFile(inFolder('stop'), '');
      }
      const isLate = stopAt !== undefined && now - stopAt > graceMs;
      if (isLate) await deps.runTool(tool('schtasks.exe'), schtasks.end(name));
      if (isLate || now - lastLook > lookMs) {
        lastLook = now;
        const { text } = await deps.runTool(tool('schtasks.exe'), schtasks.query(name));
        const state = parseTaskState(text);
        if (isLate) {
          for (const pump of pumps) await pump();
          return { kind: 'killed', survivors: state.kind === 'running' ? 1 : 0 };
        }
        hasRun ||= state.kind === 'running';
        const end = silentEnd(state, hasRun);
        if (end && parseWrapperResult(await readWhole(result)) === undefined) {
          for (const pump of pumps) await pump();
          if (signal.aborted) return { kind: 'killed', survivors: 0 };
          return 'signal' in end ? { kind: 'crashed', signal: end.signal } : refuse(end.refused);
        }
        if (!hasRun && state.kind === 'waiting' && now - began > startMs)
          return refuse(`the Task Scheduler did not start its task within ${startMs / 1000} seconds`, 'TASK');
      }
      await pause(pollMs);
    }
  } catch (error) {
    return refuse(
      `its files in ${folder} could not be used: ${error instanceof Error ? error.message : error}`,
      'TASK',
    );
  } finally {
    // Also where making it seemed to fail: there may be one all the same.
    if (isRegistered) await deps.runTool(tool('schtasks.exe'), schtasks.remove(name));
    for (const file of open_files) await file.close().catch(() => undefined);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
  }
}

/** Ends and removes tasks that an earlier process left. Their programs end as their files are gone. Returns how many. */
export async function sweepTasks(deps: TaskDeps): Promise<number> {
  const schtasksFile = `${deps.systemRoot}\\System32\\schtasks.exe`;
  const { text } = await deps.runTool(schtasksFile, schtasks.list());
  const names = parseTaskNames(text, taskPrefix(deps.token));
  for (const name of names) {
    await deps.runTool(schtasksFile, schtasks.end(name));
    await deps.runTool(schtasksFile, schtasks.remove(name));
  }
  return names.length;
}
