import { z } from 'zod';
import { Role } from '../model/role';
import { LoginName, Password, RightTags, User } from '../model/user';
import { operation } from './operation';
import { ok } from './query';

const params = z.strictObject({
  user_id: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'is not the id of a user'),
});
const DisplayName = z.string().max(255, 'is longer than 255 characters');

const Changed = z.object({ success: ok, user: User, message: z.string() });
const WithPassword = z.object({
  ...Changed.shape,
  password: z.string().optional().describe('the one that was made up; the only answer that holds it'),
});

/** People who log in with a name and a password. */
export const users = {
  list: operation({
    method: 'GET',
    path: '/api/users',
    role: 'admin',
    tag: 'Security',
    summary: 'List users',
    response: z.object({ success: ok, users: z.array(User), total: z.number().int() }),
    errors: [],
  }),
  get: operation({
    method: 'GET',
    path: '/api/users/:user_id',
    role: 'admin',
    tag: 'Security',
    summary: 'Get a user',
    params,
    response: z.object({ success: ok, user: User }),
    errors: ['not_found'],
  }),
  create: operation({
    method: 'POST',
    path: '/api/users',
    role: 'admin',
    tag: 'Security',
    summary: 'Create a user; without a password one is made up and told, this once',
    body: z.strictObject({
      login_name: LoginName,
      display_name: DisplayName.optional(),
      role: Role,
      tags: RightTags.optional(),
      password: Password.optional(),
    }),
    isSensitive: true,
    status: 201,
    response: WithPassword,
    errors: ['validation_failed', 'conflict'],
  }),
  update: operation({
    method: 'PUT',
    path: '/api/users/:user_id',
    role: 'admin',
    tag: 'Security',
    summary: 'Change a user: role, rights by tag, name, or switch them off, which ends their sessions',
    params,
    body: z.strictObject({
      display_name: DisplayName.optional(),
      role: Role.optional(),
      tags: RightTags.optional(),
      enabled: z.boolean().optional(),
    }),
    response: Changed,
    errors: ['validation_failed', 'not_found', 'conflict'],
  }),
  setPassword: operation({
    method: 'POST',
    path: '/api/users/:user_id/password',
    role: 'admin',
    tag: 'Security',
    summary: "Set somebody's password (made up when none is given), which ends their sessions",
    params,
    body: z.strictObject({ password: Password.optional() }),
    bodyOptional: true,
    isSensitive: true,
    response: WithPassword,
    errors: ['validation_failed', 'not_found'],
  }),
  remove: operation({
    method: 'DELETE',
    path: '/api/users/:user_id',
    role: 'admin',
    tag: 'Security',
    summary: 'Delete a user; their sessions end at once',
    params,
    response: z.object({ success: ok, message: z.string() }),
    errors: ['not_found', 'conflict'],
  }),
};
