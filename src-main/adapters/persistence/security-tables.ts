import type { Generated } from 'kysely';

/** As in tables.ts: instants as text, lists as JSON. */
type InstantText = string;

export interface UserTable {
  user_id: string;
  login_name: string;
  display_name: string;
  role: string;
  tags: string | null;
  password_hash: string;
  password_date: InstantText;
  must_change: number;
  enabled: number;
  created_date: InstantText;
  created_by: string;
  modified_date: InstantText;
  last_login: InstantText | null;
}

export interface ApiKeyTable {
  key_id: string;
  name: string;
  role: string;
  prefix: string;
  key_digest: string;
  created_date: InstantText;
  expires_at: InstantText | null;
  revoked_at: InstantText | null;
  scopes: string | null;
  tags: string | null;
  created_by: string | null;
  last_used: InstantText | null;
  last_used_from: string | null;
}

export interface AuditTable {
  audit_id: Generated<number>;
  time: InstantText;
  actor: string;
  origin: string;
  action: string;
  subject: string | null;
  outcome: string;
  details: string | null;
  /** Null in rows of the time before the chain. */
  previous_hash: string | null;
  hash: string | null;
}

export interface JobVersionTable {
  job_id: string;
  version: number;
  digest: string;
  name: string;
  enabled: number;
  saved_date: InstantText;
  saved_by: string;
  via: string;
  origin: string;
  action: string;
  restored_from: number | null;
}
