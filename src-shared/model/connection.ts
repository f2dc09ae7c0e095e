import { z } from 'zod';
import { ConnectionId } from './ids';

export const SqlDriver = z.enum(['sqlserver', 'sqlite']);
export type SqlDriver = z.infer<typeof SqlDriver>;

/** How to log in to SQL Server. Left out: by `trusted_connection`. The Entra names are those of the driver. */
export const Authentication = z.enum([
  'sql',
  'windows',
  'azure-active-directory-default',
  'azure-active-directory-password',
  'azure-active-directory-service-principal-secret',
  'azure-active-directory-msi-vm',
  'azure-active-directory-msi-app-service',
]);
export type Authentication = z.infer<typeof Authentication>;

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
  authentication: Authentication.nullable().describe('null: windows when trusted_connection is on, else sql'),
  tenant_id: z.string().max(255).nullable().describe('for Microsoft Entra'),
  client_id: z.string().max(255).nullable().describe('for Microsoft Entra'),
  max_connections: z.number().int().min(1).max(100).nullable().describe('open at once; null: 10'),
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
  authentication: fields.authentication.default(null),
  tenant_id: fields.tenant_id.default(null),
  client_id: fields.client_id.default(null),
  max_connections: fields.max_connections.default(null),
});
export type ConnectionInput = z.infer<typeof ConnectionInput>;

/** Columns to change. Without defaults: a key that is not given stays as it is. */
export const ConnectionChanges = z.strictObject(fields).partial();
export type ConnectionChanges = z.infer<typeof ConnectionChanges>;

/** What the last test of a connection said. */
export const ConnectionTest = z.object({
  time: z.string(),
  success: z.boolean(),
  message: z.string(),
  version: z.string().nullable(),
  duration_seconds: z.number().nullable(),
});
export type ConnectionTest = z.infer<typeof ConnectionTest>;

/** How full the pool of a connection is; null while none is open. */
export const ConnectionPool = z.object({
  max: z.number().int(),
  open: z.number().int(),
  in_use: z.number().int(),
  waiting: z.number().int().describe('queries that wait for a connection to be free'),
});

/** A connection as shown: everything but the password, of which only its presence is told. */
export const Connection = ConnectionInput.omit({ password: true }).extend({
  connection_id: z.string(),
  has_password: z.boolean(),
  created_date: z.string(),
  modified_date: z.string(),
  created_by: z.string(),
  warnings: z.array(z.string()).describe('settings that weaken the connection, in words'),
  used_by: z.array(z.string()).describe('ids of the jobs that name it'),
  last_test: ConnectionTest.nullable(),
  pool: ConnectionPool.nullable(),
});
export type Connection = z.infer<typeof Connection>;
