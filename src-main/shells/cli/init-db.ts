import { mkdirSync } from 'node:fs';
import { AppError } from '../../../src-shared/errors';
import { openSqliteStore } from '../../adapters/persistence/sqlite/open-sqlite-store';
import { connectServer } from '../../adapters/persistence/sqlserver/connect';
import { openServerDatabase } from '../../adapters/persistence/sqlserver/open-sqlserver-store';
import { schemaScript } from '../../adapters/persistence/sqlserver/schema-script';
import { storeTarget } from '../../adapters/persistence/sqlserver/store-target';
import { embeddedFile } from '../../adapters/persistence/store-files';
import { type CliContext, type CommonOptions, loadFor } from './context';

/** `init-db`: makes the tables, or what is missing of them, in the configured store; `--script` only prints how. */
export async function initDb(
  context: CliContext,
  options: CommonOptions & { readonly script?: boolean; readonly table?: string },
): Promise<void> {
  if (options.script) {
    const { table = 'job_configurations' } = options;
    if (table !== 'job_configurations' && table !== 'job_configurations_V2')
      throw new AppError(
        'validation_failed',
        `--table is "${table}"; expected job_configurations or job_configurations_V2`,
      );
    context.print(await schemaScript(table));
    return;
  }
  const { settings, dataFolder } = loadFor(context, options);
  const asked = storeTarget(settings.database);
  if (!asked) {
    const file = embeddedFile(dataFolder);
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    await (await openSqliteStore({ file })).close();
    context.print(`The embedded store ${file} is ready`);
    return;
  }
  const { target } = asked;
  for (const warning of asked.warnings) context.print(`note: ${warning}`);
  const pool = await connectServer(target, {
    connectMs: target.connection_timeout_seconds * 1000,
    requestMs: 120_000,
    acquireMs: asked.poolTimeoutSeconds * 1000,
    max: 2,
  });
  try {
    const { made, configurationsTable } = await openServerDatabase(pool, target);
    const where = `${target.server}, database ${target.database}`;
    context.print(
      made.length === 0 ? `${where}: all tables are up to date` : `${where}: done ${made.join(', ')}`,
    );
    context.print(`Job definitions are in dbo.${configurationsTable}`);
  } finally {
    await pool.pool.close();
  }
}
