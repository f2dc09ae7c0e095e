import type { Kysely, Migration } from 'kysely';

/** Previews of result sets beside the history, and what connections know of logins, limits and their last test. */
export const sqlResults: Migration = {
  async up(db: Kysely<never>) {
    await db.schema.alterTable('job_execution_history_V2').addColumn('results', 'text').execute();
    // One column a statement: not every engine takes several.
    const add = (name: string, type: 'varchar(100)' | 'varchar(255)' | 'integer' | 'text') =>
      db.schema.alterTable('user_connections').addColumn(name, type).execute();
    await add('authentication', 'varchar(100)');
    await add('tenant_id', 'varchar(255)');
    await add('client_id', 'varchar(255)');
    await add('max_connections', 'integer');
    await add('last_test', 'text');
  },
};
