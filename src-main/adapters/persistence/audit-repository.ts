import type { Kysely } from 'kysely';
import type { AuditRecord, AuditRepository } from '../../core/ports/store';
import type { Engine } from './engine';
import { fromText, toText } from './instants';
import type { Tables } from './tables';

/** Who did what: rows are only ever added. */
export function createAuditRepository(db: Kysely<Tables>, engine: Engine): AuditRepository {
  return {
    async append(record) {
      await db
        .insertInto('audit_log')
        .values({ ...record, time: toText(record.time) })
        .execute();
    },
    async list({ limit, offset }) {
      const query = db.selectFrom('audit_log').selectAll().orderBy('audit_id', 'desc');
      const rows = await engine.page(query, limit, offset).execute();
      return rows.map(({ audit_id: _id, ...row }) => ({
        ...row,
        time: fromText(row.time),
        outcome: row.outcome as AuditRecord['outcome'],
      }));
    },
  };
}
