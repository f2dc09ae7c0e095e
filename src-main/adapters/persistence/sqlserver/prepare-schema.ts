import { type Kysely, sql } from 'kysely';
import { AppError } from '../../../../src-shared/errors';
import { migrations } from '../migrations/migrate';
import type { Tables } from '../tables';

const markTable = '[dbo].[schema_migrations]';

/** Where the programs note which migrations a database has; one shape for both engines. */
export const createMarkTable = `IF OBJECT_ID(N'${markTable}', N'U') IS NULL
CREATE TABLE ${markTable} ([name] nvarchar(255) NOT NULL PRIMARY KEY, [timestamp] nvarchar(255) NOT NULL)`;

/** Notes a migration as done. Names are our own. */
export const markDone = (name: string): string =>
  `IF NOT EXISTS (SELECT 1 FROM ${markTable} WHERE [name] = N'${name}')
INSERT INTO ${markTable} ([name], [timestamp]) VALUES (N'${name}', CONVERT(nvarchar(30), GETUTCDATE(), 126))`;

/** Held to the end of the transaction: two programs that start at once make the tables one after the other. */
const lock = `DECLARE @held int;
EXEC @held = sp_getapplock @Resource = N'job_scheduler_schema', @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = 60000;
IF @held < 0 RAISERROR(N'Another program is changing the tables and did not finish within 60 s', 16, 1)`;

/**
 * The name of the table of job definitions: the Python program has two. The one with rows wins, the documentation's
 * name when both or none have some.
 */
export async function findConfigurationsTable(db: Kysely<Tables>): Promise<string> {
  const names = ['job_configurations', 'job_configurations_V2'] as const;
  const ids = await sql<Record<string, number | null>>`SELECT
    OBJECT_ID(N'[dbo].[job_configurations]', N'U') AS job_configurations,
    OBJECT_ID(N'[dbo].[job_configurations_V2]', N'U') AS job_configurations_V2`.execute(db);
  const present = names.filter((name) => ids.rows[0]?.[name] != null);
  if (present.length < 2) return present[0] ?? names[0];
  for (const name of names) {
    const { rows } = await sql<{ n: number }>`SELECT COUNT(*) AS n FROM ${sql.table(`dbo.${name}`)}`.execute(
      db,
    );
    if (Number(rows[0]?.n) > 0) return name;
  }
  return names[0];
}

async function done(db: Kysely<Tables>): Promise<ReadonlySet<string>> {
  const there = await sql<{ id: number | null }>`SELECT OBJECT_ID(${markTable}, N'U') AS id`.execute(db);
  if (there.rows[0]?.id == null) return new Set();
  const { rows } = await sql<{ name: string }>`SELECT [name] FROM ${sql.raw(markTable)}`.execute(db);
  return new Set(rows.map((row) => row.name));
}

/** Migrations the database does not have yet. Throws `unavailable` when it has some of a newer program. */
export async function missingMigrations(db: Kysely<Tables>): Promise<string[]> {
  const has = await done(db);
  const known = Object.keys(migrations).sort();
  const newer = [...has].filter((name) => !known.includes(name));
  if (newer.length > 0)
    throw new AppError(
      'unavailable',
      `The database was made by a newer version of this program (${newer.join(', ')}); update the program`,
    );
  return known.filter((name) => !has.has(name));
}

/** Brings the tables up to date, each migration whole or not at all. The names of those that were done now. */
export async function prepareSchema(db: Kysely<Tables>): Promise<string[]> {
  const missing = await missingMigrations(db);
  if (missing.length === 0) return [];
  await sql.raw(createMarkTable).execute(db);
  const made: string[] = [];
  for (const name of missing) {
    await db.transaction().execute(async (transaction) => {
      await sql.raw(lock).execute(transaction);
      if ((await done(transaction)).has(name)) return;
      await migrations[name as keyof typeof migrations].up(transaction as unknown as Kysely<never>);
      await sql.raw(markDone(name)).execute(transaction);
      made.push(name);
    });
  }
  return made;
}

/** What this login must be able to do, by table; the rights it lacks, as T-SQL that gives them. */
export async function missingRights(db: Kysely<Tables>, configurationsTable: string): Promise<string[]> {
  const wanted: readonly (readonly [string, readonly string[]])[] = [
    [configurationsTable, ['SELECT', 'INSERT', 'UPDATE', 'DELETE']],
    // Ids of executions are given out by the program, so that they are the same while the server is away.
    ['job_execution_history_V2', ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'ALTER']],
    ['user_connections', ['SELECT', 'INSERT', 'UPDATE', 'DELETE']],
    ['audit_log', ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'ALTER']],
    ['schedule_gaps', ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'ALTER']],
  ];
  const asked = wanted.flatMap(([table, rights]) =>
    rights.map(
      (right) =>
        sql`HAS_PERMS_BY_NAME(${`[dbo].[${table}]`}, 'OBJECT', ${right}) AS ${sql.raw(`[${right} ${table}]`)}`,
    ),
  );
  const { rows } = await sql<Record<string, number | null>>`SELECT ${sql.join(asked)}`.execute(db);
  return wanted.flatMap(([table, rights]) => {
    const missing = rights.filter((right) => rows[0]?.[`${right} ${table}`] === 0);
    return missing.length === 0 ? [] : [`GRANT ${missing.join(', ')} ON [dbo].[${table}]`];
  });
}
