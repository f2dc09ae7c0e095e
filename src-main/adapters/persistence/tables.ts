import type { Generated } from 'kysely';
import type { JobTroubleTable, NotificationOutboxTable } from './notification-tables';
import type {
  CalendarTable,
  MaintenanceWindowTable,
  ScheduleGapTable,
  ScheduleStateTable,
} from './schedule-tables';
import type { ApiKeyTable, AuditTable, JobVersionTable, UserTable } from './security-tables';

export type { ApiKeyTable, AuditTable, UserTable } from './security-tables';

/** Instants are stored as `YYYY-MM-DDTHH:MM:SS.mmmZ`: readable, and sortable as text. */
export type InstantText = string;

/** Specification, section 3; columns behind the line are added by us, all of them nullable. */
export interface JobTable {
  job_id: string;
  name: string;
  job_type: string;
  configuration: string;
  enabled: number;
  created_date: InstantText;
  modified_date: InstantText;
  created_by: string;
  // ---
  yaml_text: string | null;
  source: string | null;
  source_digest: string | null;
}

export interface ExecutionTable {
  execution_id: Generated<number>;
  job_id: string;
  job_name: string;
  status: string;
  start_time: InstantText;
  end_time: InstantText | null;
  duration_seconds: number | null;
  output: string | null;
  error_message: string | null;
  return_code: number | null;
  retry_count: number;
  max_retries: number;
  metadata: string | null;
  // ---
  scheduled_time: InstantText | null;
  trigger_type: string | null;
  slot_key: string | null;
  owner: string | null;
  scheduled_until: InstantText | null;
  /** `metadata.results`, apart: lists and latest rows are read without it. */
  results: string | null;
  definition_digest: string | null;
  /** Of a cluster: whose row it is, and under which number of its lease. */
  machine: string | null;
  fence: number | null;
  /** When the row was last written on the server, by its clock; nothing here. */
  changed_date: InstantText | null;
}

export interface RunDefinitionTable {
  digest: string;
  job_id: string;
  configuration: string;
  yaml_text: string | null;
  created_date: InstantText;
}

export interface ConnectionTable {
  connection_id: string;
  name: string;
  server_name: string;
  port: number | null;
  database_name: string;
  trusted_connection: number;
  username: string | null;
  password: string | null;
  description: string | null;
  driver: string;
  connection_timeout: number;
  command_timeout: number;
  encrypt: number;
  trust_server_certificate: number;
  created_date: InstantText;
  modified_date: InstantText;
  created_by: string;
  is_active: number;
  // ---
  authentication: string | null;
  tenant_id: string | null;
  client_id: string | null;
  max_connections: number | null;
  /** The last test as JSON. */
  last_test: string | null;
}

export interface SecretTable {
  name: string;
  value: string;
  created_date: InstantText;
  modified_date: InstantText;
  modified_by: string;
}

/** The machines of a cluster; the rows are on the server alone. */
export interface MachineTable {
  node: string;
  instance: string;
  journal: string;
  fence: number;
  state: string;
  host: string;
  pid: number;
  version: string;
  tags: string;
  address: string | null;
  running: number;
  started_date: InstantText;
  last_seen: InstantText;
  lease_until: InstantText;
}

export interface FactTable {
  name: string;
  value: string;
}

export interface Tables {
  job_configurations: JobTable;
  job_execution_history_V2: ExecutionTable;
  user_connections: ConnectionTable;
  secrets: SecretTable;
  run_definitions: RunDefinitionTable;
  schedule_state: ScheduleStateTable;
  calendars: CalendarTable;
  maintenance_windows: MaintenanceWindowTable;
  schedule_gaps: ScheduleGapTable;
  job_versions: JobVersionTable;
  users: UserTable;
  api_keys: ApiKeyTable;
  audit_log: AuditTable;
  machines: MachineTable;
  facts: FactTable;
  notification_outbox: NotificationOutboxTable;
  job_troubles: JobTroubleTable;
}
