import { claimRows } from '../cluster/claims';
import type { JobRegistry } from '../jobs/job-registry';
import type { Cluster } from '../ports/cluster';
import type { ScheduleStateRecord } from '../ports/schedule-store';
import type { NewExecution, Store } from '../ports/store';

/** How far each job has been served, as the store has it: kept here too, as every planning asks for it. */
export interface PlaceBook {
  get(job_id: string): ScheduleStateRecord | undefined;
  /** Notes a place that the store has already, or need not have yet. */
  note(place: ScheduleStateRecord): void;
  drop(job_id: string): void;
  /** Reads all places anew. */
  load(): Promise<void>;
  /** Writes places, and with them the rows of slots that they leave behind: all of it or nothing. */
  put(places: readonly ScheduleStateRecord[], rows?: readonly NewExecution[]): Promise<void>;
  /** Of rows that every machine of a cluster would write, those that fall to this one; all without a cluster. */
  claimed(rows: readonly NewExecution[]): Promise<readonly NewExecution[]>;
}

export function createPlaceBook({
  store,
  cluster,
  registry,
}: {
  readonly store: Pick<Store, 'scheduleState' | 'transaction'>;
  readonly cluster: Cluster | undefined;
  readonly registry: Pick<JobRegistry, 'get'>;
}): PlaceBook {
  const places = new Map<string, ScheduleStateRecord>();
  const note = (place: ScheduleStateRecord) => {
    places.set(place.job_id, place);
  };
  return {
    get: (job_id) => places.get(job_id),
    note,
    drop: (job_id) => places.delete(job_id),
    async load() {
      places.clear();
      for (const place of await store.scheduleState.list()) note(place);
    },
    async put(records, rows = []) {
      if (records.length === 0 && rows.length === 0) return;
      await store.transaction(async (inside) => {
        for (const row of rows) await inside.executions.insert(row);
        for (const record of records) await inside.scheduleState.put(record);
      });
      for (const record of records) note(record);
    },
    async claimed(rows) {
      if (!cluster) return rows;
      const wanted = rows.flatMap((row) => {
        const job = registry.get(row.job_id);
        return job ? [{ job, row }] : [];
      });
      const found = await claimRows(cluster, wanted).catch(() => []);
      return found.flatMap((one) => (one ? [one.row] : []));
    },
  };
}
