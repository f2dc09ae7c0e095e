import { CompiledQuery, type SqlBool, sql } from 'kysely';
import type { Engine } from '../engine';

/** SQL Server's answers to what the engines do differently. */
export const sqlServerEngine: Engine = {
  async insertReturningId(db, values) {
    const insert = db.insertInto('job_execution_history_V2').values(values).compile();
    // Not OUTPUT: a table with triggers refuses it (334), and an existing one may have some.
    const text = `${insert.sql}; SELECT CAST(SCOPE_IDENTITY() AS bigint) AS id`;
    const { rows } = await db.executeQuery<{ id: number }>(CompiledQuery.raw(text, [...insert.parameters]));
    return Number(rows[0]?.id);
  },
  page(query, limit, offset) {
    // FETCH NEXT 0 is an error.
    return limit === 0 ? query.where(sql<SqlBool>`1 = 0`) : query.offset(offset).fetch(limit);
  },
  hourOf: (column) => sql<string>`left(convert(nvarchar(30), ${sql.ref(column)}, 126), 13)`,
  grouped: (column) => sql<string>`${sql.ref(column)}`,
  // The cast is for NTEXT of the documentation's own schema, in which nothing can be searched.
  contains: (column, text) => sql<SqlBool>`charindex(${text}, cast(${sql.ref(column)} as nvarchar(max))) > 0`,
  async countHistory(db, filter, conditions) {
    const row = await db
      .selectFrom('job_execution_history_V2')
      .select((select) => select.fn.countAll<number>().as('total'))
      .where((where) => conditions(where, filter))
      .executeTakeFirstOrThrow();
    return Number(row.total);
  },
  narrowPage: async (_db, filter, { offset }) => ({ filter, offset }),
  isUniqueViolation(error) {
    const { number } = error as { readonly number?: number };
    return number === 2627 || number === 2601;
  },
};
