import { existsSync } from 'node:fs';
import { type Kysely, sql } from 'kysely';
import { openDatabase } from '../sqlite/open-database';
import type { Tables } from '../tables';
import { type LocalTable, localTables, noteRows } from './changes';

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

async function inEmbedded<T>(db: Kysely<Tables>, file: string, work: () => Promise<T>): Promise<T> {
  await sql`ATTACH DATABASE ${file} AS embedded`.execute(db);
  try {
    return await work();
  } finally {
    await sql`DETACH DATABASE embedded`.execute(db);
  }
}

async function copyTable(db: Kysely<Tables>, table: LocalTable): Promise<void> {
  const there = await sql<{ name: string }>`
    SELECT name FROM pragma_table_info(${table.name}, 'embedded')`.execute(db);
  const names = new Set(there.rows.map((row) => row.name));
  const columns = table.columns
    .filter((column) => names.has(column))
    .map(quoted)
    .join(', ');
  if (columns === '') return;
  await sql
    .raw(
      `INSERT OR IGNORE INTO ${quoted(table.name)} (${columns}) SELECT ${columns} FROM embedded.${quoted(table.name)}`,
    )
    .execute(db);
}

/** Whether the embedded store holds anything that somebody made. */
export function isEmbeddedUsed(file: string): boolean {
  if (!existsSync(file)) return false;
  const database = openDatabase(file, 1000, true);
  try {
    return database.prepare('SELECT 1 FROM job_configurations LIMIT 1').all().length > 0;
  } catch {
    // Not one of ours, or never used.
    return false;
  } finally {
    database.close();
  }
}

/**
 * Takes over what the embedded store holds, before anything else is in the journal; nothing is changed there.
 * `everything`: all rows, to be sent to the server. Else only the keys people and scripts already have.
 */
export async function adoptEmbedded(db: Kysely<Tables>, file: string, everything: boolean): Promise<void> {
  const tables = (await localTables(db)).filter((table) => everything || table.name === 'api_keys');
  await inEmbedded(db, file, async () => {
    for (const table of tables) await copyTable(db, table);
  });
  for (const table of tables) await noteRows(db, table);
}
