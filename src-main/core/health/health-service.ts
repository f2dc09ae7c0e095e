import type { Clock } from '../ports/clock';
import type { RemoteStatus, Store } from '../ports/store';
import type { SystemProbe } from '../ports/system-probe';
import type { ExecutionWriter } from '../run/execution-writer';
import type { Scheduler } from '../schedule/scheduler';

export interface Health {
  /** `degraded`: all work goes on, but the database's server is not told of it yet. */
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  readonly checks: Readonly<Record<'database' | 'scheduler' | 'disk_space' | 'memory', boolean>>;
  readonly details: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly timestamp: string;
}

/**
 * The specification's four checks. The answer is kept for a second, as long as nothing is known to have changed:
 * monitors ask often, and all at once.
 */
export interface HealthService {
  check(): Promise<Health>;
}

const keptMs = 1000;
const leastDiskBytes = 200 * 1024 * 1024;
const leastMemoryBytes = 64 * 1024 * 1024;
/** The alarm wakes every 30 s at the latest; twice that without a wake means it has died. */
const longestSilenceMs = 60_000;

/** What a store on a server tells of itself. `ok` while the server has, or is getting, what there is. */
function remoteFacts(remote: RemoteStatus) {
  const { state, reason, since, server, waiting, set_aside, set_aside_reason } = remote;
  const aside =
    set_aside === 0
      ? undefined
      : `${set_aside} ${set_aside === 1 ? 'row was' : 'rows were'} refused by ${server} and set aside (${set_aside_reason})`;
  const away = state === 'away' ? `${server} is away: ${reason}; ${waiting} changes wait for it` : undefined;
  return {
    ok: away === undefined && aside === undefined,
    remote: state,
    server,
    since: new Date(since).toISOString(),
    waiting,
    set_aside,
    ...(away || aside ? { reason: [away, aside].filter(Boolean).join('; ') } : {}),
  };
}

export function createHealthService(deps: {
  readonly store: Store;
  readonly scheduler: Scheduler;
  readonly writer: ExecutionWriter;
  readonly probe: SystemProbe;
  readonly clock: Clock;
  readonly schedules: boolean;
  /** Hears when the database's server went, came back, or refused a row. */
  readonly onChange?: (health: Health) => void;
}): HealthService {
  let kept: Health | undefined;
  let keptAt = Number.NEGATIVE_INFINITY;
  let keptFor = '';
  let running: Promise<Health> | undefined;

  const database = async () => {
    try {
      await deps.store.check();
      const { unsaved } = deps.writer;
      if (unsaved > 0)
        return { ok: false, reason: `${unsaved} results could not be stored yet and are held in memory` };
      const remote = deps.store.remote?.status();
      return remote ? remoteFacts(remote) : { ok: true };
    } catch (error) {
      return {
        ok: false,
        reason: `The database does not answer: ${error instanceof Error ? error.message : error}`,
      };
    }
  };

  const scheduler = () => {
    const { state, lastWake, changedBy } = deps.scheduler;
    if (!deps.schedules) return { ok: true, state, reason: 'this process does not schedule (--mode web)' };
    const silence = deps.clock.now() - lastWake;
    if (state === 'stopped') return { ok: false, state, reason: `stopped by ${changedBy ?? 'nobody yet'}` };
    if (silence > longestSilenceMs)
      return { ok: false, state, reason: `no wake for ${Math.round(silence / 1000)} s` };
    return { ok: true, state, last_wake: new Date(lastWake).toISOString() };
  };

  const disk = async () => {
    const room = await deps.probe.disk();
    if (!room) return { ok: true, reason: 'the system does not tell' };
    const ok = room.free >= leastDiskBytes;
    return {
      ok,
      free_bytes: room.free,
      total_bytes: room.total,
      ...(ok ? {} : { reason: 'less than 200 MB free' }),
    };
  };

  const memory = () => {
    const { process, free, total } = deps.probe.memory();
    const ok = free >= leastMemoryBytes;
    return {
      ok,
      process_bytes: process,
      free_bytes: free,
      total_bytes: total,
      ...(ok ? {} : { reason: 'less than 64 MB free' }),
    };
  };

  const measure = async (): Promise<Health> => {
    const details = {
      database: await database(),
      scheduler: scheduler(),
      disk_space: await disk(),
      memory: memory(),
    };
    const checks = {
      database: details.database.ok,
      scheduler: details.scheduler.ok,
      disk_space: details.disk_space.ok,
      memory: details.memory.ok,
    };
    const bad = Object.entries(checks).filter(([, isWell]) => !isWell);
    const isDegraded = bad.every(([name]) => name === 'database' && 'remote' in details.database);
    return {
      status: bad.length === 0 ? 'healthy' : isDegraded ? 'degraded' : 'unhealthy',
      checks,
      details,
      timestamp: new Date(deps.clock.now()).toISOString(),
    };
  };

  const service: HealthService = {
    async check() {
      const remote = deps.store.remote?.status();
      const known = `${deps.scheduler.state} ${deps.writer.unsaved} ${remote?.state} ${remote?.set_aside}`;
      if (kept && keptFor === known && deps.clock.monotonic() - keptAt < keptMs) return kept;
      running ??= measure().finally(() => {
        running = undefined;
      });
      kept = await running;
      keptAt = deps.clock.monotonic();
      keptFor = known;
      return kept;
    },
  };
  deps.store.remote?.onChange(() => {
    kept = undefined;
    void service.check().then(deps.onChange);
  });
  return service;
}
