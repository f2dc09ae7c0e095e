import type { Kysely, Migration } from 'kysely';

/**
 * The specification's three tables with its column names, and what the design adds. `NTEXT` is TEXT here,
 * DATETIME an ISO text in UTC, BIT 0 or 1.
 */
export const initialTables: Migration = {
  async up(db: Kysely<never>) {
    await db.schema
      .createTable('job_configurations')
      .ifNotExists()
      .addColumn('job_id', 'varchar(50)', (column) => column.primaryKey().notNull())
      .addColumn('name', 'varchar(255)', (column) => column.notNull())
      .addColumn('job_type', 'varchar(50)', (column) => column.notNull())
      .addColumn('configuration', 'text', (column) => column.notNull())
      .addColumn('enabled', 'integer', (column) => column.defaultTo(1))
      .addColumn('created_date', 'text')
      .addColumn('modified_date', 'text')
      .addColumn('created_by', 'varchar(255)')
      .addColumn('yaml_text', 'text')
      .addColumn('source', 'text')
      .addColumn('source_digest', 'varchar(64)')
      .execute();

    await db.schema
      .createTable('job_execution_history_V2')
      .ifNotExists()
      // Without AUTOINCREMENT the ids of deleted rows would be given out again.
      .addColumn('execution_id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('job_id', 'varchar(50)', (column) => column.notNull())
      .addColumn('job_name', 'varchar(255)', (column) => column.notNull())
      .addColumn('status', 'varchar(50)', (column) => column.notNull())
      .addColumn('start_time', 'text', (column) => column.notNull())
      .addColumn('end_time', 'text')
      .addColumn('duration_seconds', 'real')
      .addColumn('output', 'text')
      .addColumn('error_message', 'text')
      .addColumn('return_code', 'integer')
      .addColumn('retry_count', 'integer', (column) => column.defaultTo(0))
      .addColumn('max_retries', 'integer', (column) => column.defaultTo(0))
      .addColumn('metadata', 'text')
      .addColumn('scheduled_time', 'text')
      .addColumn('trigger_type', 'varchar(20)')
      .addColumn('slot_key', 'varchar(40)')
      .addColumn('owner', 'varchar(100)')
      .execute();

    const index = (name: string, columns: string[]) =>
      db.schema.createIndex(name).ifNotExists().on('job_execution_history_V2').columns(columns);
    // The row is the lock: a slot can be claimed once, whoever tries.
    await index('UX_job_history_slot', ['job_id', 'slot_key'])
      .unique()
      .where('slot_key', 'is not', null)
      .execute();
    await index('IX_job_history_job_id', ['job_id']).execute();
    await index('IX_job_history_start_time', ['start_time']).execute();
    await index('IX_job_history_status', ['status', 'start_time']).execute();
    await index('IX_job_history_job_start', ['job_id', 'start_time']).execute();

    await db.schema
      .createTable('user_connections')
      .ifNotExists()
      .addColumn('connection_id', 'varchar(100)', (column) => column.primaryKey().notNull())
      .addColumn('name', 'varchar(255)', (column) => column.notNull())
      .addColumn('server_name', 'varchar(255)', (column) => column.notNull())
      .addColumn('port', 'integer', (column) => column.defaultTo(1433))
      .addColumn('database_name', 'varchar(255)', (column) => column.notNull())
      .addColumn('trusted_connection', 'integer', (column) => column.defaultTo(1))
      .addColumn('username', 'varchar(255)')
      .addColumn('password', 'varchar(500)')
      .addColumn('description', 'varchar(1000)')
      .addColumn('driver', 'varchar(255)', (column) => column.defaultTo('{ODBC Driver 17 for SQL Server}'))
      .addColumn('connection_timeout', 'integer', (column) => column.defaultTo(30))
      .addColumn('command_timeout', 'integer', (column) => column.defaultTo(300))
      .addColumn('encrypt', 'integer', (column) => column.defaultTo(0))
      .addColumn('trust_server_certificate', 'integer', (column) => column.defaultTo(1))
      .addColumn('created_date', 'text')
      .addColumn('modified_date', 'text')
      .addColumn('created_by', 'varchar(255)')
      .addColumn('is_active', 'integer', (column) => column.defaultTo(1))
      .execute();

    await db.schema
      .createTable('schedule_state')
      .ifNotExists()
      .addColumn('job_id', 'varchar(50)', (column) => column.primaryKey().notNull())
      .addColumn('anchor', 'text', (column) => column.notNull())
      .addColumn('schedule_digest', 'varchar(64)', (column) => column.notNull())
      .addColumn('cursor', 'text', (column) => column.notNull())
      .execute();

    await db.schema
      .createTable('api_keys')
      .ifNotExists()
      .addColumn('key_id', 'varchar(40)', (column) => column.primaryKey().notNull())
      .addColumn('name', 'varchar(100)', (column) => column.notNull())
      .addColumn('role', 'varchar(20)', (column) => column.notNull())
      .addColumn('prefix', 'varchar(20)', (column) => column.notNull())
      .addColumn('key_digest', 'varchar(64)', (column) => column.notNull().unique())
      .addColumn('created_date', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'text')
      .addColumn('revoked_at', 'text')
      .execute();

    await db.schema
      .createTable('audit_log')
      .ifNotExists()
      .addColumn('audit_id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('time', 'text', (column) => column.notNull())
      .addColumn('actor', 'varchar(255)', (column) => column.notNull())
      .addColumn('origin', 'varchar(255)', (column) => column.notNull())
      .addColumn('action', 'varchar(100)', (column) => column.notNull())
      .addColumn('subject', 'varchar(255)')
      .addColumn('outcome', 'varchar(20)', (column) => column.notNull())
      .addColumn('details', 'text')
      .execute();

    await db.schema
      .createTable('facts')
      .ifNotExists()
      .addColumn('name', 'varchar(100)', (column) => column.primaryKey().notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .execute();
  },
};
