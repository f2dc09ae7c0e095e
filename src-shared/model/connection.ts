import { z } from 'zod';
import { ConnectionId } from './ids';

export const SqlDriver = z.enum(['sqlserver', 'sqlite']);
export type SqlDriver = z.infer<typeof SqlDriver>;

const fields = {
  name: z.string().min(1).max(255),
  server_name: z.string().max(255),
  port: z.number().int().min(1).max(65_535).nullable(),
  database_name: z.string().min(1).max(255).describe('database, or the file for sqlite'),
  trusted_connection: z.boolean(),
  username: z.string().max(255).nullable(),
  password: z.string().max(255).nullable().optional().describe('write only; absent keeps the stored one'),
  description: z.string().max(1000).nullable(),
  driver: z.string().max(255).describe('ODBC driver name, or sqlite'),
  connection_timeout: z.number().int().min(0).max(600).describe('seconds'),
  command_timeout: z.number().int().min(0).max(86_400).describe('seconds'),
  encrypt: z.boolean(),
  trust_server_certificate: z.boolean(),
  is_active: z.boolean(),
};

/** The editable columns of user_connections. */
export const ConnectionInput = z.strictObject({
  connection_id: ConnectionId,
  ...fields,
  server_name: fields.server_name.default(''),
  port: fields.port.default(1433),
  trusted_connection: fields.trusted_connection.default(true),
  username: fields.username.default(null),
  description: fields.description.default(null),
  driver: fields.driver.default('{ODBC Driver 17 for SQL Server}'),
  connection_timeout: fields.connection_timeout.default(30),
  command_timeout: fields.command_timeout.default(300),
  encrypt: fields.encrypt.default(true),
  trust_server_certificate: fields.trust_server_certificate.default(false),
  is_active: fields.is_active.default(true),
});
export type ConnectionInput = z.infer<typeof ConnectionInput>;

/** Columns to change. Without defaults: a key that is not given stays as it is. */
export const ConnectionChanges = z.strictObject(fields).partial();
export type ConnectionChanges = z.infer<typeof ConnectionChanges>;

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
