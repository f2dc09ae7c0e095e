import type { Kysely } from 'kysely';
import type { RunDefinitionRepository } from '../../core/ports/store';
import type { Engine } from './engine';
import { fromText, toText } from './instants';
import { chunks } from './job-version-repository';
import type { Tables } from './tables';

/** Rows of run_definitions: what jobs were when they were saved or ran, each text once. */
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
    async putAll(records) {
      for (const some of chunks([...new Map(records.map((one) => [one.digest, one])).values()], 50)) {
        const there = await db
          .selectFrom('run_definitions')
          .select('digest')
          .where(
            'digest',
            'in',
            some.map((record) => record.digest),
          )
          .execute();
        const known = new Set(there.map((row) => row.digest));
        const rows = some
          .filter((record) => !known.has(record.digest))
          .map((record) => ({ ...record, created_date: toText(record.created_date) }));
        if (rows.length > 0) await db.insertInto('run_definitions').values(rows).execute();
      }
    },
    async get(digest) {
      const row = await find(digest);
      return row && { ...row, created_date: fromText(row.created_date) };
    },
  };
}
