import type { SqlTarget } from './sql-client';

/** Opens a saved connection by its id. Throws AppError `not_found` or `conflict` (switched off). */
export interface ConnectionResolver {
  resolve(connection_id: string): Promise<SqlTarget>;
}
