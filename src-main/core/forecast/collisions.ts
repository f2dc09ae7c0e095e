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

/** So many jobs of a collision are named. */
const mostNamed = 20;

type Open = { readonly from: number; peak: number; readonly jobs: Set<string> };

/** How much of one thing is wanted, as it goes up and down. */
interface Level {
  /** Undefined: the pool. */
  readonly connection: string | undefined;
  value: number;
  isTouched: boolean;
  readonly wanting: Map<string, number>;
  open: Open | undefined;
}

/** Finds collisions while runs come and go. */
export interface CollisionWatch {
  /** A run of a job wants, or gives back, a place of the pool or of a connection. */
  change(of: { readonly connection: string | undefined } | 'pool', job_id: string, by: 1 | -1): void;
  /** All that happens at an instant has happened: touching collisions are one, so levels are looked at only now. */
  settle(at: number): void;
  /** Ends what is still open. */
  close(at: number): void;
}

/** Tells each collision when it ends, or at `close`. Connections have room for one run at a time. */
export function createCollisionWatch(poolSize: number, tell: (collision: Collision) => void): CollisionWatch {
  const levelFor = (connection: string | undefined): Level => ({
    connection,
    value: 0,
    isTouched: false,
    wanting: new Map(),
    open: undefined,
  });
  const pool = levelFor(undefined);
  const connections = new Map<string, Level>();
  const touched: Level[] = [];
  const capacityOf = ({ connection }: Level) => (connection === undefined ? poolSize : 1);

  const levelOf = (connection: string | undefined): Level => {
    if (connection === undefined) return pool;
    const known = connections.get(connection);
    if (known) return known;
    const level = levelFor(connection);
    connections.set(connection, level);
    return level;
  };

  const end = (level: Level, at: number) => {
    const { open, connection } = level;
    level.open = undefined;
    if (!open || at <= open.from) return;
    tell({
      kind: connection === undefined ? 'pool' : 'connection',
      from: open.from,
      to: at,
      peak: open.peak,
      capacity: capacityOf(level),
      connection,
      job_ids: [...open.jobs],
    });
  };

  return {
    change(of, job_id, by) {
      const connection = of === 'pool' ? undefined : of.connection;
      if (of !== 'pool' && connection === undefined) return;
      const level = levelOf(connection);
      level.value += by;
      const count = (level.wanting.get(job_id) ?? 0) + by;
      if (count === 0) level.wanting.delete(job_id);
      else level.wanting.set(job_id, count);
      if (level.isTouched) return;
      level.isTouched = true;
      touched.push(level);
    },
    settle(at) {
      for (const level of touched) {
        level.isTouched = false;
        if (level.value <= capacityOf(level)) {
          if (level.open) end(level, at);
          continue;
        }
        level.open ??= { from: at, peak: 0, jobs: new Set() };
        if (level.value > level.open.peak) level.open.peak = level.value;
        if (level.open.jobs.size < mostNamed) {
          for (const job_id of level.wanting.keys()) {
            if (level.open.jobs.size >= mostNamed) break;
            level.open.jobs.add(job_id);
          }
        }
      }
      touched.length = 0;
    },
    close(at) {
      end(pool, at);
      for (const level of connections.values()) end(level, at);
    },
  };
}
