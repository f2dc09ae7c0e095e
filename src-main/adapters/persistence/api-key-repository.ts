import type { Kysely } from 'kysely';
import type { Role } from '../../../src-shared/roles';
import type { ApiKeyRepository } from '../../core/ports/store';
import { fromText, fromTextOrNull, toText, toTextOrNull } from './instants';
import type { Tables } from './tables';
import { listFromText, listToText } from './text-lists';

/** API keys: their digests, never the keys. */
export function createApiKeyRepository(db: Kysely<Tables>): ApiKeyRepository {
  return {
    async list() {
      const rows = await db
        .selectFrom('api_keys')
        .selectAll()
        .orderBy('created_date')
        .orderBy('key_id')
        .execute();
      return rows.map((row) => ({
        ...row,
        role: row.role as Role,
        created_date: fromText(row.created_date),
        expires_at: fromTextOrNull(row.expires_at),
        revoked_at: fromTextOrNull(row.revoked_at),
        scopes: listFromText(row.scopes),
        tags: listFromText(row.tags),
        last_used: fromTextOrNull(row.last_used),
      }));
    },
    async insert(record) {
      await db
        .insertInto('api_keys')
        .values({
          ...record,
          created_date: toText(record.created_date),
          expires_at: toTextOrNull(record.expires_at),
          revoked_at: toTextOrNull(record.revoked_at),
          scopes: listToText(record.scopes),
          tags: listToText(record.tags),
          last_used: toTextOrNull(record.last_used),
        })
        .execute();
    },
    async revoke(key_id, at) {
      const result = await db
        .updateTable('api_keys')
        .set({ revoked_at: toText(at) })
        .where('key_id', '=', key_id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return Number(result.numUpdatedRows) > 0;
    },
    async noteUse(key_id, at, from) {
      await db
        .updateTable('api_keys')
        .set({ last_used: toText(at), last_used_from: from.slice(0, 255) })
        .where('key_id', '=', key_id)
        .execute();
    },
  };
}
