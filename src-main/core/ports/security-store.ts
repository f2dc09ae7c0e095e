import type { Role } from '../../../src-shared/roles';

/** All instants in these records are epoch milliseconds, UTC. */

export interface UserRecord {
  readonly user_id: string;
  /** Lower case; what they log in with. */
  readonly login_name: string;
  readonly display_name: string;
  readonly role: Role;
  /** May act only on jobs with one of these tags; null for all jobs. */
  readonly tags: readonly string[] | null;
  readonly password_hash: string;
  /** When the password was set. */
  readonly password_date: number;
  /** The password was given by somebody else: the first thing to do is to choose another. */
  readonly must_change: boolean;
  readonly enabled: boolean;
  readonly created_date: number;
  readonly created_by: string;
  readonly modified_date: number;
  readonly last_login: number | null;
}

export interface UserRepository {
  list(): Promise<UserRecord[]>;
  /** False when the login name is taken. */
  insert(record: UserRecord): Promise<boolean>;
  /** All but the login; false when the user is gone. Throws AppError `conflict` for a name that is taken. */
  update(record: UserRecord): Promise<boolean>;
  noteLogin(user_id: string, at: number): Promise<void>;
  remove(user_id: string): Promise<boolean>;
}

export interface ApiKeyRecord {
  readonly key_id: string;
  readonly name: string;
  readonly role: Role;
  /** First characters of the key, to recognise it by. */
  readonly prefix: string;
  readonly key_digest: string;
  readonly created_date: number;
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
  /** `jobs:read`, `*:operate`, …; null for all that the role may. */
  readonly scopes: readonly string[] | null;
  /** May act only on jobs with one of these tags; null for all jobs. */
  readonly tags: readonly string[] | null;
  readonly created_by: string | null;
  readonly last_used: number | null;
  /** The address it was last used from. */
  readonly last_used_from: string | null;
}

export interface ApiKeyRepository {
  list(): Promise<ApiKeyRecord[]>;
  insert(record: ApiKeyRecord): Promise<void>;
  revoke(key_id: string, at: number): Promise<boolean>;
  noteUse(key_id: string, at: number, from: string): Promise<void>;
}

/** What happened, before it is a row. */
export interface AuditEntry {
  readonly time: number;
  /** Who: `key:<key_id> (<name>)`, `user:<user_id> (<name>)`, `local`, `scheduler`. */
  readonly actor: string;
  /** From where: an address, `ipc`, `start-up`. */
  readonly origin: string;
  /** Operation id, e.g. `jobs.update`. */
  readonly action: string;
  readonly subject: string | null;
  readonly outcome: 'ok' | 'refused' | 'failed';
  /** JSON, secrets masked. */
  readonly details: string | null;
}

/** A row of audit_log. */
export interface AuditRecord extends AuditEntry {
  readonly audit_id: number;
  /** The hash of the row before it; empty text in the first, null in rows of the time before the chain. */
  readonly previous_hash: string | null;
  readonly hash: string | null;
}

export interface AuditFilter {
  /** Part of who did it, ASCII case ignored. */
  readonly actor?: string;
  /** `jobs.update`, or a group: `jobs`. */
  readonly action?: readonly string[];
  readonly subject?: string;
  readonly outcome?: readonly AuditEntry['outcome'][];
  /** Inclusive from, exclusive to. */
  readonly from?: number;
  readonly to?: number;
  /** Part of who, where, what, the subject or the details; matched as plain text, ASCII case ignored. */
  readonly search?: string;
}

export interface AuditRepository {
  /** False when another row follows the same one already. */
  append(record: Omit<AuditRecord, 'audit_id'>): Promise<boolean>;
  /** Newest first. */
  list(
    page: { readonly limit: number; readonly offset: number },
    filter?: AuditFilter,
  ): Promise<AuditRecord[]>;
  count(filter: AuditFilter): Promise<number>;
  /** The newest row; undefined when there is none. */
  last(): Promise<AuditRecord | undefined>;
  /** Rows behind an id, oldest first. */
  after(audit_id: number, limit: number): Promise<AuditRecord[]>;
  /** Rows of these operations on these subjects between two instants (exclusive to), newest first. */
  listOf(wanted: {
    readonly subjects: readonly string[];
    readonly actions: readonly string[];
    readonly from: number;
    readonly to: number;
    readonly limit: number;
  }): Promise<AuditRecord[]>;
}
