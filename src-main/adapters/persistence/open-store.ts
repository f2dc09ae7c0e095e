import type { SharedStore } from '../../core/ports/cluster';
import type { Logger } from '../../core/ports/logger';
import type { Settings } from '../settings/settings';
import type { ClusterMember } from './cluster/create-cluster';
import { openSqliteStore } from './sqlite/open-sqlite-store';
import { storeTarget } from './sqlserver/store-target';
import { embeddedFile } from './store-files';

/**
 * The store that the settings ask for: the embedded one, or a SQL Server with a journal in front. Throws
 * `validation_failed` for settings that can't be used, `unavailable` for a store that can't be opened.
 */
export async function openStore(options: {
  readonly database: Settings['database'];
  readonly dataFolder: string;
  readonly logger: Logger;
  /** Given where several machines share the database. */
  readonly cluster?: ClusterMember;
}): Promise<SharedStore> {
  const { database, dataFolder, logger } = options;
  const asked = storeTarget(database);
  if (!asked) return openSqliteStore({ file: embeddedFile(dataFolder) });
  for (const warning of asked.warnings) logger.warning(`configuration: ${warning}`);
  const { cluster } = options;
  // Most starts have no server, and need not load what speaks with one.
  const { openWriteBehindStore } = await import('./write-behind/open-write-behind-store');
  return openWriteBehindStore({ target: asked.target, dataFolder, logger, ...(cluster ? { cluster } : {}) });
}
