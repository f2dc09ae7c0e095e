import type { Kysely, Migration } from 'kysely';

/** Users, what keys may do and when they were last used, the chain of the audit, and every saved definition of a job. */
export const people: Migration = {
  async up(db: Kysely<never>) {
    await db.schema
      .createTable('users')
      .ifNotExists()
      .addColumn('user_id', 'varchar(40)', (column) => column.primaryKey().notNull())
      // In lower case: a name is one person, however it is written.
      .addColumn('login_name', 'varchar(100)', (column) => column.notNull().unique())
      .addColumn('display_name', 'varchar(255)', (column) => column.notNull())
      .addColumn('role', 'varchar(20)', (column) => column.notNull())
      .addColumn('tags', 'text')
      .addColumn('password_hash', 'varchar(500)', (column) => column.notNull())
      .addColumn('password_date', 'text', (column) => column.notNull())
      .addColumn('must_change', 'integer', (column) => column.notNull())
      .addColumn('enabled', 'integer', (column) => column.notNull())
      .addColumn('created_date', 'text', (column) => column.notNull())
      .addColumn('created_by', 'varchar(255)', (column) => column.notNull())
      .addColumn('modified_date', 'text', (column) => column.notNull())
      .addColumn('last_login', 'text')
      .execute();

    // One column a statement: not every engine takes several.
    const toKeys = (name: string, type: 'text' | 'varchar(255)') =>
      db.schema.alterTable('api_keys').addColumn(name, type).execute();
    await toKeys('scopes', 'text');
    await toKeys('tags', 'text');
    await toKeys('created_by', 'varchar(255)');
    await toKeys('last_used', 'text');
    await toKeys('last_used_from', 'varchar(255)');

    const toAudit = (name: string) =>
      db.schema.alterTable('audit_log').addColumn(name, 'varchar(64)').execute();
    await toAudit('previous_hash');
    await toAudit('hash');
    // A row has one successor: two programs on one store can't fork the chain.
    await db.schema
      .createIndex('UX_audit_log_previous')
      .ifNotExists()
      .on('audit_log')
      .columns(['previous_hash'])
      .unique()
      .where('previous_hash', 'is not', null)
      .execute();
    await db.schema
      .createIndex('IX_audit_log_subject')
      .ifNotExists()
      .on('audit_log')
      .columns(['subject'])
      .execute();

    await db.schema
      .createTable('job_versions')
      .ifNotExists()
      .addColumn('job_id', 'varchar(50)', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      // The texts stand in run_definitions, each once.
      .addColumn('digest', 'varchar(64)', (column) => column.notNull())
      .addColumn('name', 'varchar(255)', (column) => column.notNull())
      .addColumn('enabled', 'integer', (column) => column.notNull())
      .addColumn('saved_date', 'text', (column) => column.notNull())
      .addColumn('saved_by', 'varchar(255)', (column) => column.notNull())
      .addColumn('via', 'varchar(20)', (column) => column.notNull())
      .addColumn('origin', 'varchar(255)', (column) => column.notNull())
      .addColumn('action', 'varchar(20)', (column) => column.notNull())
      .addColumn('restored_from', 'integer')
      .addPrimaryKeyConstraint('PK_job_versions', ['job_id', 'version'])
      .execute();
    await db.schema
      .createIndex('IX_job_versions_digest')
      .ifNotExists()
      .on('job_versions')
      .columns(['job_id', 'digest'])
      .execute();
  },
};
