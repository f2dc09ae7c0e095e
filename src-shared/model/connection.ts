import { z } from 'zod';
import { ConnectionId } from './ids';

export const SqlDriver = z.enum(['sqlserver', 'sqlite']);
export type SqlDriver = z.infer<typeof SqlDriver>;

/** The editable columns of user_connections. `driver` is the ODBC driver name, or `sqlite`. */
export const ConnectionInput = z.strictObject({
  connection_id: ConnectionId,
  name: z.string().min(1).max(255),
  server_name: z.string().max(255).default(''),
  port: z.number().int().min(1).max(65_535).nullable().default(1433),
  database_name: z.string().min(1).max(255).describe('database, or the file for sqlite'),
  trusted_connection: z.boolean().default(true),
  username: z.string().max(255).nullable().default(null),
  password: z.string().max(255).nullable().optional().describe('write only; absent keeps the stored one'),
  description: z.string().max(1000).nullable().default(null),
  driver: z.string().max(255).default('{ODBC Driver 17 for SQL Server}'),
  connection_timeout: z.number().int().min(0).max(600).default(30),
  command_timeout: z.number().int().min(0).max(86_400).default(300),
  encrypt: z.boolean().default(true),
  trust_server_certificate: z.boolean().default(false),
  is_active: z.boolean().default(true),
});
export type ConnectionInput = z.infer<typeof ConnectionInput>;

/** A connection as shown: everything but the password, of which only its presence is told. */
export const Connection = ConnectionInput.omit({ password: true }).extend({
  connection_id: z.string(),
  has_password: z.boolean(),
  created_date: z.string(),
  modified_date: z.string(),
  created_by: z.string(),
  warnings: z.array(z.string()).describe('settings that weaken the connection, in words'),
});
export type Connection = z.infer<typeof Connection>;
