import { join } from 'node:path';
import { afterAll, test } from 'vitest';
import { openSqliteStore } from '../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import { openSqlServerStore } from '../../src-main/adapters/persistence/sqlserver/open-sqlserver-store';
import { sqlServerTarget } from '../support/sqlserver';
import { createTestDatabase, type TestDatabase } from '../support/sqlserver-database';
import { tempFolder } from '../support/temp-folder';
import { storeContract } from './store-contract';

storeContract('SQLite', async () => {
  const file = join(tempFolder(), 'store.db');
  return { store: await openSqliteStore({ file }), reopen: () => openSqliteStore({ file }) };
});

if (sqlServerTarget()) {
  let made: Promise<TestDatabase> | undefined;
  afterAll(async () => (await made)?.drop());
  storeContract('SQL Server', async () => {
    made ??= createTestDatabase();
    const database = await made;
    const open = () => openSqlServerStore({ target: database.target, poolTimeoutSeconds: 30 });
    const store = await open();
    await database.empty();
    return { store, reopen: open };
  });
} else test.skip('the store on SQL Server (TEST_SQLSERVER_URL is not set)', () => undefined);
