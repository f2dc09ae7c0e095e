import type { Kysely } from 'kysely';
import type { SecretRepository } from '../../core/ports/store';
import { fromText, toText } from './instants';
import type { Tables } from './tables';

/** Rows of secrets. Values arrive and leave sealed. */
export function createSecretRepository(db: Kysely<Tables>): SecretRepository {
  return {
    async list() {
      const rows = await db.selectFrom('secrets').selectAll().orderBy('name').execute();
      return rows.map((row) => ({
        ...row,
        created_date: fromText(row.created_date),
        modified_date: fromText(row.modified_date),
      }));
    },
    async put({ name, created_date, modified_date, ...columns }) {
      const changed = { ...columns, modified_date: toText(modified_date) };
      const updated = await db
        .updateTable('secrets')
        .set(changed)
        .where('name', '=', name)
        .executeTakeFirst();
      if (Number(updated.numUpdatedRows) > 0) return;
      await db
        .insertInto('secrets')
        .values({ name, created_date: toText(created_date), ...changed })
        .execute();
    },
    async remove(name) {
      const removed = await db.deleteFrom('secrets').where('name', '=', name).executeTakeFirst();
      return Number(removed.numDeletedRows) > 0;
    },
  };
}
