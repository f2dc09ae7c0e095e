import { type Kysely, Migrator } from 'kysely';
import { AppError } from '../../../../src-shared/errors';
import type { Tables } from '../tables';
import { initialTables } from './001-initial-tables';
import { time } from './002-time';
import { runs } from './003-runs';
import { sqlResults } from './004-sql-results';
import { people } from './005-people';
import { notifications } from './006-notifications';
import { machines } from './007-machines';

/** All migrations, oldest first. They only add: columns that may be null, tables, indexes. */
export const migrations = {
  '001-initial-tables': initialTables,
  '002-time': time,
  '003-runs': runs,
  '004-sql-results': sqlResults,
  '005-people': people,
  '006-notifications': notifications,
  '007-machines': machines,
};

/** Brings the tables up to date. A database of a newer program is refused untouched. */
export async function migrateToLatest(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    // Two that were made side by side may reach a database in either order; each stands alone.
    allowUnorderedMigrations: true,
    migrationTableName: 'schema_migrations',
    migrationLockTableName: 'schema_migrations_lock',
  });
  const { error } = await migrator.migrateToLatest();
  if (!error) return;
  const text = error instanceof Error ? error.message : String(error);
  if (/corrupted migrations/i.test(text)) {
    throw new AppError(
      'unavailable',
      'The database was made by a newer version of this program; update the program',
      {
        cause: error,
      },
    );
  }
  throw error;
}
