import { z } from 'zod';
import { ConnectionId } from '../../../src-shared/model/ids';
import { FilePath } from '../shared-keys';

const SqlServerConnection = z.strictObject({
  connection_id: ConnectionId.optional().describe('a saved connection; comes first when it exists'),
  driver: z.string().max(255).optional().describe('ODBC driver name, for Windows authentication'),
  server: z.string().min(1).max(255).optional().describe('HOST, HOST\\INSTANCE or HOST,PORT'),
  port: z.number().int().min(1).max(65_535).optional(),
  database: z.string().min(1).max(255).optional(),
  trusted_connection: z.boolean().optional(),
  username: z.string().max(255).optional(),
  password: z.string().max(255).optional(),
  encrypt: z.boolean().optional(),
  trust_server_certificate: z.boolean().optional(),
  connection_timeout: z.number().int().min(0).max(600).optional(),
  command_timeout: z.number().int().min(0).max(86_400).optional(),
});

const SqliteConnection = z.strictObject({
  driver: z.literal('sqlite'),
  database: FilePath.describe('the SQLite file; relative paths begin at the folder of the jobs file'),
});

const ParameterValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Keys of an SQL job (specification, section 8). */
export const SqlConfig = z
  .strictObject({
    connection: z.union([SqliteConnection, SqlServerConnection]),
    query: z.string().min(1).max(1_000_000).optional(),
    query_file: FilePath.optional().describe('a file that holds the query, instead of query'),
    query_type: z.enum(['select', 'insert', 'update', 'delete', 'procedure', 'script']).optional(),
    query_parameters: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not the name of a parameter'), ParameterValue)
      .optional()
      .describe('values bound to @name in the query, never pasted into its text'),
    transaction: z.boolean().optional().describe('all statements or none'),
    output_format: z.enum(['csv', 'json', 'excel']).optional(),
    output_path: FilePath.optional().describe('where the first result goes as a report'),
    max_rows_shown: z
      .number()
      .int()
      .min(0)
      .max(10_000)
      .optional()
      .describe('rows of each result in the log; 100'),
  })
  .refine((config) => (config.query === undefined) !== (config.query_file === undefined), {
    message: 'exactly one of query and query_file is needed',
    path: ['query'],
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
