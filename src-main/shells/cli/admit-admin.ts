import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { nameOfOld } from '../../adapters/persistence/sqlite/backup-sqlite';
import { openSqliteStore } from '../../adapters/persistence/sqlite/open-sqlite-store';
import { embeddedFile } from '../../adapters/persistence/store-files';
import { readAdminKeyFile, writeAdminKeyFile } from '../../adapters/secrets/admin-key-file';
import { nodeRandom } from '../../adapters/secrets/node-random';
import { createScryptHasher } from '../../adapters/secrets/scrypt-hasher';
import { systemClock } from '../../adapters/timers/system-clock';
import { createAccess } from '../../core/security/access';

/**
 * After a restore elsewhere nobody might be able to come in: the copy keeps digests alone, and the administrator's key
 * was in a file of the folder it comes from. Whoever may write this folder gets a new one in its place. Undefined when
 * the key that is here is known.
 */
export async function admitAdmin(
  dataFolder: string,
): Promise<{ readonly file: string; readonly kept: string | undefined } | undefined> {
  const file = join(dataFolder, 'admin.key');
  const store = await openSqliteStore({ file: embeddedFile(dataFolder) });
  try {
    const access = createAccess({
      apiKeys: store.apiKeys,
      users: store.users,
      hasher: createScryptHasher(),
      random: nodeRandom,
      clock: systemClock,
    });
    const known = readAdminKeyFile(file);
    if (known !== undefined && (await access.authenticateKey(known))) return undefined;
    const { key } = await access.createKey({ name: 'administrator (restored)', role: 'admin' });
    const kept = existsSync(file) ? nameOfOld(file) : undefined;
    if (kept) renameSync(file, kept);
    writeAdminKeyFile(file, key);
    return { file, kept };
  } finally {
    await store.close();
  }
}
