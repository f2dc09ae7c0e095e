import type { Kysely, Migration } from 'kysely';

/** Secrets by name (sealed), and what a job's definition was when an execution ran it. */
export const runs: Migration = {
  async up(db: Kysely<never>) {
    await db.schema
      .createTable('secrets')
      .ifNotExists()
      .addColumn('name', 'varchar(100)', (column) => column.primaryKey().notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .addColumn('created_date', 'text', (column) => column.notNull())
      .addColumn('modified_date', 'text', (column) => column.notNull())
      .addColumn('modified_by', 'varchar(255)', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('run_definitions')
      .ifNotExists()
      .addColumn('digest', 'varchar(64)', (column) => column.primaryKey().notNull())
      .addColumn('job_id', 'varchar(50)', (column) => column.notNull())
      .addColumn('configuration', 'text', (column) => column.notNull())
      .addColumn('yaml_text', 'text')
      .addColumn('created_date', 'text', (column) => column.notNull())
      .execute();
    await db.schema
      .alterTable('job_execution_history_V2')
      .addColumn('definition_digest', 'varchar(64)')
      .execute();
  },
};
