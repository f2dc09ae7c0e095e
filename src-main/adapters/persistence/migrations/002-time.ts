import type { Kysely, Migration } from 'kysely';

/**
 * Holiday sets, maintenance windows, stretches in which nothing could run, and what the slot ledger asks of the
 * history: `scheduled_until` is the last slot of a row that stands for several.
 */
export const time: Migration = {
  async up(db: Kysely<never>) {
    const alter = (table: string) => db.schema.alterTable(table);
    await alter('job_execution_history_V2').addColumn('scheduled_until', 'text').execute();
    await db.schema
      .createIndex('IX_job_history_job_slot')
      .ifNotExists()
      .on('job_execution_history_V2')
      .columns(['job_id', 'scheduled_time'])
      .execute();

    await alter('schedule_state').addColumn('schedule', 'text').execute();
    await alter('schedule_state').addColumn('held_since', 'text').execute();
    await alter('schedule_state').addColumn('held_by', 'varchar(500)').execute();

    await db.schema
      .createTable('calendars')
      .ifNotExists()
      .addColumn('calendar_id', 'varchar(50)', (column) => column.primaryKey().notNull())
      .addColumn('definition', 'text', (column) => column.notNull())
      .addColumn('created_date', 'text', (column) => column.notNull())
      .addColumn('modified_date', 'text', (column) => column.notNull())
      .addColumn('created_by', 'varchar(255)', (column) => column.notNull())
      .execute();

    await db.schema
      .createTable('maintenance_windows')
      .ifNotExists()
      .addColumn('window_id', 'varchar(50)', (column) => column.primaryKey().notNull())
      .addColumn('definition', 'text', (column) => column.notNull())
      .addColumn('created_date', 'text', (column) => column.notNull())
      .addColumn('modified_date', 'text', (column) => column.notNull())
      .addColumn('created_by', 'varchar(255)', (column) => column.notNull())
      .execute();

    await db.schema
      .createTable('schedule_gaps')
      .ifNotExists()
      .addColumn('gap_id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('kind', 'varchar(20)', (column) => column.notNull())
      .addColumn('job_id', 'varchar(50)')
      .addColumn('from_time', 'text', (column) => column.notNull())
      .addColumn('to_time', 'text', (column) => column.notNull())
      .addColumn('actor', 'varchar(500)')
      .execute();
    await db.schema
      .createIndex('IX_schedule_gaps_to')
      .ifNotExists()
      .on('schedule_gaps')
      .columns(['to_time'])
      .execute();
  },
};
