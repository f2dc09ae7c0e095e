import type { Kysely, Migration } from 'kysely';

/** Several machines on one database: who they are, and whose row each execution is. */
export const machines: Migration = {
  async up(db: Kysely<never>) {
    await db.schema
      .createTable('machines')
      .ifNotExists()
      .addColumn('node', 'varchar(63)', (column) => column.primaryKey().notNull())
      .addColumn('instance', 'varchar(64)', (column) => column.notNull())
      .addColumn('journal', 'varchar(64)', (column) => column.notNull())
      .addColumn('fence', 'bigint', (column) => column.notNull())
      .addColumn('state', 'varchar(20)', (column) => column.notNull())
      .addColumn('host', 'varchar(255)', (column) => column.notNull())
      .addColumn('pid', 'bigint', (column) => column.notNull())
      .addColumn('version', 'varchar(40)', (column) => column.notNull())
      .addColumn('tags', 'varchar(2000)', (column) => column.notNull())
      .addColumn('address', 'varchar(400)')
      .addColumn('running', 'bigint', (column) => column.notNull())
      .addColumn('started_date', 'text', (column) => column.notNull())
      .addColumn('last_seen', 'text', (column) => column.notNull())
      .addColumn('lease_until', 'text', (column) => column.notNull())
      .execute();
    for (const [name, type] of [
      ['machine', 'varchar(63)'],
      ['fence', 'bigint'],
      ['changed_date', 'text'],
    ] as const)
      await db.schema.alterTable('job_execution_history_V2').addColumn(name, type).execute();
    await db.schema
      .createIndex('IX_job_history_changed')
      .ifNotExists()
      .on('job_execution_history_V2')
      .column('changed_date')
      .execute();
  },
};
