import type { Kysely, Selectable } from 'kysely';
import type { ScheduleStateRecord, ScheduleStateRepository } from '../../core/ports/store';
import { fromText, fromTextOrNull, toText, toTextOrNull } from './instants';
import type { ScheduleStateTable } from './schedule-tables';
import type { Tables } from './tables';

function toRecord(row: Selectable<ScheduleStateTable>): ScheduleStateRecord {
  return {
    ...row,
    anchor: fromText(row.anchor),
    cursor: fromText(row.cursor),
    held_since: fromTextOrNull(row.held_since),
  };
}

/** Cursors and anchors of the timetables. */
export function createScheduleStateRepository(db: Kysely<Tables>): ScheduleStateRepository {
  return {
    async list() {
      const rows = await db.selectFrom('schedule_state').selectAll().execute();
      return rows.map(toRecord);
    },
    async get(job_id) {
      const row = await db
        .selectFrom('schedule_state')
        .selectAll()
        .where('job_id', '=', job_id)
        .executeTakeFirst();
      return row && toRecord(row);
    },
    async put({ job_id, anchor, schedule_digest, cursor, schedule, held_since, held_by }) {
      const columns = {
        anchor: toText(anchor),
        schedule_digest,
        cursor: toText(cursor),
        schedule: schedule ?? null,
        held_since: toTextOrNull(held_since ?? null),
        held_by: held_by?.slice(0, 500) ?? null,
      };
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
