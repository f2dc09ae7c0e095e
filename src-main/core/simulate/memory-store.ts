import type { GapRecord, NamedRecord, NamedRepository, ScheduleStateRecord } from '../ports/schedule-store';
import type {
  ExecutionFilter,
  ExecutionRecord,
  ExecutionRepository,
  JobRecord,
  JobVersionRepository,
  Store,
} from '../ports/store';
import { inert } from './inert';

/** A row with what only the store knows of it. */
type Row = ExecutionRecord & { readonly slot_key: string | null; readonly scheduled_until: number | null };

function named(records: readonly NamedRecord[]): NamedRepository {
  const kept = new Map(records.map((record) => [record.id, record]));
  return {
    list: async () => [...kept.values()],
    async insert(record) {
      if (kept.has(record.id)) return false;
      kept.set(record.id, record);
      return true;
    },
    async update(record) {
      const known = kept.get(record.id);
      if (known) kept.set(record.id, { ...known, ...record });
      return known !== undefined;
    },
    remove: async (id) => kept.delete(id),
  };
}

function matches(row: Row, filter: ExecutionFilter): boolean {
  if (filter.job_id !== undefined && row.job_id !== filter.job_id) return false;
  if (filter.status?.length && !filter.status.includes(row.status)) return false;
  if (filter.trigger?.length && !filter.trigger.includes(row.trigger)) return false;
  if (filter.from !== undefined && row.start_time < filter.from) return false;
  if (filter.to !== undefined && row.start_time >= filter.to) return false;
  if (filter.planned_to !== undefined && (row.scheduled_time ?? Number.POSITIVE_INFINITY) > filter.planned_to)
    return false;
  if (filter.planned_from !== undefined) {
    const last = row.scheduled_until ?? row.scheduled_time;
    if (last === null || last < filter.planned_from) return false;
  }
  return true;
}

export interface MemoryStore extends Store {
  /** All rows, oldest first. */
  readonly rows: () => readonly ExecutionRecord[];
}

/**
 * A store for what is only played through: nothing is written anywhere, transactions are not undone. Keeps claims
 * of slots as a real one does.
 */
export function createMemoryStore(initial: {
  readonly jobs?: readonly JobRecord[];
  readonly places?: readonly ScheduleStateRecord[];
  readonly calendars?: readonly NamedRecord[];
  readonly windows?: readonly NamedRecord[];
}): MemoryStore {
  const jobs = new Map((initial.jobs ?? []).map((record) => [record.job_id, record]));
  const places = new Map((initial.places ?? []).map((record) => [record.job_id, record]));
  const facts = new Map<string, string>();
  const gaps: GapRecord[] = [];
  const rows = new Map<number, Row>();
  const claims = new Set<string>();
  const claimOf = (job_id: string, slot_key: string) => `${job_id} ${slot_key}`;
  let lastId = 0;

  const parts: Partial<MemoryStore> = {
    rows: () => [...rows.values()],
    jobs: {
      list: async () => [...jobs.values()],
      get: async (job_id) => jobs.get(job_id),
      async insert(record) {
        if (jobs.has(record.job_id)) return false;
        jobs.set(record.job_id, record);
        return true;
      },
      async update(record, expected) {
        if (jobs.get(record.job_id)?.modified_date !== expected) return false;
        jobs.set(record.job_id, record);
        return true;
      },
      remove: async (job_id) => jobs.delete(job_id),
    },
    scheduleState: {
      list: async () => [...places.values()],
      get: async (job_id) => places.get(job_id),
      async put(record) {
        places.set(record.job_id, record);
      },
      async advance(cursors) {
        for (const [job_id, cursor] of cursors) {
          const known = places.get(job_id);
          if (known && known.cursor < cursor) places.set(job_id, { ...known, cursor });
        }
      },
      async remove(job_id) {
        places.delete(job_id);
      },
    },
    calendars: named(initial.calendars ?? []),
    maintenanceWindows: named(initial.windows ?? []),
    gaps: {
      async append(record) {
        gaps.push(record);
      },
      list: async ({ from, to, job_id, each_job, limit }) =>
        gaps
          .filter(
            (gap) =>
              gap.to >= from && gap.from <= to && (each_job || gap.job_id === null || gap.job_id === job_id),
          )
          .slice(-limit)
          .reverse(),
    },
    executions: inert<ExecutionRepository>({
      async insert(execution) {
        const { slot_key } = execution;
        if (slot_key !== null) {
          const claim = claimOf(execution.job_id, slot_key);
          if (claims.has(claim)) return undefined;
          claims.add(claim);
        }
        lastId += 1;
        rows.set(lastId, {
          ...execution,
          execution_id: lastId,
          end_time: execution.end_time ?? null,
          duration_seconds: execution.duration_seconds ?? null,
          error_message: execution.error_message ?? null,
          scheduled_until: execution.scheduled_until ?? null,
          output: null,
          return_code: null,
        });
        return lastId;
      },
      async update(execution_id, patch) {
        const row = rows.get(execution_id);
        if (!row) return;
        if (patch.slot_key === null && row.slot_key !== null)
          claims.delete(claimOf(row.job_id, row.slot_key));
        rows.set(execution_id, { ...row, ...patch } as Row);
      },
      get: async (execution_id) => rows.get(execution_id),
      async list(filter, { limit, offset, sort, descending }) {
        const found = [...rows.values()].filter((row) => matches(row, filter));
        const sign = descending ? -1 : 1;
        found.sort((a, b) => {
          const [x, y] = [a[sort] ?? 0, b[sort] ?? 0];
          return sign * (x < y ? -1 : x > y ? 1 : a.execution_id - b.execution_id);
        });
        return found.slice(offset, offset + limit);
      },
      count: async (filter) => [...rows.values()].filter((row) => matches(row, filter)).length,
      outputs: async () => new Map(),
      latestPerJob: async () => [],
      listUnfinished: async (owner) =>
        [...rows.values()].filter(
          (row) => (row.status === 'running' || row.status === 'pending') && row.owner !== owner,
        ),
      countByStatus: async () => ({}),
    }),
    jobVersions: inert<JobVersionRepository>({ newest: async () => new Map() }),
    facts: {
      get: async (name) => facts.get(name),
      async set(name, value) {
        facts.set(name, value);
      },
    },
    transaction: (work) => work(store),
    check: async () => undefined,
    close: async () => undefined,
  };
  // Other tables have no say in when a job runs.
  const store = new Proxy(parts as MemoryStore, {
    get: (target, name) => target[name as keyof MemoryStore] ?? inert(),
  });
  return store;
}
