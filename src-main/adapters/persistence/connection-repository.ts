import type { Kysely, Selectable } from 'kysely';
import type { Authentication } from '../../../src-shared/model/connection';
import type { ConnectionRecord, ConnectionRepository, ConnectionTestRecord } from '../../core/ports/store';
import type { Engine } from './engine';
import { fromText, toText } from './instants';
import type { ConnectionTable, Tables } from './tables';

function readTest(text: string | null): ConnectionTestRecord | null {
  try {
    return text === null ? null : (JSON.parse(text) as ConnectionTestRecord);
  } catch {
    // Only this program writes it; one that can't be read is as good as none.
    return null;
  }
}

function toRecord(row: Selectable<ConnectionTable>): ConnectionRecord {
  return {
    ...row,
    trusted_connection: row.trusted_connection !== 0,
    encrypt: row.encrypt !== 0,
    trust_server_certificate: row.trust_server_certificate !== 0,
    is_active: row.is_active !== 0,
    created_date: fromText(row.created_date ?? ''),
    modified_date: fromText(row.modified_date ?? ''),
    created_by: row.created_by ?? 'SYSTEM',
    authentication: row.authentication as Authentication | null,
    last_test: readTest(row.last_test),
  };
}

function toRow(record: ConnectionRecord): ConnectionTable {
  const bit = (value: boolean) => (value ? 1 : 0);
  return {
    ...record,
    trusted_connection: bit(record.trusted_connection),
    encrypt: bit(record.encrypt),
    trust_server_certificate: bit(record.trust_server_certificate),
    is_active: bit(record.is_active),
    created_date: toText(record.created_date),
    modified_date: toText(record.modified_date),
    last_test: record.last_test === null ? null : JSON.stringify(record.last_test),
  };
}

/** Rows of user_connections. Passwords arrive and leave sealed. */
export function createConnectionRepository(db: Kysely<Tables>, engine: Engine): ConnectionRepository {
  return {
    async list() {
      return (await db.selectFrom('user_connections').selectAll().orderBy('name').execute()).map(toRecord);
    },
    async get(connection_id) {
      const row = await db
        .selectFrom('user_connections')
        .selectAll()
        .where('connection_id', '=', connection_id)
        .executeTakeFirst();
      return row && toRecord(row);
    },
    async insert(record) {
      try {
        await db.insertInto('user_connections').values(toRow(record)).execute();
        return true;
      } catch (error) {
        if (engine.isUniqueViolation(error)) return false;
        throw error;
      }
    },
    async update(record) {
      const { connection_id, last_test: _, ...columns } = toRow(record);
      const result = await db
        .updateTable('user_connections')
        .set(columns)
        .where('connection_id', '=', connection_id)
        .executeTakeFirst();
      return Number(result.numUpdatedRows) > 0;
    },
    async noteTest(connection_id, test) {
      await db
        .updateTable('user_connections')
        .set({ last_test: JSON.stringify(test) })
        .where('connection_id', '=', connection_id)
        .execute();
    },
    async remove(connection_id) {
      const result = await db
        .deleteFrom('user_connections')
        .where('connection_id', '=', connection_id)
        .executeTakeFirst();
      return Number(result.numDeletedRows) > 0;
    },
  };
}
