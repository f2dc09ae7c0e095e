import type { Kysely } from 'kysely';
import type { GapKind, GapRepository } from '../../core/ports/schedule-store';
import type { Engine } from './engine';
import { fromText, toText } from './instants';
import type { Tables } from './tables';

/** Rows of `schedule_gaps`. */
export function createGapRepository(db: Kysely<Tables>, engine: Engine): GapRepository {
  return {
    async append({ kind, job_id, from, to, actor }) {
      const row = {
        kind,
        job_id,
        from_time: toText(from),
        to_time: toText(to),
        actor: actor?.slice(0, 500) ?? null,
      };
      await db.insertInto('schedule_gaps').values(row).execute();
    },
    async list({ from, to, job_id, each_job, limit }) {
      const all = db
        .selectFrom('schedule_gaps')
        .selectAll()
        .where('to_time', '>=', toText(from))
        .where('from_time', '<=', toText(to))
        .orderBy('gap_id', 'desc');
      const query = each_job
        ? all
        : all.where((where) =>
            where.or([where('job_id', 'is', null), ...(job_id ? [where('job_id', '=', job_id)] : [])]),
          );
      return (await engine.page(query, limit, 0).execute()).map((row) => ({
        kind: row.kind as GapKind,
        job_id: row.job_id,
        from: fromText(row.from_time),
        to: fromText(row.to_time),
        actor: row.actor,
      }));
    },
  };
}
