import { readFileSync, statSync } from 'node:fs';
import { readEnvironment } from './process-table';

/** How long one look at the newest processes takes: nothing else happens meanwhile. */
const sliceMs = 6;
const slices = 3;
/** Ids behind the newest one that are looked at: the system gives them out in order. */
const reach = 12;

/** The id that was given out last. Source: proc(5), the last field of /proc/loadavg. */
function newestId(): number | undefined {
  try {
    const id = Number(readFileSync('/proc/loadavg', 'latin1').trim().split(' ').at(-1));
    return Number.isSafeInteger(id) ? id : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Looks for processes that live too shortly to be found in a listing: a program that forks and ends, again and
 * again, is another process by the time the listing is read. Its newest link is the newest process of the system,
 * which is looked at a few thousand times. Whether one was seen; each is handed to `onSight` at once.
 */
export async function glimpseNewest(
  isWanted: (variables: readonly string[]) => boolean,
  onSight: (pid: number) => void = () => undefined,
): Promise<boolean> {
  let isSeen = false;
  for (let slice = 0; slice < slices; slice += 1) {
    const until = performance.now() + sliceMs;
    while (performance.now() < until) {
      const newest = newestId();
      if (newest === undefined) return isSeen;
      for (let pid = newest; pid > newest - reach && pid > 1; pid -= 1) {
        // Most are gone already, and an error costs ten times as much as a look.
        if (statSync(`/proc/${pid}`, { throwIfNoEntry: false }) === undefined) continue;
        const variables = readEnvironment(pid)?.split('\0');
        if (variables === undefined || !isWanted(variables)) continue;
        onSight(pid);
        isSeen = true;
      }
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return isSeen;
}
