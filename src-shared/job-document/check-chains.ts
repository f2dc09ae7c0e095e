import type { Issue } from '../model/issue';
import { type Chains, chainList, chainTargets } from '../model/run-rules';

export interface ChainKeys {
  readonly on_success?: Chains | undefined;
  readonly on_failure?: Chains | undefined;
}

type ChainsOf = (job_id: string) => readonly string[] | undefined;

/** The way from one job back to `wanted`, ids in order; undefined when there is none. */
function wayBack(from: string, wanted: string, chainsOf: ChainsOf): readonly string[] | undefined {
  const seen = new Set<string>();
  const queue: (readonly string[])[] = [[from]];
  for (const way of queue) {
    const last = way.at(-1) as string;
    if (last === wanted) return way;
    if (seen.has(last)) continue;
    seen.add(last);
    for (const next of chainsOf(last) ?? []) queue.push([...way, next]);
  }
  return undefined;
}

/**
 * Followers that are not there (a warning: they may come later) and circles (an error: one would run for ever).
 * Without `chainsOf` only a job that follows itself is found.
 */
export function chainIssues(job_id: string, keys: ChainKeys, chainsOf: ChainsOf | undefined): Issue[] {
  const issues: Issue[] = [];
  for (const key of ['on_success', 'on_failure'] as const) {
    const isList = Array.isArray(keys[key]);
    for (const [index, { run }] of chainList(keys[key]).entries()) {
      const path = isList ? `${key}.${index}.run` : `${key}.run`;
      if (run === job_id) {
        issues.push({ path, severity: 'error', message: `${key} runs "${run}", which is this job itself` });
        continue;
      }
      if (!chainsOf) continue;
      if (chainsOf(run) === undefined) {
        const message = `${key} runs "${run}", and there is no such job yet`;
        issues.push({ path, severity: 'warning', message });
        continue;
      }
      const way = wayBack(run, job_id, chainsOf);
      if (way) {
        const message = `${key} makes a circle: ${[job_id, ...way].join(' -> ')}`;
        issues.push({ path, severity: 'error', message });
      }
    }
  }
  return issues;
}

/** What follows each job of a file, read before its jobs are checked: they may name one another. */
export function chainsInFile(jobs: readonly unknown[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const job of jobs) {
    if (typeof job !== 'object' || job === null) continue;
    const { id, job_id, on_success, on_failure } = job as Record<string, unknown>;
    const name = id ?? job_id;
    if (typeof name !== 'string') continue;
    const safe = (value: unknown): Chains | undefined => {
      const list = (Array.isArray(value) ? value : [value]).filter(
        (one): one is { run: string } =>
          typeof one === 'object' && one !== null && typeof (one as { run?: unknown }).run === 'string',
      );
      return list.length === 0 ? undefined : list;
    };
    found.set(name, chainTargets({ on_success: safe(on_success), on_failure: safe(on_failure) }));
  }
  return found;
}
