import type { Kysely } from 'kysely';
import type { NamedRepository } from '../../core/ports/schedule-store';
import type { Engine } from './engine';
import { fromText, toText } from './instants';
import type { Tables } from './tables';

/** Rows of `calendars`. */
export function createCalendarRepository(db: Kysely<Tables>, engine: Engine): NamedRepository {
  return {
    async list() {
      const rows = await db.selectFrom('calendars').selectAll().orderBy('calendar_id').execute();
      return rows.map(({ calendar_id, ...row }) => ({
        ...row,
        id: calendar_id,
        created_date: fromText(row.created_date),
        modified_date: fromText(row.modified_date),
      }));
    },
    async insert({ id, created_date, modified_date, ...record }) {
      try {
        const dates = { created_date: toText(created_date), modified_date: toText(modified_date) };
        await db
          .insertInto('calendars')
          .values({ ...record, ...dates, calendar_id: id })
          .execute();
        return true;
      } catch (error) {
        if (engine.isUniqueViolation(error)) return false;
        throw error;
      }
    },
    async update({ id, definition, modified_date }) {
      const result = await db
        .updateTable('calendars')
        .set({ definition, modified_date: toText(modified_date) })
        .where('calendar_id', '=', id)
        .executeTakeFirst();
      return Number(result.numUpdatedRows) > 0;
    },
    async remove(id) {
      const result = await db.deleteFrom('calendars').where('calendar_id', '=', id).executeTakeFirst();
      return Number(result.numDeletedRows) > 0;
    },
  };
}

/** Rows of `maintenance_windows`. */
export function createMaintenanceWindowRepository(db: Kysely<Tables>, engine: Engine): NamedRepository {
  return {
    async list() {
      const rows = await db.selectFrom('maintenance_windows').selectAll().orderBy('window_id').execute();
      return rows.map(({ window_id, ...row }) => ({
        ...row,
        id: window_id,
        created_date: fromText(row.created_date),
        modified_date: fromText(row.modified_date),
      }));
    },
    async insert({ id, created_date, modified_date, ...record }) {
      try {
        const dates = { created_date: toText(created_date), modified_date: toText(modified_date) };
        await db
          .insertInto('maintenance_windows')
          .values({ ...record, ...dates, window_id: id })
          .execute();
        return true;
      } catch (error) {
        if (engine.isUniqueViolation(error)) return false;
        throw error;
      }
    },
    async update({ id, definition, modified_date }) {
      const result = await db
        .updateTable('maintenance_windows')
        .set({ definition, modified_date: toText(modified_date) })
        .where('window_id', '=', id)
        .executeTakeFirst();
      return Number(result.numUpdatedRows) > 0;
    },
    async remove(id) {
      const result = await db
        .deleteFrom('maintenance_windows')
        .where('window_id', '=', id)
        .executeTakeFirst();
      return Number(result.numDeletedRows) > 0;
    },
  };
}
