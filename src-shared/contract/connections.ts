import { z } from 'zod';
import { Connection, ConnectionChanges, ConnectionInput } from '../model/connection';
import { ConnectionId } from '../model/ids';
import { operation } from './operation';
import { ok } from './query';

const params = z.strictObject({ connection_id: ConnectionId });
const One = z.object({ success: ok, connection: Connection, message: z.string().optional() });
const Tested = z.object({
  success: z.boolean(),
  message: z.string(),
  version: z.string().optional(),
  duration_seconds: z.number().optional(),
});

export const connections = {
  list: operation({
    method: 'GET',
    path: '/api/connections',
    role: 'operator',
    tag: 'Connections',
    summary: 'List database connections; passwords are never shown',
    response: z.object({ success: ok, connections: z.array(Connection), total: z.number().int() }),
    errors: [],
  }),
  get: operation({
    method: 'GET',
    path: '/api/connections/:connection_id',
    role: 'operator',
    tag: 'Connections',
    summary: 'Get one connection',
    params,
    response: One,
    errors: ['not_found'],
  }),
  create: operation({
    method: 'POST',
    path: '/api/connections',
    role: 'admin',
    tag: 'Connections',
    summary: 'Create a connection',
    body: ConnectionInput,
    status: 201,
    response: One,
    errors: ['validation_failed', 'conflict'],
  }),
  update: operation({
    method: 'PUT',
    path: '/api/connections/:connection_id',
    role: 'admin',
    tag: 'Connections',
    summary: 'Change keys of a connection; without `password` the stored one stays',
    params,
    body: ConnectionChanges,
    response: One,
    errors: ['validation_failed', 'not_found'],
  }),
  remove: operation({
    method: 'DELETE',
    path: '/api/connections/:connection_id',
    role: 'admin',
    tag: 'Connections',
    summary: 'Delete a connection that no job uses',
    params,
    response: z.object({ success: ok, message: z.string() }),
    errors: ['not_found', 'conflict'],
  }),
  test: operation({
    method: 'POST',
    path: '/api/connections/:connection_id/test',
    role: 'operator',
    tag: 'Connections',
    summary: 'Connect and ask for the version',
    params,
    body: z.strictObject({}),
    bodyOptional: true,
    response: Tested,
    errors: ['not_found'],
  }),
};
