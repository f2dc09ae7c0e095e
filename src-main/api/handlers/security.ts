import type { AppContract } from '../../../src-shared/contract/index';
import type { Handlers } from '../../../src-shared/contract/operation';
import { AppError } from '../../../src-shared/errors';
import type { Core } from '../../core/core';
import type { ApiKeyRecord } from '../../core/ports/store';
import type { Access } from '../../core/security/access';
import type { ApiContext } from '../invoke';

const iso = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString());

function view({ key_id, name, role, prefix, created_date, expires_at, revoked_at }: ApiKeyRecord) {
  return {
    key_id,
    name,
    role,
    prefix,
    created_date: new Date(created_date).toISOString(),
    expires_at: iso(expires_at),
    revoked_at: iso(revoked_at),
  };
}

function parsed(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    // A row written by hand; shown as it is.
    return text;
  }
}

/** Keys and the audit over the API. */
export function createSecurityHandlers(
  core: Core,
  access: Access,
): Handlers<AppContract, ApiContext>['security'] {
  return {
    async session(_input, { principal }) {
      if (!principal) throw new AppError('unauthenticated', 'Nobody is logged in');
      return { success: true, name: principal.name, role: principal.role, kind: principal.kind };
    },
    async listKeys() {
      return { success: true, keys: (await access.listKeys()).map(view) };
    },
    async createKey({ body }) {
      const { key, record } = await access.createKey(body);
      return { success: true, key, api_key: view(record), message: 'Keep this key: it is not shown again' };
    },
    async revokeKey({ params }) {
      await access.revokeKey(params.key_id);
      return { success: true, message: 'Key revoked' };
    },
    async audit({ query }) {
      const rows = await core.store.audit.list(query);
      return {
        success: true,
        audit: rows.map((row) => ({
          ...row,
          time: new Date(row.time).toISOString(),
          details: parsed(row.details),
        })),
      };
    },
  };
}
