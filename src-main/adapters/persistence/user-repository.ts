import type { Kysely, Selectable } from 'kysely';
import { AppError } from '../../../src-shared/errors';
import type { Role } from '../../../src-shared/roles';
import type { UserRecord, UserRepository } from '../../core/ports/store';
import type { Engine } from './engine';
import { fromText, fromTextOrNull, toText, toTextOrNull } from './instants';
import type { Tables, UserTable } from './tables';
import { listFromText, listToText } from './text-lists';

function toRecord(row: Selectable<UserTable>): UserRecord {
  return {
    ...row,
    role: row.role as Role,
    tags: listFromText(row.tags),
    password_date: fromText(row.password_date),
    must_change: row.must_change !== 0,
    enabled: row.enabled !== 0,
    created_date: fromText(row.created_date),
    modified_date: fromText(row.modified_date),
    last_login: fromTextOrNull(row.last_login),
  };
}

function toRow(record: UserRecord): UserTable {
  return {
    ...record,
    tags: listToText(record.tags),
    password_date: toText(record.password_date),
    must_change: record.must_change ? 1 : 0,
    enabled: record.enabled ? 1 : 0,
    created_date: toText(record.created_date),
    modified_date: toText(record.modified_date),
    last_login: toTextOrNull(record.last_login),
  };
}

/** Rows of users: digests of passwords, never the passwords. */
export function createUserRepository(db: Kysely<Tables>, engine: Engine): UserRepository {
  return {
    async list() {
      const rows = await db.selectFrom('users').selectAll().orderBy('login_name').execute();
      return rows.map(toRecord);
    },
    async insert(record) {
      try {
        await db.insertInto('users').values(toRow(record)).execute();
        return true;
      } catch (error) {
        if (engine.isUniqueViolation(error)) return false;
        throw error;
      }
    },
    async update(record) {
      const { user_id, last_login: _login, ...columns } = toRow(record);
      try {
        const result = await db
          .updateTable('users')
          .set(columns)
          .where('user_id', '=', user_id)
          .executeTakeFirst();
        return Number(result.numUpdatedRows) > 0;
      } catch (error) {
        if (!engine.isUniqueViolation(error)) throw error;
        throw new AppError('conflict', `There is another user "${record.login_name}"`);
      }
    },
    async noteLogin(user_id, at) {
      await db
        .updateTable('users')
        .set({ last_login: toText(at) })
        .where('user_id', '=', user_id)
        .execute();
    },
    async remove(user_id) {
      const result = await db.deleteFrom('users').where('user_id', '=', user_id).executeTakeFirst();
      return Number(result.numDeletedRows) > 0;
    },
  };
}
