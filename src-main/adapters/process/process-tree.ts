import { spawn } from 'node:child_process';
import { runMark } from './child-environment';
import { isAlive, listProcesses, type ProcessEntry, readEntry, readEnvironment } from './process-table';

/** A running tree of processes and the means to end it. */
export interface ProcessTree {
  /** Asks all to end, then after `graceMs` makes them. Resolves with how many are still there. */
  end(graceMs: number): Promise<number>;
}

const pollMs = 50;
/** After SIGKILL only the kernel delays an end. */
const killWaitMs = 2000;

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Everything that belongs to a run: by its mark, by its process group, or by descent. */
export function findTree(
  rootPid: number,
  mark: string,
  notBefore: number,
  foreign: readonly number[] = [],
): ProcessEntry[] {
  const all = listProcesses();
  const found = new Map<number, ProcessEntry>();
  for (const entry of all) {
    const isOfGroup = entry.group === rootPid && entry.started >= notBefore;
    const isMarked =
      foreign.includes(entry.pid) || readEnvironment(entry.pid)?.includes(`${runMark}=${mark}\0`);
    if (isOfGroup || isMarked) found.set(entry.pid, entry);
  }
  for (let grew = true; grew; ) {
    grew = false;
    for (const entry of all) {
      if (found.has(entry.pid) || !found.has(entry.parent)) continue;
      found.set(entry.pid, entry);
      grew = true;
    }
  }
  found.delete(process.pid);
  return [...found.values()];
}

/** Processes of another account: not ours to signal, and their environment is not ours to read. */
export interface ForeignProcesses {
  kill(pids: readonly number[], signal: string): Promise<void>;
  /** Ids of those whose environment holds this text. */
  find(variable: string): Promise<readonly number[]>;
}

function signal(entry: ProcessEntry, name: 'SIGTERM' | 'SIGKILL'): void {
  // Between the listing and now the id may have gone to a stranger.
  if (!isAlive(entry)) return;
  try {
    process.kill(entry.pid, name);
  } catch {
    // It ended by itself.
  }
}

/** Ends what `find` finds, again and again: a tree can fork while it is being ended. */
export async function endProcesses(
  find: () => ProcessEntry[] | Promise<ProcessEntry[]>,
  graceMs: number,
  foreign?: ForeignProcesses,
): Promise<number> {
  const asked = new Set<number>();
  const deadline = performance.now() + graceMs;
  let left = await find();
  while (left.length > 0 && performance.now() < deadline) {
    const fresh = left.filter((entry) => !asked.has(entry.pid));
    for (const entry of fresh) {
      asked.add(entry.pid);
      signal(entry, 'SIGTERM');
    }
    if (foreign && fresh.length > 0)
      await foreign.kill(
        fresh.filter(isAlive).map((entry) => entry.pid),
        'TERM',
      );
    await pause(pollMs);
    left = await find();
  }
  const last = performance.now() + killWaitMs;
  while (left.length > 0 && performance.now() < last) {
    for (const entry of left) signal(entry, 'SIGKILL');
    if (foreign)
      await foreign.kill(
        left.filter(isAlive).map((entry) => entry.pid),
        'KILL',
      );
    await pause(pollMs);
    left = await find();
  }
  return left.length;
}

/** A tree on Linux: found through /proc, so that setsid, nohup and double forks are found too. */
export function createProcTree(rootPid: number, mark: string, foreign?: ForeignProcesses): ProcessTree {
  const notBefore = readEntry(rootPid)?.started ?? Number.POSITIVE_INFINITY;
  const find = foreign
    ? async () => findTree(rootPid, mark, notBefore, await foreign.find(`${runMark}=${mark}`))
    : () => findTree(rootPid, mark, notBefore);
  return { end: (graceMs) => endProcesses(find, graceMs, foreign) };
}

/** A tree where there is no /proc: its process group. */
export function createGroupTree(rootPid: number): ProcessTree {
  const kill = (name: 'SIGTERM' | 'SIGKILL' | 0): boolean => {
    try {
      process.kill(-rootPid, name);
      return true;
    } catch {
      return false;
    }
  };
  return {
    async end(graceMs) {
      kill('SIGTERM');
      const deadline = performance.now() + graceMs;
      while (kill(0) && performance.now() < deadline) await pause(pollMs);
      if (!kill(0)) return 0;
      kill('SIGKILL');
      const last = performance.now() + killWaitMs;
      while (kill(0) && performance.now() < last) await pause(pollMs);
      return kill(0) ? 1 : 0;
    },
  };
}

/** taskkill's arguments: the tree below a process, by force or by asking. */
export function taskkillArguments(pid: number, isForced: boolean): string[] {
  return ['/PID', String(pid), '/T', ...(isForced ? ['/F'] : [])];
}

/** A tree on Windows, ended by taskkill. Console programs can't be asked there: they get no time to react. */
export function createTaskkillTree(rootPid: number, hasEnded: () => boolean): ProcessTree {
  const taskkill = (isForced: boolean) =>
    new Promise<number>((resolve) => {
      const child = spawn('taskkill', taskkillArguments(rootPid, isForced), {
        stdio: 'ignore',
        windowsHide: true,
      });
      child.once('error', () => resolve(-1));
      child.once('exit', (code) => resolve(code ?? -1));
    });
  return {
    async end(graceMs) {
      if (hasEnded()) return 0;
      await taskkill(false);
      const deadline = performance.now() + Math.min(graceMs, 3000);
      while (!hasEnded() && performance.now() < deadline) await pause(pollMs);
      await taskkill(true);
      const last = performance.now() + killWaitMs;
      while (!hasEnded() && performance.now() < last) await pause(pollMs);
      return hasEnded() ? 0 : 1;
    },
  };
}
