import { z } from 'zod';
import { Role } from '../model/role';
import { Scope } from '../model/scope';
import { Password, RightTags } from '../model/user';
import { operation } from './operation';
import { ok } from './query';

const KeyId = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'is not a key id');
const ApiKey = z.object({
  key_id: z.string(),
  name: z.string(),
  role: Role,
  prefix: z.string(),
  scopes: z.array(z.string()).nullable().describe('what it may call; null for all that its role may'),
  tags: z.array(z.string()).nullable().describe('acts only on jobs with one of these; null for all jobs'),
  created_date: z.string(),
  created_by: z.string().nullable(),
  expires_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
  last_used: z.string().nullable().describe('to the minute'),
  last_used_from: z.string().nullable(),
});
const Session = z.object({
  session_id: z.string(),
  name: z.string(),
  role: Role,
  user_id: z.string().nullable(),
  key_id: z.string().nullable().describe('the key it was begun with'),
  began: z.string(),
  last_seen: z.string(),
  ends: z.string().describe('when it ends by itself at the latest'),
  origin: z.string(),
  agent: z.string().describe('the browser, in its own words'),
  is_own: z.boolean(),
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
      user_id: z.string().nullable(),
      tags: z.array(z.string()).nullable(),
      scopes: z.array(z.string()).nullable(),
      must_change: z.boolean().describe('nothing else goes before another password is chosen'),
    }),
    errors: [],
  }),
  changePassword: operation({
    method: 'PUT',
    path: '/api/session/password',
    role: 'viewer',
    tag: 'Security',
    summary: "Change one's own password; one's other sessions end",
    body: z.strictObject({ current_password: Password, new_password: Password }),
    isSensitive: true,
    response: z.object({ success: ok, message: z.string() }),
    errors: ['validation_failed', 'forbidden', 'conflict', 'rate_limited'],
  }),
  sessions: operation({
    method: 'GET',
    path: '/api/sessions',
    role: 'viewer',
    tag: 'Security',
    summary: "Open logins: one's own; everybody's for an admin",
    response: z.object({ success: ok, sessions: z.array(Session) }),
    errors: [],
  }),
  endSession: operation({
    method: 'DELETE',
    path: '/api/sessions/:session_id',
    role: 'viewer',
    tag: 'Security',
    summary: "End a login at once: one's own; anybody's for an admin",
    params: z.strictObject({
      session_id: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'is not the id of a session'),
    }),
    response: z.object({ success: ok, message: z.string() }),
    errors: ['not_found'],
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
      scopes: z.array(Scope).min(1).max(100).nullable().optional(),
      tags: RightTags.optional(),
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
};
