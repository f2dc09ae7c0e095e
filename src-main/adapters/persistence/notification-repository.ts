import type { Kysely, Selectable } from 'kysely';
import type { ChannelName, NotificationKind, OutboxState } from '../../../src-shared/model/notification';
import type { NotificationRepository, OutboxRecord } from '../../core/ports/notification-store';
import type { Engine } from './engine';
import { fromText, fromTextOrNull, toText, toTextOrNull } from './instants';
import type { NotificationOutboxTable } from './notification-tables';
import type { Tables } from './tables';

function toRecord(row: Selectable<NotificationOutboxTable>): OutboxRecord {
  return {
    ...row,
    kind: row.kind as NotificationKind,
    channel: row.channel as ChannelName,
    state: row.state as OutboxState,
    execution_id: row.execution_id === null ? null : Number(row.execution_id),
    message: JSON.parse(row.message) as OutboxRecord['message'],
    created_date: fromText(row.created_date),
    next_attempt: fromText(row.next_attempt),
    sent_date: fromTextOrNull(row.sent_date),
  };
}

/** Rows of notification_outbox and job_troubles. */
export function createNotificationRepository(db: Kysely<Tables>, engine: Engine): NotificationRepository {
  const outbox = () => db.selectFrom('notification_outbox');
  return {
    async add(record) {
      try {
        await db
          .insertInto('notification_outbox')
          .values({
            ...record,
            message: JSON.stringify(record.message),
            created_date: toText(record.created_date),
            next_attempt: toText(record.next_attempt),
            sent_date: toTextOrNull(record.sent_date),
          })
          .execute();
        return true;
      } catch (error) {
        if (engine.isUniqueViolation(error)) return false;
        throw error;
      }
    },
    async get(notification_id) {
      const row = await outbox()
        .selectAll()
        .where('notification_id', '=', notification_id)
        .executeTakeFirst();
      return row && toRecord(row);
    },
    async list({ state, job_id }, { limit, offset }) {
      let query = outbox().selectAll();
      if (state?.length) query = query.where('state', 'in', [...state]);
      if (job_id !== undefined) query = query.where('job_id', '=', job_id);
      const ordered = query.orderBy('created_date', 'desc').orderBy('notification_id', 'desc');
      return (await engine.page(ordered, limit, offset).execute()).map(toRecord);
    },
    async counts({ job_id }) {
      let query = outbox().select(['state', (select) => select.fn.countAll<number>().as('total')]);
      if (job_id !== undefined) query = query.where('job_id', '=', job_id);
      const rows = await query.groupBy('state').execute();
      return Object.fromEntries(rows.map((row) => [row.state, Number(row.total)]));
    },
    async due(now, limit) {
      const query = outbox()
        .selectAll()
        .where('state', '=', 'waiting')
        .where('next_attempt', '<=', toText(now))
        .orderBy('created_date')
        .orderBy('notification_id');
      return (await engine.page(query, limit, 0).execute()).map(toRecord);
    },
    async nextDue() {
      const row = await outbox()
        .select((select) => select.fn.min('next_attempt').as('next'))
        .where('state', '=', 'waiting')
        .executeTakeFirst();
      return fromTextOrNull(row?.next ?? null) ?? undefined;
    },
    async claim(notification_id, owner) {
      const result = await db
        .updateTable('notification_outbox')
        .set({ state: 'sending', owner })
        .where('notification_id', '=', notification_id)
        .where('state', '=', 'waiting')
        .executeTakeFirst();
      return Number(result.numUpdatedRows) > 0;
    },
    async update(notification_id, { next_attempt, sent_date, message, ...patch }) {
      await db
        .updateTable('notification_outbox')
        .set({
          ...patch,
          ...(next_attempt === undefined ? {} : { next_attempt: toText(next_attempt) }),
          ...(sent_date === undefined ? {} : { sent_date: toTextOrNull(sent_date) }),
          ...(message === undefined ? {} : { message: JSON.stringify(message) }),
        })
        .where('notification_id', '=', notification_id)
        .execute();
    },
    async release(owner, note) {
      const result = await db
        .updateTable('notification_outbox')
        .set({ state: 'waiting', owner: null, note })
        .where('state', '=', 'sending')
        .where((where) => where.or([where('owner', 'is', null), where('owner', '!=', owner)]))
        .executeTakeFirst();
      return Number(result.numUpdatedRows);
    },
    async purge(before) {
      const result = await db
        .deleteFrom('notification_outbox')
        .where('state', 'in', ['sent', 'failed'])
        .where('created_date', '<', toText(before))
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    },
    async troubles() {
      const rows = await db.selectFrom('job_troubles').select(['job_id', 'trouble']).execute();
      return new Map(rows.map((row) => [row.job_id, row.trouble]));
    },
    async putTrouble(job_id, trouble, now) {
      const modified_date = toText(now);
      const updated = await db
        .updateTable('job_troubles')
        .set({ trouble, modified_date })
        .where('job_id', '=', job_id)
        .executeTakeFirst();
      if (Number(updated.numUpdatedRows) === 0)
        await db.insertInto('job_troubles').values({ job_id, trouble, modified_date }).execute();
    },
    async removeTrouble(job_id) {
      await db.deleteFrom('job_troubles').where('job_id', '=', job_id).execute();
    },
  };
}
