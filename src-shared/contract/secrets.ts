import { z } from 'zod';
import { Secret, SecretName, SecretValue } from '../model/secret';
import { operation } from './operation';
import { ok } from './query';

const params = z.strictObject({ name: SecretName });

export const secrets = {
  list: operation({
    method: 'GET',
    path: '/api/secrets',
    role: 'editor',
    tag: 'Secrets',
    summary: 'Names of the secrets and the jobs that use them; values are never shown',
    response: z.object({ success: ok, secrets: z.array(Secret), total: z.number().int() }),
    errors: [],
  }),
  put: operation({
    method: 'PUT',
    path: '/api/secrets/:name',
    role: 'admin',
    tag: 'Secrets',
    summary: 'Save a secret under a name, for {{ secrets.name }}; replaces the one that is there',
    params,
    body: z.strictObject({ value: SecretValue }),
    isSensitive: true,
    response: z.object({ success: ok, created: z.boolean(), secret: Secret, message: z.string() }),
    errors: ['validation_failed', 'unavailable'],
  }),
  remove: operation({
    method: 'DELETE',
    path: '/api/secrets/:name',
    role: 'admin',
    tag: 'Secrets',
    summary: 'Delete a secret that no job uses',
    params,
    response: z.object({ success: ok, message: z.string() }),
    errors: ['not_found', 'conflict'],
  }),
};
