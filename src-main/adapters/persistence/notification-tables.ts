/** Instants as text, as in tables.ts. */
export interface NotificationOutboxTable {
  notification_id: string;
  kind: string;
  job_id: string | null;
  execution_id: number | null;
  channel: string;
  target: string;
  /** The message as JSON, secrets masked. */
  message: string;
  state: string;
  attempts: number;
  created_date: string;
  next_attempt: string;
  sent_date: string | null;
  note: string | null;
  owner: string | null;
}

export interface JobTroubleTable {
  job_id: string;
  /** JSON of the core's making. */
  trouble: string;
  modified_date: string;
}
