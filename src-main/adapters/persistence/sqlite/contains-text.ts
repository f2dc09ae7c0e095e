import { type RawBuilder, type SqlBool, sql } from 'kysely';

/** The column holds the text, every sign of which means itself; ASCII case is ignored. */
export function containsText(column: string, text: string): RawBuilder<SqlBool> {
  const pattern = `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  return sql<SqlBool>`${sql.ref(column)} like ${pattern} escape '\\'`;
}
