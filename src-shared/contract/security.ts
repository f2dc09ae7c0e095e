import { z } from 'zod';
import { Role } from '../model/role';
import { operation } from './operation';
import { ok, paging, queryInteger } from './query';

const KeyId = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'is not a key id');
const ApiKey = z.object({
  key_id: z.string(),
  name: z.string(),
  role: Role,
  prefix: z.string(),
  created_date: z.string(),
  expires_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
});

export const security = {
  session: operation({
    method: 'GET',
    path: '/api/session',
    role: 'viewer',
    tag: 'Security',
    summary: 'Who is calling, and with which role',
    response: z.object({
      success: ok,
      name: z.string(),
      role: Role,
      kind: z.enum(['key', 'session', 'local']),
    }),
    errors: [],
  }),
  listKeys: operation({
    method: 'GET',
    path: '/api/keys',
    role: 'admin',
    tag: 'Security',
    summary: 'List API keys; the keys themselves are never shown again',
    response: z.object({ success: ok, keys: z.array(ApiKey) }),
    errors: [],
  }),
  createKey: operation({
    method: 'POST',
    path: '/api/keys',
    role: 'admin',
    tag: 'Security',
    summary: 'Create an API key; the only answer that holds it',
    body: z.strictObject({
      name: z.string().min(1).max(100),
      role: Role,
      expires_in_days: z.number().int().min(1).max(3650).optional(),
    }),
    status: 201,
    response: z.object({ success: ok, key: z.string(), api_key: ApiKey, message: z.string() }),
    errors: ['validation_failed'],
  }),
  revokeKey: operation({
    method: 'DELETE',
    path: '/api/keys/:key_id',
    role: 'admin',
    tag: 'Security',
    summary: 'Revoke an API key; its open streams end at once',
    params: z.strictObject({ key_id: KeyId }),
    response: z.object({ success: ok, message: z.string() }),
    errors: ['not_found', 'conflict'],
  }),
  audit: operation({
    method: 'GET',
    path: '/api/audit',
    role: 'admin',
    tag: 'Security',
    summary: 'Who did what, newest first',
    query: z.strictObject({ ...paging, limit: queryInteger(1, 1000).default(100) }),
    response: z.object({
      success: ok,
      audit: z.array(
        z.object({
          time: z.string(),
          actor: z.string(),
          origin: z.string(),
          action: z.string(),
          subject: z.string().nullable(),
          outcome: z.string(),
          details: z.unknown(),
        }),
      ),
    }),
    errors: ['validation_failed'],
  }),
};
