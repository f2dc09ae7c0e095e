import { z } from 'zod';
import { Authentication } from '../../../src-shared/model/connection';
import { ConnectionId } from '../../../src-shared/model/ids';
import { sqlIsolations } from '../../core/ports/sql-client';
import { FilePath } from '../shared-keys';
import { ExpectConfig } from './expect';
import { QueryParameters } from './parameters';

const SqlServerConnection = z.strictObject({
  connection_id: ConnectionId.optional().describe('a saved connection; comes first when it exists'),
  driver: z.string().max(255).optional().describe('ODBC driver name, for Windows authentication'),
  server: z.string().min(1).max(255).optional().describe('HOST, HOST\\INSTANCE or HOST,PORT'),
  port: z.number().int().min(1).max(65_535).optional(),
  database: z.string().min(1).max(255).optional(),
  trusted_connection: z.boolean().optional(),
  authentication: Authentication.optional().describe('instead of trusted_connection'),
  username: z.string().max(255).optional(),
  password: z.string().max(255).optional(),
  tenant_id: z.string().max(255).optional().describe('for Microsoft Entra'),
  client_id: z.string().max(255).optional().describe('for Microsoft Entra'),
  encrypt: z.boolean().optional(),
  trust_server_certificate: z.boolean().optional(),
  connection_timeout: z.number().int().min(0).max(600).optional(),
  command_timeout: z.number().int().min(0).max(86_400).optional(),
});

const SqliteConnection = z.strictObject({
  driver: z.literal('sqlite'),
  database: FilePath.describe('the SQLite file; relative paths begin at the folder of the jobs file'),
  read_only: z.boolean().optional().describe('refuse every change to the file'),
  command_timeout: z.number().int().min(0).max(86_400).optional(),
});

/** `dbo.usp_x`, `[my db].dbo.[usp x]`: up to four parts, as T-SQL writes names. */
const ProcedureName = z
  .string()
  .max(500)
  .regex(
    /^(?:(?:\[(?:[^\]]|\]\])+\]|[\p{L}_#@][\p{L}\p{N}_@$#]*)\.){0,3}(?:\[(?:[^\]]|\]\])+\]|[\p{L}_#@][\p{L}\p{N}_@$#]*)$/u,
    'is not the name of a procedure, such as dbo.usp_daily',
  );

/** Keys of an SQL job (specification, section 8). */
export const SqlConfig = z
  .strictObject({
    connection: z.union([SqliteConnection, SqlServerConnection]),
    query: z.string().min(1).max(1_000_000).optional(),
    query_file: FilePath.optional().describe('a file that holds the query, instead of query'),
    query_type: z.enum(['select', 'insert', 'update', 'delete', 'procedure', 'script']).optional(),
    procedure: ProcedureName.optional().describe('the stored procedure to run, instead of query'),
    query_parameters: QueryParameters.optional(),
    transaction: z.boolean().optional().describe('all statements or none'),
    isolation_level: z.enum(sqlIsolations).optional(),
    output_format: z.enum(['csv', 'json', 'excel']).optional(),
    output_path: FilePath.optional().describe('where the results go as a report'),
    expect: ExpectConfig.optional(),
    max_rows_shown: z
      .number()
      .int()
      .min(0)
      .max(10_000)
      .optional()
      .describe('rows of each result in the log; 100'),
  })
  .superRefine((config, context) => {
    const texts = (['query', 'query_file', 'procedure'] as const).filter((key) => config[key] !== undefined);
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    if (texts.length !== 1) {
      issue([texts.at(-1) ?? 'query'], 'exactly one of query, query_file and procedure is needed');
    }
    if (config.procedure !== undefined && (config.query_type ?? 'procedure') !== 'procedure') {
      issue(['query_type'], `is ${config.query_type}; expected procedure when procedure is given`);
    }
    if (config.connection.driver === 'sqlite') {
      if (config.procedure !== undefined || config.query_type === 'procedure')
        issue(
          [config.procedure === undefined ? 'query_type' : 'procedure'],
          'SQLite has no stored procedures',
        );
      if (config.isolation_level !== undefined) issue(['isolation_level'], 'SQLite has no isolation levels');
    }
  })
  .refine((config) => config.output_path === undefined || config.output_format !== undefined, {
    message: 'is missing; expected csv, json or excel when output_path is given',
    path: ['output_format'],
  })
  .superRefine(({ connection }, context) => {
    if (
      connection.driver === 'sqlite' ||
      !('connection_id' in connection || 'server' in connection || 'database' in connection)
    )
      return;
    const inline = connection as z.infer<typeof SqlServerConnection>;
    if (inline.connection_id !== undefined) return;
    for (const key of ['server', 'database'] as const) {
      if (inline[key] === undefined) {
        context.addIssue({
          code: 'custom',
          path: ['connection', key],
          message: 'is needed without connection_id',
        });
      }
    }
  });
export type SqlConfig = z.infer<typeof SqlConfig>;
export type InlineConnection = z.infer<typeof SqlServerConnection>;
