import { type DatabaseConnection, type Driver, Kysely, MssqlAdapter, MssqlIntrospector } from 'kysely';
import { migrations } from '../migrations/migrate';
import type { Tables } from '../tables';
import { createMarkTable, markDone } from './prepare-schema';
import { SchemaCompiler } from './schema-compiler';
import { storedFormPlugin } from './stored-form-plugin';

/**
 * Everything the program needs in a database, as one T-SQL script for sqlcmd or Management Studio. It may be run again:
 * what is there stays as it is. `configurationsTable` is the name of the table of job definitions there.
 */
export async function schemaScript(configurationsTable = 'job_configurations'): Promise<string> {
  const batches: string[] = [];
  const recorder: DatabaseConnection = {
    async executeQuery({ sql }) {
      batches.push(sql);
      return { rows: [] };
    },
    // biome-ignore lint/correctness/useYield: nothing is read
    async *streamQuery() {
      throw new Error('a migration that reads can not be printed');
    },
  };
  const nothing = async () => undefined;
  const driver: Driver = {
    init: nothing,
    acquireConnection: async () => recorder,
    beginTransaction: nothing,
    commitTransaction: nothing,
    rollbackTransaction: nothing,
    releaseConnection: nothing,
    destroy: nothing,
  };
  const db = new Kysely<Tables>({
    dialect: {
      createDriver: () => driver,
      createAdapter: () => new MssqlAdapter(),
      createQueryCompiler: () => new SchemaCompiler(),
      createIntrospector: (one) => new MssqlIntrospector(one),
    },
    plugins: [storedFormPlugin(configurationsTable)],
  }).withSchema('dbo');
  batches.push(createMarkTable);
  for (const [name, migration] of Object.entries(migrations)) {
    batches.push(`-- ${name}`);
    await migration.up(db as unknown as Kysely<never>);
    batches.push(markDone(name));
  }
  const head = `-- Tables of Job Scheduler. Run it in the database that is to hold them; it may be run again.
-- The program's login needs: SELECT, INSERT, UPDATE, DELETE on these tables, and ALTER on those with an IDENTITY
-- column (job_execution_history_V2 and others), because it gives out their ids itself (SET IDENTITY_INSERT):
--   ALTER ROLE db_datareader ADD MEMBER [login]; ALTER ROLE db_datawriter ADD MEMBER [login];
--   GRANT ALTER ON SCHEMA::dbo TO [login];
SET ANSI_NULLS ON;
SET QUOTED_IDENTIFIER ON;
GO
`;
  const text = batches.map((batch) => (batch.startsWith('-- ') ? `${batch}\n` : `${batch};\nGO\n`));
  return head + text.join('');
}
