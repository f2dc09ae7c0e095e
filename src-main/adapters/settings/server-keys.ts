/** Keys of `database` that say which server it is; the others are about how it is used. */
export const serverKeys = [
  'connection_string',
  'server',
  'port',
  'database',
  'trusted_connection',
  'username',
  'password',
  'sealed_password',
  'driver',
  'encrypt',
  'trust_server_certificate',
  'authentication',
  'tenant_id',
  'client_id',
  'connection_timeout',
] as const;

export type ServerSettings = Partial<Record<(typeof serverKeys)[number], string | number | boolean>>;
