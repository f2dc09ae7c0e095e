import type { Expression, ExpressionBuilder, Kysely, Selectable, SqlBool } from 'kysely';
import type { AuditFilter, AuditRecord, AuditRepository } from '../../core/ports/store';
import type { Engine } from './engine';
import { fromText, toText } from './instants';
import type { AuditTable, Tables } from './tables';

function toRecord(row: Selectable<AuditTable>): AuditRecord {
  return {
    ...row,
    audit_id: Number(row.audit_id),
    time: fromText(row.time),
    outcome: row.outcome as AuditRecord['outcome'],
  };
}

type Where = ExpressionBuilder<Tables, 'audit_log'>;
const searched = ['actor', 'origin', 'action', 'subject', 'details'] as const;

function conditions(where: Where, filter: AuditFilter, engine: Engine): Expression<SqlBool> {
  const { actor, action, outcome, search } = filter;
  const all: Expression<SqlBool>[] = [];
  if (actor !== undefined) all.push(engine.contains('actor', actor));
  if (filter.subject !== undefined) all.push(where('subject', '=', filter.subject));
  if (filter.from !== undefined) all.push(where('time', '>=', toText(filter.from)));
  if (filter.to !== undefined) all.push(where('time', '<', toText(filter.to)));
  if (outcome?.length) all.push(where('outcome', 'in', [...outcome]));
  if (action?.length) {
    const one = (name: string) =>
      name.includes('.') ? where('action', '=', name) : engine.contains('action', `${name}.`);
    all.push(where.or(action.map(one)));
  }
  if (search !== undefined) all.push(where.or(searched.map((column) => engine.contains(column, search))));
  return where.and(all);
}

/** Who did what: rows are only ever added. */
export function createAuditRepository(db: Kysely<Tables>, engine: Engine): AuditRepository {
  const rows = () => db.selectFrom('audit_log').selectAll();
  const newestFirst = () => rows().orderBy('audit_id', 'desc');
  return {
    async append(record) {
      try {
        await db
          .insertInto('audit_log')
          .values({ ...record, time: toText(record.time) })
          .execute();
        return true;
      } catch (error) {
        if (engine.isUniqueViolation(error)) return false;
        throw error;
      }
    },
    async list({ limit, offset }, filter = {}) {
      const query = newestFirst().where((where) => conditions(where, filter, engine));
      return (await engine.page(query, limit, offset).execute()).map(toRecord);
    },
    async count(filter) {
      const row = await db
        .selectFrom('audit_log')
        .select((query) => query.fn.countAll<number>().as('total'))
        .where((where) => conditions(where, filter, engine))
        .executeTakeFirstOrThrow();
      return Number(row.total);
    },
    async last() {
      const [row] = await engine.page(newestFirst(), 1, 0).execute();
      return row && toRecord(row);
    },
    async after(audit_id, limit) {
      const query = rows().where('audit_id', '>', audit_id).orderBy('audit_id', 'asc');
      return (await engine.page(query, limit, 0).execute()).map(toRecord);
    },
    async listOf({ subjects, actions, from, to, limit }) {
      if (subjects.length === 0 || actions.length === 0) return [];
      const query = newestFirst()
        .where('subject', 'in', [...subjects])
        .where('action', 'in', [...actions])
        .where('time', '>=', toText(from))
        .where('time', '<', toText(to));
      return (await engine.page(query, limit, 0).execute()).map(toRecord);
    },
  };
}
