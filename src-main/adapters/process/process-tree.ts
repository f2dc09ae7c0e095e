import { spawn } from 'node:child_process';
import { runMark } from './child-environment';
import { glimpseNewest } from './newest-processes';
import { isAlive, listProcesses, type ProcessEntry, readEntry, readEnvironment } from './process-table';

/** A running tree of processes and the means to end it. */
export interface ProcessTree {
  /** Asks all to end, then after `graceMs` makes them. Resolves with how many are still there. */
  end(graceMs: number): Promise<number>;
}

const pollMs = 50;
/** A look at another account's processes starts one itself. */
const foreignPollMs = 200;
/** After SIGKILL only the kernel delays an end. */
const killWaitMs = 2000;

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Adds everything that descends from what was found already. */
function withDescendants(found: Map<number, ProcessEntry>, all: readonly ProcessEntry[]): ProcessEntry[] {
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
  /** The variables of their environments that begin so, by process. */
  variables(beginnings: readonly string[]): Promise<ReadonlyMap<number, readonly string[]>>;
}

/** What is to be ended, and how it is told from everything else. */
interface Quarry {
  /** By the environment: the mark of a run. */
  readonly isMarked: (variables: readonly string[]) => boolean;
  /** By other signs, such as the process group. */
  readonly isOurs?: (entry: ProcessEntry) => boolean;
  readonly foreign: readonly ForeignProcesses[];
  /** Beginnings of the variables that `isMarked` looks at. */
  readonly beginnings: readonly string[];
}

/**
 * Looks for processes, and what descends from them. One that was found once is kept in sight until it has ended:
 * without its mark (`env -i`) it is known only by its parent, and that may end first.
 */
function createFinder(quarry: Quarry): () => Promise<ProcessEntry[]> {
  let seen: readonly ProcessEntry[] = [];
  return async () => {
    const theirs = new Map<number, readonly string[]>();
    for (const account of quarry.foreign)
      for (const [pid, variables] of await account.variables(quarry.beginnings)) theirs.set(pid, variables);
    const all = listProcesses();
    const found = new Map(seen.filter(isAlive).map((entry) => [entry.pid, entry]));
    for (const entry of all) {
      const variables = theirs.get(entry.pid) ?? readEnvironment(entry.pid)?.split('\0') ?? [];
      if (quarry.isOurs?.(entry) || quarry.isMarked(variables)) found.set(entry.pid, entry);
    }
    seen = withDescendants(found, all);
    return [...seen];
  };
}

function kill(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself, or is another account's.
  }
}

/** Ends what is found, again and again: a tree can fork while it is being ended. How many are left. */
async function endProcesses(
  quarry: Quarry,
  find: () => Promise<ProcessEntry[]>,
  graceMs: number,
): Promise<number> {
  const { foreign, isMarked } = quarry;
  const pollEvery = foreign.length > 0 ? foreignPollMs : pollMs;
  const send = async (entries: readonly ProcessEntry[], name: 'SIGTERM' | 'SIGKILL') => {
    // Between the listing and now the id may have gone to a stranger.
    for (const entry of entries) if (isAlive(entry)) kill(entry.pid, name);
    for (const account of foreign) {
      const pids = entries.filter(isAlive).map((entry) => entry.pid);
      if (pids.length > 0) await account.kill(pids, name.slice(3));
    }
  };
  /** Whether it is over: also what no listing shows, as it is another process each time. */
  const isOver = async (left: readonly ProcessEntry[]) =>
    left.length === 0 && !(await glimpseNewest(isMarked));

  const asked = new Set<string>();
  const deadline = performance.now() + graceMs;
  let left = await find();
  while (performance.now() < deadline) {
    if (await isOver(left)) return 0;
    const fresh = left.filter((entry) => !asked.has(`${entry.pid} ${entry.started}`));
    for (const entry of fresh) asked.add(`${entry.pid} ${entry.started}`);
    await send(fresh, 'SIGTERM');
    await pause(pollEvery);
    left = await find();
  }
  const last = performance.now() + killWaitMs;
  while (performance.now() < last) {
    await send(left, 'SIGKILL');
    const isFleeing = await glimpseNewest(isMarked, (pid) => {
      kill(pid, 'SIGKILL');
      // Its next link, until that has a group of its own. Only a descendant of ours can lead a group by that id.
      kill(-pid, 'SIGKILL');
    });
    if (!isFleeing) await pause(pollMs);
    left = await find();
    if (await isOver(left)) return 0;
  }
  return Math.max(1, left.length);
}

/**
 * A tree on Linux: found through /proc by its mark, its process group and by descent, so that setsid, nohup and
 * double forks are found too.
 */
export function createProcTree(rootPid: number, mark: string, foreign?: ForeignProcesses): ProcessTree {
  const notBefore = readEntry(rootPid)?.started ?? Number.POSITIVE_INFINITY;
  const variable = `${runMark}=${mark}`;
  const quarry: Quarry = {
    isMarked: (variables) => variables.includes(variable),
    isOurs: (entry) => entry.group === rootPid && entry.started >= notBefore,
    foreign: foreign ? [foreign] : [],
    beginnings: [variable],
  };
  return { end: (graceMs) => endProcesses(quarry, createFinder(quarry), graceMs) };
}

/** Trees of a scheduler that died: processes of these executions that carry a mark of its token. */
export function createLeftTrees(
  token: string,
  execution_ids: readonly number[],
  foreign: readonly ForeignProcesses[],
): ProcessTree & { count(): Promise<number> } {
  const wanted = new Set(execution_ids.map((id) => `EXECUTION_ID=exec_${id}`));
  const beginning = `${runMark}=${token}.`;
  const quarry: Quarry = {
    isMarked: (variables) =>
      variables.some((variable) => variable.startsWith(beginning)) &&
      variables.some((variable) => wanted.has(variable)),
    foreign,
    beginnings: [beginning, 'EXECUTION_ID='],
  };
  const find = createFinder(quarry);
  return {
    count: async () => (await find()).length,
    end: (graceMs) => endProcesses(quarry, find, graceMs),
  };
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
