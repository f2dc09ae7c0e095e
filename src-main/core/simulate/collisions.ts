/** A run that is expected, by when it takes a place and when it gives it back. */
export interface ExpectedRun {
  readonly job_id: string;
  readonly scheduled_time: number;
  readonly start: number;
  readonly end: number;
  readonly connection: string | undefined;
}

/** A stretch in which more is wanted of something than it gives. */
export interface Collision {
  readonly kind: 'pool' | 'connection';
  readonly from: number;
  readonly to: number;
  readonly peak: number;
  readonly capacity: number;
  readonly connection: string | undefined;
  readonly job_ids: readonly string[];
}

const mostNamed = 20;

/** Stretches with more than `capacity` intervals at once; touching ones are one. */
function crowded(
  runs: readonly { readonly job_id: string; readonly from: number; readonly to: number }[],
  capacity: number,
): { from: number; to: number; peak: number; job_ids: string[] }[] {
  const edges = runs.flatMap((run) =>
    run.to > run.from
      ? [
          { at: run.from, by: 1, job_id: run.job_id },
          { at: run.to, by: -1, job_id: run.job_id },
        ]
      : [],
  );
  // Ends before beginnings: a place given back is free at once.
  edges.sort((a, b) => a.at - b.at || a.by - b.by);
  const open = new Map<string, number>();
  const found: { from: number; to: number; peak: number; job_ids: string[] }[] = [];
  let level = 0;
  let current: { from: number; peak: number; jobs: Set<string> } | undefined;
  for (const { at, by, job_id } of edges) {
    level += by;
    open.set(job_id, (open.get(job_id) ?? 0) + by);
    if (open.get(job_id) === 0) open.delete(job_id);
    if (level > capacity) {
      current ??= { from: at, peak: level, jobs: new Set() };
      current.peak = Math.max(current.peak, level);
      for (const one of open.keys()) if (current.jobs.size < mostNamed) current.jobs.add(one);
    } else if (current) {
      found.push({ from: current.from, to: at, peak: current.peak, job_ids: [...current.jobs] });
      current = undefined;
    }
  }
  return found;
}

/**
 * Where expected runs meet: more due than the pool has places (counted from when they are due, so that those who
 * must wait are seen), and several on one connection.
 */
export function findCollisions(runs: readonly ExpectedRun[], poolSize: number): Collision[] {
  const pool = crowded(
    runs.map((run) => ({ job_id: run.job_id, from: Math.min(run.scheduled_time, run.start), to: run.end })),
    poolSize,
  ).map((one) => ({ kind: 'pool' as const, capacity: poolSize, connection: undefined, ...one }));
  const names = new Set(runs.flatMap((run) => run.connection ?? []));
  const shared = [...names].flatMap((connection) =>
    crowded(
      runs
        .filter((run) => run.connection === connection)
        .map((run) => ({ job_id: run.job_id, from: run.start, to: run.end })),
      1,
    ).map((one) => ({ kind: 'connection' as const, capacity: 1, connection, ...one })),
  );
  return [...pool, ...shared].sort((a, b) => a.from - b.from);
}
