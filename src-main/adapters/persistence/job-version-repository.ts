import type { Kysely, Selectable } from 'kysely';
import { AppError } from '../../../src-shared/errors';
import type { JobVersionRecord, JobVersionRepository } from '../../core/ports/store';
import type { Engine } from './engine';
import { fromText, toText } from './instants';
import type { JobVersionTable } from './security-tables';
import type { Tables } from './tables';

/** Rows a statement carries: the engines limit its parameters. */
const rowsAtOnce = 50;
const idsAtOnce = 500;

function toRecord(row: Selectable<JobVersionTable>): JobVersionRecord {
  return {
    ...row,
    enabled: row.enabled !== 0,
    saved_date: fromText(row.saved_date),
    via: row.via as JobVersionRecord['via'],
    action: row.action as JobVersionRecord['action'],
  };
}

export function* chunks<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}

/** Rows of job_versions. */
export function createJobVersionRepository(db: Kysely<Tables>, engine: Engine): JobVersionRepository {
  const of = (job_id: string) => db.selectFrom('job_versions').selectAll().where('job_id', '=', job_id);
  return {
    async add(records) {
      try {
        for (const some of chunks(records, rowsAtOnce)) {
          const rows = some.map((record) => ({
            ...record,
            enabled: record.enabled ? 1 : 0,
            saved_date: toText(record.saved_date),
          }));
          await db.insertInto('job_versions').values(rows).execute();
        }
      } catch (error) {
        if (!engine.isUniqueViolation(error)) throw error;
        throw new AppError('conflict', 'The job was saved by somebody else at the same moment; reload it');
      }
    },
    async list(job_id, { limit, offset }) {
      const rows = await engine.page(of(job_id).orderBy('version', 'desc'), limit, offset).execute();
      return rows.map(toRecord);
    },
    async count(job_id) {
      const row = await db
        .selectFrom('job_versions')
        .select((query) => query.fn.countAll<number>().as('total'))
        .where('job_id', '=', job_id)
        .executeTakeFirstOrThrow();
      return Number(row.total);
    },
    async get(job_id, version) {
      const row = await of(job_id).where('version', '=', version).executeTakeFirst();
      return row && toRecord(row);
    },
    async savedAt(job_id, saved_date) {
      const [row] = await engine
        .page(of(job_id).where('saved_date', '=', toText(saved_date)).orderBy('version', 'desc'), 1, 0)
        .execute();
      return row && toRecord(row);
    },
    async newest(job_ids) {
      const found = new Map<string, JobVersionRecord>();
      for (const some of chunks(job_ids, idsAtOnce)) {
        const rows = await db
          .selectFrom('job_versions as v')
          .innerJoin(
            (query) =>
              query
                .selectFrom('job_versions')
                .select((column) => ['job_id as id', column.fn.max('version').as('newest')])
                .where('job_id', 'in', [...some])
                .groupBy('job_id')
                .as('n'),
            (join) => join.onRef('n.id', '=', 'v.job_id').onRef('n.newest', '=', 'v.version'),
          )
          .selectAll('v')
          .execute();
        for (const row of rows) found.set(row.job_id, toRecord(row));
      }
      return found;
    },
    async ofDigest(job_id, digest, until) {
      const same = () => of(job_id).where('digest', '=', digest);
      const [before] = await engine
        .page(same().where('saved_date', '<=', toText(until)).orderBy('version', 'desc'), 1, 0)
        .execute();
      if (before) return toRecord(before);
      const [later] = await engine.page(same().orderBy('version', 'asc'), 1, 0).execute();
      return later && toRecord(later);
    },
  };
}
