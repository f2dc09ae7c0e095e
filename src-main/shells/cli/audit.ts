import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import { openSqliteStore } from '../../adapters/persistence/sqlite/open-sqlite-store';
import { embeddedFile } from '../../adapters/persistence/store-files';
import { createKeyFileSecretBox } from '../../adapters/secrets/key-file-secret-box';
import { nodeRandom } from '../../adapters/secrets/node-random';
import { createAuditTrail } from '../../core/security/audit-trail';
import { type CliContext, type CommonOptions, loadFor, printingLogger } from './context';

/**
 * `audit verify`: checks the chain of the audit in the data folder, also while the program runs, and prints what was
 * found. Throws `conflict` when it is not whole, `not_found` where there is nothing to check.
 */
export async function auditVerify(context: CliContext, options: CommonOptions): Promise<void> {
  const { print } = context;
  const { dataFolder } = loadFor(context, options);
  const file = embeddedFile(dataFolder);
  const keyFile = join(dataFolder, 'secret.key');
  for (const needed of [file, keyFile])
    if (!existsSync(needed)) throw new AppError('not_found', `There is no ${needed}; is --data right?`);
  const store = await openSqliteStore({ file });
  try {
    const trail = createAuditTrail({
      store,
      random: nodeRandom,
      box: createKeyFileSecretBox(keyFile),
      redactor: { value: (value) => value },
      logger: printingLogger(print),
    });
    const { is_whole, rows, unchained, problems } = await trail.verify();
    if (unchained > 0) print(`note: ${unchained} rows are from before there was a chain`);
    for (const { audit_id, time, message } of problems) {
      const when = time === undefined ? '' : ` of ${new Date(time).toISOString()}`;
      print(audit_id === undefined ? message : `row ${audit_id}${when} ${message}`);
    }
    if (!is_whole) throw new AppError('conflict', `The audit in ${file} is not whole`);
    print(`The audit is whole: ${rows} rows follow one another unaltered`);
  } finally {
    await store.close();
  }
}
