import { type Kysely, Migrator } from 'kysely';
import { AppError } from '../../../../src-shared/errors';
import type { Tables } from '../tables';
import { initialTables } from './001-initial-tables';
import { runs } from './003-runs';

/** All migrations, oldest first. They only add: columns that may be null, tables, indexes (product.md, decision 3). */
const migrations = { '001-initial-tables': initialTables, '003-runs': runs };

/** Brings the tables up to date. A database of a newer program is refused untouched. */
export async function migrateToLatest(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
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
