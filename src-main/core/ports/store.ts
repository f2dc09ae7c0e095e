import type { ConnectionInput } from '../../../src-shared/model/connection';
import type { ExecutionStatus, ExecutionTrigger } from '../../../src-shared/model/execution';
import type { NotificationRepository } from './notification-store';
import type { GapRepository, NamedRepository, ScheduleStateRepository } from './schedule-store';
import type { ApiKeyRepository, AuditRepository, UserRepository } from './security-store';
import type { StatisticsRepository } from './statistics-store';
import type { JobVersionRepository } from './version-store';

export type { ScheduleStateRecord, ScheduleStateRepository } from './schedule-store';
export type {
  ApiKeyRecord,
  ApiKeyRepository,
  AuditEntry,
  AuditFilter,
  AuditRecord,
  AuditRepository,
  UserRecord,
  UserRepository,
} from './security-store';
export type { JobVersionRecord, JobVersionRepository } from './version-store';

/** All instants in these records are epoch milliseconds, UTC. */

/** A row of job_configurations. */
export interface JobRecord {
  readonly job_id: string;
  readonly name: string;
  readonly job_type: string;
  /** The definition as flat JSON, by its API names. */
  readonly configuration: string;
  readonly enabled: boolean;
  readonly created_date: number;
  readonly modified_date: number;
  readonly created_by: string;
  /** The author's text, with comments. Null in rows of the Python program. */
  readonly yaml_text: string | null;
  /** The file this job is synchronised with, or null. */
  readonly source: string | null;
  /** Digest of the job's text in that file when it was last synchronised. */
  readonly source_digest: string | null;
}

/** A row of job_execution_history_V2. */
export interface ExecutionRecord {
  readonly execution_id: number;
  readonly job_id: string;
  readonly job_name: string;
  readonly status: ExecutionStatus;
  readonly trigger: ExecutionTrigger;
  readonly scheduled_time: number | null;
  readonly start_time: number;
  readonly end_time: number | null;
  readonly duration_seconds: number | null;
  readonly output: string | null;
  readonly error_message: string | null;
  readonly return_code: number | null;
  readonly retry_count: number;
  readonly max_retries: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The scheduler instance that runs it; null for rows no process owns. */
  readonly owner: string | null;
  /** Which run_definitions row it ran; absent or null in rows that ran none. */
  readonly definition_digest?: string | null;
  /** The machine of a cluster that it belongs to; absent or null without one. */
  readonly machine?: string | null;
}

export interface NewExecution
  extends Omit<
    ExecutionRecord,
    'execution_id' | 'end_time' | 'duration_seconds' | 'output' | 'error_message' | 'return_code'
  > {
  /** Given out already, for a row that was claimed in a cluster. */
  readonly execution_id?: number;
  readonly end_time?: number | null;
  readonly duration_seconds?: number | null;
  readonly error_message?: string | null;
  /**
   * What makes this row the only one of its kind for its job: the slot's instant. A second insert with the
   * same (job_id, slot_key) claims nothing. Null: no claim (manual runs, retries).
   */
  readonly slot_key: string | null;
  /** The last slot of a row that stands for several. */
  readonly scheduled_until?: number | null;
}

export type ExecutionPatch = Partial<
  Pick<
    ExecutionRecord,
    | 'status'
    | 'start_time'
    | 'end_time'
    | 'duration_seconds'
    | 'output'
    | 'error_message'
    | 'return_code'
    | 'metadata'
    | 'owner'
  > &
    Pick<NewExecution, 'slot_key' | 'scheduled_until'>
>;

export interface ExecutionFilter {
  readonly job_id?: string;
  readonly status?: readonly ExecutionStatus[];
  readonly trigger?: readonly ExecutionTrigger[];
  readonly job_type?: readonly string[];
  /** Start time, inclusive from, exclusive to. */
  readonly from?: number;
  readonly to?: number;
  /** Planned instants, both inclusive: a row that stands for several slots is found by any of them. */
  readonly planned_from?: number;
  readonly planned_to?: number;
  /** Part of a job's name or id, or of the error message; matched as plain text, ASCII case ignored. */
  readonly search?: string;
}

export type ExecutionSortKey =
  | 'execution_id'
  | 'start_time'
  | 'end_time'
  | 'duration_seconds'
  | 'status'
  | 'job_id'
  | 'job_name'
  | 'scheduled_time';

export interface Page<SortKey extends string> {
  readonly limit: number;
  readonly offset: number;
  readonly sort: SortKey;
  readonly descending: boolean;
}

export interface JobRepository {
  list(): Promise<JobRecord[]>;
  get(job_id: string): Promise<JobRecord | undefined>;
  /** False when the id is taken. */
  insert(record: JobRecord): Promise<boolean>;
  /** False when the row is gone or its modified_date is not `expected` (somebody else was quicker). */
  update(record: JobRecord, expected_modified_date: number): Promise<boolean>;
  remove(job_id: string): Promise<boolean>;
}

export interface ExecutionRepository {
  /** The new row's id, or undefined when (job_id, slot_key) is taken already. */
  insert(execution: NewExecution): Promise<number | undefined>;
  update(execution_id: number, patch: ExecutionPatch): Promise<void>;
  get(execution_id: number): Promise<ExecutionRecord | undefined>;
  /** Rows come without their output (null), which can be large. */
  list(filter: ExecutionFilter, page: Page<ExecutionSortKey>): Promise<ExecutionRecord[]>;
  count(filter: ExecutionFilter): Promise<number>;
  /** Outputs of some rows, by id (the specification's history example shows them). */
  outputs(execution_ids: readonly number[]): Promise<Map<number, string>>;
  /** The newest row of every job, without outputs. */
  latestPerJob(): Promise<ExecutionRecord[]>;
  /** Rows still `pending` or `running` whose owner is not `owner`. */
  listUnfinished(owner: string): Promise<ExecutionRecord[]>;
  /**
   * Ended executions that began before `before` (of `status` only), or that are older than the newest `keep` of a job;
   * the oldest first, at most `limit`.
   */
  removable(
    rule:
      | { readonly before: number; readonly status: readonly ExecutionStatus[] }
      | { readonly job_id: string; readonly keep: number; readonly status: readonly ExecutionStatus[] },
    limit: number,
  ): Promise<number[]>;
  /** How many were there. */
  removeMany(execution_ids: readonly number[]): Promise<number>;
  countByStatus(from: number): Promise<Partial<Record<ExecutionStatus, number>>>;
}

export interface ConnectionTestRecord {
  readonly time: number;
  readonly success: boolean;
  readonly message: string;
  readonly version: string | null;
  readonly milliseconds: number | null;
}

export interface ConnectionRecord extends Omit<ConnectionInput, 'password'> {
  /** Sealed by the secret box; never plain. */
  readonly password: string | null;
  readonly created_date: number;
  readonly modified_date: number;
  readonly created_by: string;
  readonly last_test: ConnectionTestRecord | null;
}

export interface ConnectionRepository {
  list(): Promise<ConnectionRecord[]>;
  get(connection_id: string): Promise<ConnectionRecord | undefined>;
  insert(record: ConnectionRecord): Promise<boolean>;
  /** All but the last test. */
  update(record: ConnectionRecord): Promise<boolean>;
  /** Notes what a test said; nothing when the connection is gone. */
  noteTest(connection_id: string, test: ConnectionTestRecord): Promise<void>;
  remove(connection_id: string): Promise<boolean>;
}

export interface SecretRecord {
  readonly name: string;
  /** Sealed by the secret box; never plain. */
  readonly value: string;
  readonly created_date: number;
  readonly modified_date: number;
  readonly modified_by: string;
}

export interface SecretRepository {
  list(): Promise<SecretRecord[]>;
  /** Inserts or replaces; the created_date of a row that is there stays. */
  put(record: SecretRecord): Promise<void>;
  remove(name: string): Promise<boolean>;
}

/** A job's definition as it was saved or run; kept once for all versions and executions that are the same. */
export interface RunDefinitionRecord {
  readonly digest: string;
  readonly job_id: string;
  readonly configuration: string;
  readonly yaml_text: string | null;
  /** When it was first kept. */
  readonly created_date: number;
}

export interface RunDefinitionRepository {
  /** Keeps it unless it is there already. */
  put(record: RunDefinitionRecord): Promise<void>;
  /** Many at once. */
  putAll(records: readonly RunDefinitionRecord[]): Promise<void>;
  get(digest: string): Promise<RunDefinitionRecord | undefined>;
}

/** Small facts that must outlive the process, by name (e.g. the scheduler's paused state). */
export interface FactRepository {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
}

/** How a store that is written to a server behind the program's back stands to that server. */
export interface RemoteStatus {
  /** `in_step`: the server has everything. `behind`: it is being told. `away`: it can't be reached, or refuses. */
  readonly state: 'in_step' | 'behind' | 'away';
  /** Why it is away; null otherwise. */
  readonly reason: string | null;
  /** Since when it is in this state, epoch ms. */
  readonly since: number;
  /** `HOST, database NAME`. */
  readonly server: string;
  /** Rows the server does not have yet as they are here. */
  readonly waiting: number;
  /** Rows the server refused; they are kept here, and nothing waits for them. */
  readonly set_aside: number;
  /** What it said of the last of them. */
  readonly set_aside_reason: string | null;
}

export interface RemoteLink {
  status(): RemoteStatus;
  /** The listener hears of every change of state. */
  onChange(listener: (status: RemoteStatus) => void): () => void;
}

/** Everything the core keeps. One implementation per engine; one contract suite runs on all of them. */
export interface Store {
  readonly jobs: JobRepository;
  readonly scheduleState: ScheduleStateRepository;
  readonly calendars: NamedRepository;
  readonly maintenanceWindows: NamedRepository;
  readonly gaps: GapRepository;
  readonly executions: ExecutionRepository;
  readonly connections: ConnectionRepository;
  readonly secrets: SecretRepository;
  readonly runDefinitions: RunDefinitionRepository;
  readonly jobVersions: JobVersionRepository;
  readonly users: UserRepository;
  readonly apiKeys: ApiKeyRepository;
  readonly audit: AuditRepository;
  readonly facts: FactRepository;
  readonly statistics: StatisticsRepository;
  readonly notifications: NotificationRepository;
  /** Only of a store whose rows are also written to a server. */
  readonly remote?: RemoteLink;
  /** All or nothing: what `work` writes through the store it is given is undone when it throws. */
  transaction<T>(work: (store: Store) => Promise<T>): Promise<T>;
  /** Throws when the store does not answer. */
  check(): Promise<void>;
  close(): Promise<void>;
}
