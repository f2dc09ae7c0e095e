import type { ChannelName, NotificationKind, OutboxState } from '../../../src-shared/model/notification';
import type { NotificationMessage } from '../notifications/message';

/** A message to one target. All instants are epoch milliseconds, UTC. */
export interface OutboxRecord {
  /** Made from what it tells and to whom: the same news can't be stored twice. */
  readonly notification_id: string;
  readonly kind: NotificationKind;
  readonly job_id: string | null;
  readonly execution_id: number | null;
  readonly channel: ChannelName;
  readonly target: string;
  readonly message: NotificationMessage;
  readonly state: OutboxState;
  readonly attempts: number;
  readonly created_date: number;
  /** When it may be tried (again). */
  readonly next_attempt: number;
  readonly sent_date: number | null;
  readonly note: string | null;
  /** The process that is sending it. */
  readonly owner: string | null;
}

export type OutboxPatch = Partial<
  Pick<OutboxRecord, 'state' | 'attempts' | 'next_attempt' | 'sent_date' | 'note' | 'owner' | 'message'>
>;

export interface OutboxFilter {
  readonly state?: readonly OutboxState[];
  readonly job_id?: string;
}

/** Messages and what is known of each job's trouble. */
export interface NotificationRepository {
  /** False when there is one of that id. */
  add(record: OutboxRecord): Promise<boolean>;
  get(notification_id: string): Promise<OutboxRecord | undefined>;
  /** Newest first. */
  list(
    filter: OutboxFilter,
    page: { readonly limit: number; readonly offset: number },
  ): Promise<OutboxRecord[]>;
  counts(filter: Pick<OutboxFilter, 'job_id'>): Promise<Partial<Record<OutboxState, number>>>;
  /** Those `waiting` whose time has come, oldest first. */
  due(now: number, limit: number): Promise<OutboxRecord[]>;
  /** When the next one that waits may be tried. */
  nextDue(): Promise<number | undefined>;
  /** Takes one that waits for this process; false when another was quicker. */
  claim(notification_id: string, owner: string): Promise<boolean>;
  update(notification_id: string, patch: OutboxPatch): Promise<void>;
  /** What other processes were sending when they died waits again. */
  release(owner: string, note: string): Promise<number>;
  /** Removes sent and failed ones created before. */
  purge(before: number): Promise<number>;
  /** The stored troubles of all jobs, as JSON by job. */
  troubles(): Promise<ReadonlyMap<string, string>>;
  putTrouble(job_id: string, value: string, now: number): Promise<void>;
  removeTrouble(job_id: string): Promise<void>;
}
