import { join } from 'node:path';
import { test } from 'vitest';
import { openSqliteStore } from '../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import { tempFolder } from '../support/temp-folder';
import { storeContract } from './store-contract';

storeContract('SQLite', async () => {
  const file = join(tempFolder(), 'store.db');
  return { store: await openSqliteStore({ file }), reopen: () => openSqliteStore({ file }) };
});

const server = process.env.TEST_SQLSERVER_URL;
test.skip(`the store on SQL Server (${server ? 'the SQL Server store is not built yet' : 'TEST_SQLSERVER_URL is not set'})`, () =>
  undefined);
