import { type Kysely, sql } from 'kysely';
import type { Tables } from '../tables';

/** A row the server does not have yet as it is here. */
export interface Change {
  readonly table: string;
  /** The values of its primary key, in the key's order. */
  readonly key: readonly (string | number)[];
  readonly row_key: string;
  /** Grows with every change of the row: what was sent meanwhile is told by it. */
  readonly version: number;
}

/** A table of the embedded store that the server has too. */
export interface LocalTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
  /** Its key is a number that the table gives out itself. */
  readonly isNumbered: boolean;
}

/** A change the server refused for what is in it. */
export interface Refusal {
  readonly table: string;
  readonly row_key: string;
  readonly reason: string;
}

/** Machines tell the server of themselves, not the journal; sums of the history are the journal's alone. */
const own = /^(sqlite_|schema_migrations|replication_|history_counts$|machines$)/;
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** The tables the server has too: all but those of the migrations and of the write-behind itself. */
export async function localTables(db: Kysely<Tables>): Promise<LocalTable[]> {
  const { rows } = await sql<{ name: string; sql: string }>`
    SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name`.execute(db);
  const tables: LocalTable[] = [];
  for (const { name, sql: text } of rows) {
    if (own.test(name)) continue;
    const info = await sql<{ name: string; pk: number }>`
      SELECT name, pk FROM pragma_table_info(${name}) ORDER BY cid`.execute(db);
    const key = info.rows.filter((row) => row.pk > 0).sort((a, b) => a.pk - b.pk);
    if (key.length === 0) continue;
    tables.push({
      name,
      columns: info.rows.map((row) => row.name),
      key: key.map((row) => row.name),
      isNumbered: /autoincrement/i.test(text),
    });
  }
  return tables;
}

const statements = `
CREATE TABLE IF NOT EXISTS replication_state (name TEXT PRIMARY KEY NOT NULL, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS replication_changes (
  table_name TEXT NOT NULL, row_key TEXT NOT NULL, seq INTEGER NOT NULL, version INTEGER NOT NULL,
  PRIMARY KEY (table_name, row_key)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS replication_changes_seq ON replication_changes (seq);
CREATE TABLE IF NOT EXISTS replication_refusals (
  table_name TEXT NOT NULL, row_key TEXT NOT NULL, reason TEXT NOT NULL, refused_at TEXT NOT NULL,
  PRIMARY KEY (table_name, row_key)) WITHOUT ROWID;
INSERT OR IGNORE INTO replication_state (name, value) VALUES ('receiving', '0')`;

/** Notes a row as changed. In the order of the first change; a row that waits already keeps its place. */
function note(table: string, key: readonly string[], row: 'OLD' | 'NEW'): string {
  const values = key.map((name) => `${row}.${quoted(name)}`).join(', ');
  return `INSERT INTO replication_changes (table_name, row_key, seq, version)
    VALUES ('${table}', json_array(${values}), (SELECT COALESCE(MAX(seq), 0) + 1 FROM replication_changes), 1)
    ON CONFLICT (table_name, row_key) DO UPDATE SET version = version + 1;`;
}

function triggers({ name, key }: LocalTable): string[] {
  const when = `WHEN (SELECT value FROM replication_state WHERE name = 'receiving') = '0'`;
  const trigger = (event: string, body: string) =>
    `CREATE TRIGGER ${quoted(`replication_${event}_${name}`)} AFTER ${event} ON ${quoted(name)} ${when} BEGIN ${body} END`;
  const moved = key.map((column) => `OLD.${quoted(column)} IS NOT NEW.${quoted(column)}`).join(' OR ');
  const both = `${note(name, key, 'NEW')} `;
  return [
    trigger('INSERT', note(name, key, 'NEW')),
    trigger('DELETE', note(name, key, 'OLD')),
    trigger('UPDATE', both),
    `CREATE TRIGGER ${quoted(`replication_MOVE_${name}`)} AFTER UPDATE ON ${quoted(name)} ${when} AND (${moved}) BEGIN ${note(name, key, 'OLD')} END`,
  ];
}

/**
 * Makes the embedded store note every changed row, whoever changes it and within the same transaction: what is
 * committed here is noted, what is not is not, whatever happens to the process.
 */
export async function watchChanges(db: Kysely<Tables>): Promise<LocalTable[]> {
  for (const statement of statements.split(';\n')) await sql.raw(statement).execute(db);
  const tables = await localTables(db);
  await db.transaction().execute(async (transaction) => {
    const old = await sql<{ name: string }>`
      SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'replication\\_%' ESCAPE '\\'`.execute(
      transaction,
    );
    for (const { name } of old.rows) await sql.raw(`DROP TRIGGER ${quoted(name)}`).execute(transaction);
    for (const table of tables)
      for (const trigger of triggers(table)) await sql.raw(trigger).execute(transaction);
    // A pull that died in the middle was undone with its transaction; this is for databases copied by hand.
    await sql`UPDATE replication_state SET value = '0' WHERE name = 'receiving'`.execute(transaction);
  });
  return tables;
}

/** Changes that wait, the oldest first. */
export async function waitingChanges(db: Kysely<Tables>, limit: number): Promise<Change[]> {
  const { rows } = await sql<{ table_name: string; row_key: string; version: number }>`
    SELECT table_name, row_key, version FROM replication_changes ORDER BY seq LIMIT ${limit}`.execute(db);
  return rows.map(({ table_name, row_key, version }) => ({
    table: table_name,
    row_key,
    version,
    key: JSON.parse(row_key) as (string | number)[],
  }));
}

export async function countChanges(db: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{ n: number }>`SELECT COUNT(*) AS n FROM replication_changes`.execute(db);
  return Number(rows[0]?.n ?? 0);
}

/** The server has these as they were when they were read. A row that changed since goes on waiting. */
export async function clearChanges(db: Kysely<Tables>, sent: readonly Change[]): Promise<void> {
  const list = JSON.stringify(sent.map(({ table, row_key, version }) => [table, row_key, version]));
  await db.transaction().execute(async (transaction) => {
    await sql`DELETE FROM replication_changes WHERE (table_name, row_key, version) IN (
        SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(${list}))`.execute(transaction);
    await sql`DELETE FROM replication_refusals WHERE (table_name, row_key) IN (
        SELECT value ->> 0, value ->> 1 FROM json_each(${list}))`.execute(transaction);
  });
}

/** Sets a change aside: it waits no longer, and is kept with the server's reason until the row changes. */
export async function setAside(db: Kysely<Tables>, change: Change, reason: string): Promise<void> {
  const { table, row_key, version } = change;
  await db.transaction().execute(async (transaction) => {
    await sql`INSERT INTO replication_refusals (table_name, row_key, reason, refused_at)
      VALUES (${table}, ${row_key}, ${reason}, ${new Date().toISOString()})
      ON CONFLICT (table_name, row_key) DO UPDATE SET reason = excluded.reason, refused_at = excluded.refused_at`.execute(
      transaction,
    );
    await sql`DELETE FROM replication_changes
      WHERE table_name = ${table} AND row_key = ${row_key} AND version = ${version}`.execute(transaction);
  });
}

export async function refusals(db: Kysely<Tables>): Promise<Refusal[]> {
  const { rows } = await sql<{ table_name: string; row_key: string; reason: string }>`
    SELECT table_name, row_key, reason FROM replication_refusals ORDER BY refused_at`.execute(db);
  return rows.map(({ table_name, ...row }) => ({ ...row, table: table_name }));
}

/** What was set aside is tried once more: at a start, when the server may have been mended. */
export async function retryRefusals(db: Kysely<Tables>): Promise<void> {
  await sql`INSERT OR IGNORE INTO replication_changes (table_name, row_key, seq, version)
    SELECT table_name, row_key, (SELECT COALESCE(MAX(seq), 0) + 1 FROM replication_changes), 1
    FROM replication_refusals`.execute(db);
}

/** Notes rows as changed that are here already: `where` is SQL over the table. */
export async function noteRows(db: Kysely<Tables>, table: LocalTable, where = '1 = 1'): Promise<void> {
  const values = table.key.map(quoted).join(', ');
  await sql
    .raw(
      `INSERT OR IGNORE INTO replication_changes (table_name, row_key, seq, version)
       SELECT '${table.name}', json_array(${values}),
         (SELECT COALESCE(MAX(seq), 0) FROM replication_changes) + ROW_NUMBER() OVER (ORDER BY ${values}), 1
       FROM ${quoted(table.name)} WHERE ${where}`,
    )
    .execute(db);
}

/** Facts of the write-behind itself; they are never sent. */
export async function stateOf(db: Kysely<Tables>, name: string): Promise<string | undefined> {
  const { rows } = await sql<{ value: string | null }>`
    SELECT value FROM replication_state WHERE name = ${name}`.execute(db);
  return rows[0]?.value ?? undefined;
}

export async function setState(db: Kysely<Tables>, name: string, value: string): Promise<void> {
  await sql`INSERT INTO replication_state (name, value) VALUES (${name}, ${value})
    ON CONFLICT (name) DO UPDATE SET value = excluded.value`.execute(db);
}

/** Writes what came from the server: nothing of it is noted as changed. All or nothing. */
export async function receive(
  db: Kysely<Tables>,
  work: (transaction: Kysely<Tables>) => Promise<void>,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await setState(transaction, 'receiving', '1');
    await work(transaction);
    await setState(transaction, 'receiving', '0');
  });
}
