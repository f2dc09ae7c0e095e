/** What the store keeps for the timetable. All instants are epoch milliseconds, UTC. */

/** Where a job's timetable stands; survives restarts and edits that do not touch the schedule. */
export interface ScheduleStateRecord {
  readonly job_id: string;
  /** First save of this schedule: the phase of intervals without start_date. */
  readonly anchor: number;
  /** Digest of the schedule the anchor and the cursor belong to. */
  readonly schedule_digest: string;
  /** The last slot handled (run, missed or skipped), or the instant scheduling began. */
  readonly cursor: number;
  /** The schedule itself as JSON, so that its slots can be named after it was changed. Absent in older rows. */
  readonly schedule?: string | null;
  /** Since when the job is disabled, or can't run here; null while it is planned. */
  readonly held_since?: number | null;
  /** Who disabled it, or why it can't run. */
  readonly held_by?: string | null;
}

export interface ScheduleStateRepository {
  list(): Promise<ScheduleStateRecord[]>;
  get(job_id: string): Promise<ScheduleStateRecord | undefined>;
  put(record: ScheduleStateRecord): Promise<void>;
  /** Moves cursors on, many at once; a cursor never goes back. */
  advance(cursors: ReadonlyMap<string, number>): Promise<void>;
  remove(job_id: string): Promise<void>;
}

/** A stored holiday set or maintenance window: its content is JSON, checked before it is written. */
export interface NamedRecord {
  readonly id: string;
  readonly definition: string;
  readonly created_date: number;
  readonly modified_date: number;
  readonly created_by: string;
}

export interface NamedRepository {
  list(): Promise<NamedRecord[]>;
  /** False when the id is taken. */
  insert(record: NamedRecord): Promise<boolean>;
  /** False when there is none of that id. Keeps created_date and created_by. */
  update(record: Pick<NamedRecord, 'id' | 'definition' | 'modified_date'>): Promise<boolean>;
  remove(id: string): Promise<boolean>;
}

/** Why nothing could run for a while. */
export type GapKind = 'not_running' | 'stopped' | 'paused' | 'disabled' | 'forward' | 'backward' | 'frozen';

/** A stretch in which slots could not be served, told after it ended. */
export interface GapRecord {
  readonly kind: GapKind;
  /** Null: it concerned all jobs. */
  readonly job_id: string | null;
  readonly from: number;
  readonly to: number;
  /** Who brought it about, where somebody did. */
  readonly actor: string | null;
}

export interface GapRepository {
  append(record: GapRecord): Promise<void>;
  /**
   * Those that touch [from, to], newest first, at most `limit`: what concerned all jobs, and what concerned the one
   * that is named, or any job with `each_job`.
   */
  list(range: {
    readonly from: number;
    readonly to: number;
    readonly job_id?: string | undefined;
    readonly each_job?: boolean;
    readonly limit: number;
  }): Promise<GapRecord[]>;
}
