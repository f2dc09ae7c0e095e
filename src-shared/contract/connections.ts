import { z } from 'zod';
import { Connection, ConnectionChanges, ConnectionInput } from '../model/connection';
import { ConnectionId } from '../model/ids';
import { ResultCell, ResultPreview, SqlMessage } from '../model/sql-result';
import { operation } from './operation';
import { ok } from './query';

/** The name of a parameter, without its `@` or `:`. */
const SqlParameterName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'is not the name of a parameter');
const params = z.strictObject({ connection_id: ConnectionId });
const One = z.object({ success: ok, connection: Connection, message: z.string().optional() });
const Tested = z.object({
  success: z.boolean(),
  message: z.string(),
  version: z.string().optional(),
  duration_seconds: z.number().optional(),
});
/** What an ad-hoc query came to. */
export const QueryAnswer = z.object({
  success: z.boolean().describe('false when the database refused; `message` says why'),
  message: z.string(),
  results: z.array(ResultPreview),
  messages: z.array(SqlMessage.extend({ after_result: z.number().int().describe('results before it') })),
  rows_affected: z.number().int(),
  truncated: z.boolean().describe('the limit of rows was reached and the query ended there'),
  error: z.object({ number: z.number().int().optional(), line: z.number().int().optional() }).optional(),
  output_parameters: z.record(z.string(), ResultCell).optional(),
  duration_seconds: z.number(),
});
export type QueryAnswer = z.infer<typeof QueryAnswer>;

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
  query: operation({
    method: 'POST',
    path: '/api/connections/:connection_id/query',
    role: 'editor',
    tag: 'Connections',
    summary: 'Run a query now and get its first rows; a refusal of the database is an answer, not an error',
    params,
    body: z.strictObject({
      query: z.string().min(1).max(1_000_000),
      parameters: z
        .record(SqlParameterName, z.union([z.string(), z.number(), z.boolean(), z.null()]))
        .default({})
        .describe('bound by name (@name or :name), never pasted'),
      limit: z.number().int().min(1).max(10_000).default(1000).describe('rows of all results together'),
      timeout: z.number().int().min(1).max(600).default(30).describe('seconds'),
    }),
    response: QueryAnswer,
    errors: ['validation_failed', 'not_found', 'conflict'],
  }),
};
