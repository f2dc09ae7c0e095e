import type { Kysely } from 'kysely';
import type { FactRepository } from '../../core/ports/store';
import type { Tables } from './tables';

/** Small facts by name. */
export function createFactRepository(db: Kysely<Tables>): FactRepository {
  return {
    async get(name) {
      const row = await db.selectFrom('facts').select('value').where('name', '=', name).executeTakeFirst();
      return row?.value;
    },
    async set(name, value) {
      const updated = await db
        .updateTable('facts')
        .set({ value })
        .where('name', '=', name)
        .executeTakeFirst();
      if (Number(updated.numUpdatedRows) === 0)
        await db.insertInto('facts').values({ name, value }).execute();
    },
  };
}
