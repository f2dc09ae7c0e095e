import { readdirSync, readFileSync } from 'node:fs';

/** One process of this machine, as far as telling ours from strangers needs. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Clock ticks since boot: with the pid it names a process once and for all. */
  readonly started: number;
}

/** One process, from /proc; undefined when it has ended or there is no /proc. */
export function readEntry(pid: number): ProcessEntry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name stands in parentheses and may itself hold some.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return { pid, parent: Number(fields[1]), group: Number(fields[2]), started: Number(fields[19]) };
  } catch {
    return undefined;
  }
}

/** All live processes, from /proc; empty where there is none. Zombies are dead already. */
export function listProcesses(): ProcessEntry[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => readEntry(Number(name)) ?? []);
  } catch {
    return [];
  }
}

/** The environment a process was started with; undefined when it is not ours to read. */
export function readEnvironment(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return undefined;
  }
}

export function isAlive(entry: ProcessEntry): boolean {
  return readEntry(entry.pid)?.started === entry.started;
}
