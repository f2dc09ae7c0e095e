import { formatExecutionId } from '../../../src-shared/model/ids';
import type { OutboxEntry } from '../../../src-shared/model/notification';
import type { OutboxRecord } from '../ports/notification-store';
import { shownTarget } from './shown-target';

/** A stored notification as it is shown: its target without what would let somebody else send there. */
export function outboxEntry(record: OutboxRecord): OutboxEntry {
  return {
    notification_id: record.notification_id,
    kind: record.kind,
    job_id: record.job_id,
    execution_id: record.execution_id === null ? null : formatExecutionId(record.execution_id),
    channel: record.channel,
    target: shownTarget(record),
    title: record.message.title,
    state: record.state,
    attempts: record.attempts,
    created: new Date(record.created_date).toISOString(),
    sent: record.sent_date === null ? null : new Date(record.sent_date).toISOString(),
    next_attempt: record.state === 'waiting' ? new Date(record.next_attempt).toISOString() : null,
    note: record.note,
  };
}
