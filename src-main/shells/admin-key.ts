import { AppError } from '../../src-shared/errors';
import { readAdminKeyFile, writeAdminKeyFile } from '../adapters/secrets/admin-key-file';
import type { Access } from '../core/security/access';
import type { Principal } from '../core/security/principal';

export interface AdminKey {
  readonly key: string | undefined;
  readonly isNew: boolean;
  /** Whom the login link logs in; undefined when the key in the file is not known any more. */
  readonly principal: Principal | undefined;
}

/**
 * Makes the administrator's key at the first start and keeps it in its file; later reads it from there. On a store that
 * was on a server before, a new data folder gets a key of its own (`isShared`): the old ones are in other folders.
 */
export async function prepareAdminKey(access: Access, file: string, isShared = false): Promise<AdminKey> {
  const known = readAdminKeyFile(file);
  if (known !== undefined) {
    const principal = await access.authenticateKey(known);
    if (principal) return { key: known, isNew: false, principal };
  }
  const made =
    (await access.ensureAdminKey()) ??
    (isShared && known === undefined
      ? await access.createKey({ name: 'administrator', role: 'admin' })
      : undefined);
  if (!made) return { key: undefined, isNew: false, principal: undefined };
  if (known !== undefined) {
    throw new AppError(
      'unavailable',
      `The key in ${file} does not belong to this data; move the file away and start again`,
    );
  }
  writeAdminKeyFile(file, made.key);
  return { key: made.key, isNew: true, principal: await access.authenticateKey(made.key) };
}
