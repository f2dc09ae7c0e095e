import type { Kysely, Migration } from 'kysely';

/** The outbox of notifications, and what is known of each job's trouble. */
export const notifications: Migration = {
  async up(db: Kysely<never>) {
    await db.schema
      .createTable('notification_outbox')
      .ifNotExists()
      .addColumn('notification_id', 'varchar(64)', (column) => column.primaryKey().notNull())
      .addColumn('kind', 'varchar(30)', (column) => column.notNull())
      .addColumn('job_id', 'varchar(50)')
      .addColumn('execution_id', 'bigint')
      .addColumn('channel', 'varchar(30)', (column) => column.notNull())
      .addColumn('target', 'text', (column) => column.notNull())
      .addColumn('message', 'text', (column) => column.notNull())
      .addColumn('state', 'varchar(20)', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('created_date', 'text', (column) => column.notNull())
      .addColumn('next_attempt', 'varchar(30)', (column) => column.notNull())
      .addColumn('sent_date', 'varchar(30)')
      .addColumn('note', 'text')
      .addColumn('owner', 'varchar(64)')
      .execute();
    await db.schema
      .createIndex('IX_notification_outbox_due')
      .ifNotExists()
      .on('notification_outbox')
      .columns(['state', 'next_attempt'])
      .execute();
    await db.schema
      .createIndex('IX_notification_outbox_created')
      .ifNotExists()
      .on('notification_outbox')
      .column('created_date')
      .execute();
    await db.schema
      .createTable('job_troubles')
      .ifNotExists()
      .addColumn('job_id', 'varchar(50)', (column) => column.primaryKey().notNull())
      .addColumn('trouble', 'text', (column) => column.notNull())
      .addColumn('modified_date', 'text', (column) => column.notNull())
      .execute();
  },
};
