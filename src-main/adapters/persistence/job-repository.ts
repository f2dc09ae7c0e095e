import type { Kysely, Selectable } from 'kysely';
import type { JobRecord, JobRepository } from '../../core/ports/store';
import type { Engine } from './engine';
import { fromText, toText } from './instants';
import type { JobTable, Tables } from './tables';

function toRecord(row: Selectable<JobTable>): JobRecord {
  return {
    ...row,
    enabled: row.enabled !== 0,
    created_date: fromText(row.created_date ?? ''),
    modified_date: fromText(row.modified_date ?? ''),
    created_by: row.created_by ?? 'SYSTEM',
  };
}

function toRow(record: JobRecord): JobTable {
  return {
    ...record,
    enabled: record.enabled ? 1 : 0,
    created_date: toText(record.created_date),
    modified_date: toText(record.modified_date),
  };
}

/** Rows of job_configurations. */
export function createJobRepository(db: Kysely<Tables>, engine: Engine): JobRepository {
  return {
    async list() {
      const rows = await db.selectFrom('job_configurations').selectAll().orderBy('job_id').execute();
      return rows.map(toRecord);
    },
    async get(job_id) {
      const row = await db
        .selectFrom('job_configurations')
        .selectAll()
        .where('job_id', '=', job_id)
        .executeTakeFirst();
      return row && toRecord(row);
    },
    async insert(record) {
      try {
        await db.insertInto('job_configurations').values(toRow(record)).execute();
        return true;
      } catch (error) {
        if (engine.isUniqueViolation(error)) return false;
        throw error;
      }
    },
    async update(record, expected_modified_date) {
      const { job_id, ...columns } = toRow(record);
      const result = await db
        .updateTable('job_configurations')
        .set(columns)
        .where('job_id', '=', job_id)
        .where('modified_date', '=', toText(expected_modified_date))
        .executeTakeFirst();
      return Number(result.numUpdatedRows) > 0;
    },
    async remove(job_id) {
      const result = await db
        .deleteFrom('job_configurations')
        .where('job_id', '=', job_id)
        .executeTakeFirst();
      return Number(result.numDeletedRows) > 0;
    },
  };
}
