import { type Kysely, sql } from 'kysely';
import type { Tables } from '../tables';
import type { LocalTable } from './changes';

export type Row = Readonly<Record<string, unknown>>;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A key as text, the same however its columns are held. */
const keyTextOf = (key: readonly unknown[]): string => JSON.stringify(key.map(String));

/** The rows of these keys, in their order; undefined where one is gone. */
export async function readRows(
  db: Kysely<Tables>,
  table: LocalTable,
  keys: readonly (readonly (string | number)[])[],
): Promise<(Row | undefined)[]> {
  const columns = table.key.map((column) => sql.ref(column));
  const asked = table.key.map((_column, index) => sql`value ->> ${sql.lit(index)}`);
  const { rows } = await sql<Row>`
    SELECT * FROM ${sql.table(table.name)}
    WHERE (${sql.join(columns)}) IN (SELECT ${sql.join(asked)} FROM json_each(${JSON.stringify(keys)}))`.execute(
    db,
  );
  const found = new Map(rows.map((row) => [keyTextOf(table.key.map((column) => row[column])), row]));
  return keys.map((key) => found.get(keyTextOf(key)));
}

/** The row of a key, or undefined when it is gone. */
export async function readRow(
  db: Kysely<Tables>,
  table: LocalTable,
  key: readonly (string | number)[],
): Promise<Row | undefined> {
  return (await readRows(db, table, [key]))[0];
}

/** Writes rows as they are, over what is there of the same key. */
export async function writeRows(db: Kysely<Tables>, table: LocalTable, rows: readonly Row[]): Promise<void> {
  for (const row of rows) {
    const columns = table.columns.filter((column) => row[column] !== undefined);
    const others = columns.filter((column) => !table.key.includes(column));
    const changes = others.map((column) => `${quoted(column)} = excluded.${quoted(column)}`).join(', ');
    const conflict = others.length === 0 ? 'NOTHING' : `UPDATE SET ${changes}`;
    await sql`INSERT INTO ${sql.table(table.name)} (${sql.join(columns.map((column) => sql.ref(column)))})
      VALUES (${sql.join(columns.map((column) => row[column] ?? null))})
      ON CONFLICT (${sql.join(table.key.map((column) => sql.ref(column)))}) DO ${sql.raw(conflict)}`.execute(
      db,
    );
  }
}

export async function largestId(db: Kysely<Tables>, table: LocalTable): Promise<number> {
  const { rows } = await sql<{ n: number | null }>`
    SELECT MAX(${sql.ref(table.key[0] ?? '')}) AS n FROM ${sql.table(table.name)}`.execute(db);
  return Number(rows[0]?.n ?? 0);
}

/** The table gives out no id up to this one any more. */
export async function reserveIds(db: Kysely<Tables>, table: LocalTable, upTo: number): Promise<void> {
  if (!Number.isSafeInteger(upTo) || upTo < 1) return;
  const { rows } = await sql<{
    seq: number;
  }>`SELECT seq FROM sqlite_sequence WHERE name = ${table.name}`.execute(db);
  const known = rows[0]?.seq;
  if (known === undefined)
    await sql`INSERT INTO sqlite_sequence (name, seq) VALUES (${table.name}, ${upTo})`.execute(db);
  else if (known < upTo)
    await sql`UPDATE sqlite_sequence SET seq = ${upTo} WHERE name = ${table.name}`.execute(db);
}
