import type { Kysely } from 'kysely';
import type { ScheduleStateRepository } from '../../core/ports/store';
import { fromText, toText } from './instants';
import type { Tables } from './tables';

/** Cursors and anchors of the timetables. */
export function createScheduleStateRepository(db: Kysely<Tables>): ScheduleStateRepository {
  return {
    async list() {
      const rows = await db.selectFrom('schedule_state').selectAll().execute();
      return rows.map((row) => ({ ...row, anchor: fromText(row.anchor), cursor: fromText(row.cursor) }));
    },
    async put({ job_id, anchor, schedule_digest, cursor }) {
      const columns = { anchor: toText(anchor), schedule_digest, cursor: toText(cursor) };
      // Update first: after the first save that is always enough, on every engine.
      const updated = await db
        .updateTable('schedule_state')
        .set(columns)
        .where('job_id', '=', job_id)
        .executeTakeFirst();
      if (Number(updated.numUpdatedRows) > 0) return;
      await db
        .insertInto('schedule_state')
        .values({ job_id, ...columns })
        .execute();
    },
    async advance(cursors) {
      for (const [job_id, cursor] of cursors) {
        const text = toText(cursor);
        await db
          .updateTable('schedule_state')
          .set({ cursor: text })
          .where('job_id', '=', job_id)
          .where('cursor', '<', text)
          .execute();
      }
    },
    async remove(job_id) {
      await db.deleteFrom('schedule_state').where('job_id', '=', job_id).execute();
    },
  };
}
