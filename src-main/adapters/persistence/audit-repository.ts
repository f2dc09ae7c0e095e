import type { Kysely, Selectable } from 'kysely';
import type { AuditRecord, AuditRepository } from '../../core/ports/store';
import type { Engine } from './engine';
import { fromText, toText } from './instants';
import type { AuditTable, Tables } from './tables';

/** Who did what: rows are only ever added. */
export function createAuditRepository(db: Kysely<Tables>, engine: Engine): AuditRepository {
  const shown = async (query: { execute(): Promise<Selectable<AuditTable>[]> }) =>
    (await query.execute()).map(({ audit_id: _id, ...row }) => ({
      ...row,
      time: fromText(row.time),
      outcome: row.outcome as AuditRecord['outcome'],
    }));
  const newestFirst = () => db.selectFrom('audit_log').selectAll().orderBy('audit_id', 'desc');
  return {
    async append(record) {
      await db
        .insertInto('audit_log')
        .values({ ...record, time: toText(record.time) })
        .execute();
    },
    list: ({ limit, offset }) => shown(engine.page(newestFirst(), limit, offset)),
    async listOf({ subjects, actions, from, to, limit }) {
      if (subjects.length === 0 || actions.length === 0) return [];
      const query = newestFirst()
        .where('subject', 'in', [...subjects])
        .where('action', 'in', [...actions])
        .where('time', '>=', toText(from))
        .where('time', '<', toText(to));
      return shown(engine.page(query, limit, 0));
    },
  };
}
