import type { Kysely } from 'kysely';
import type { RunDefinitionRepository } from '../../core/ports/store';
import type { Engine } from './engine';
import { fromText, toText } from './instants';
import type { Tables } from './tables';

/** Rows of run_definitions: what jobs were when they ran, each text once. */
export function createRunDefinitionRepository(db: Kysely<Tables>, engine: Engine): RunDefinitionRepository {
  const find = (digest: string) =>
    db.selectFrom('run_definitions').selectAll().where('digest', '=', digest).executeTakeFirst();
  return {
    async put(record) {
      if (await find(record.digest)) return;
      try {
        await db
          .insertInto('run_definitions')
          .values({ ...record, created_date: toText(record.created_date) })
          .execute();
      } catch (error) {
        // Somebody else was quicker with the same text.
        if (!engine.isUniqueViolation(error)) throw error;
      }
    },
    async get(digest) {
      const row = await find(digest);
      return row && { ...row, created_date: fromText(row.created_date) };
    },
  };
}
