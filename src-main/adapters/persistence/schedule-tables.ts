import type { Generated } from 'kysely';

/** As in tables.ts: ISO text in UTC. */
type InstantText = string;

export interface ScheduleStateTable {
  job_id: string;
  anchor: InstantText;
  schedule_digest: string;
  cursor: InstantText;
  // ---
  schedule: string | null;
  held_since: InstantText | null;
  held_by: string | null;
}

/** A named thing of the timetable: its content is one JSON text, checked by the program. */
interface NamedTable {
  definition: string;
  created_date: InstantText;
  modified_date: InstantText;
  created_by: string;
}
export interface CalendarTable extends NamedTable {
  calendar_id: string;
}
export interface MaintenanceWindowTable extends NamedTable {
  window_id: string;
}

export interface ScheduleGapTable {
  gap_id: Generated<number>;
  kind: string;
  job_id: string | null;
  from_time: InstantText;
  to_time: InstantText;
  actor: string | null;
}
