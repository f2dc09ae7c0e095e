import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import { acquireInstanceLock } from '../../adapters/persistence/instance-lock';
import { refuseFilled } from '../../adapters/persistence/move/refuse-filled';
import { copySqlite } from '../../adapters/persistence/sqlite/backup-sqlite';
import { openSqlite } from '../../adapters/persistence/sqlite/open-sqlite-store';
import { connectServer, type ServerPool } from '../../adapters/persistence/sqlserver/connect';
import { openServerDatabase } from '../../adapters/persistence/sqlserver/open-sqlserver-store';
import { storeTarget } from '../../adapters/persistence/sqlserver/store-target';
import { embeddedFile } from '../../adapters/persistence/store-files';
import { localTables } from '../../adapters/persistence/write-behind/changes';
import { claimServer, releaseServer } from '../../adapters/persistence/write-behind/claim-server';
import {
  contentsOf,
  copyFromServer,
  copyToServer,
  localPages,
  serverPages,
} from '../../adapters/persistence/write-behind/move-rows';
import { asker, serverTables } from '../../adapters/persistence/write-behind/server-tables';
import { createKeyFileSecretBox } from '../../adapters/secrets/key-file-secret-box';
import { type CliContext, type CommonOptions, loadFor } from './context';

export interface MoveOptions extends CommonOptions {
  readonly to: string;
  readonly sourceKey?: string;
  readonly dryRun?: boolean;
}

/** Columns whose values are sealed by the data folder's key. */
const sealed: Readonly<Record<string, string>> = { secrets: 'value', user_connections: 'password' };

function orNotAsked(error: unknown): false {
  if (error instanceof AppError) throw error;
  return false;
}

const scratchPrefix = 'move-';

/** Copies that a move which was killed has left; under the lock of the data folder no other is at work. */
function clearScratch(dataFolder: string): void {
  for (const entry of readdirSync(dataFolder, { withFileTypes: true }))
    if (entry.isDirectory() && entry.name.startsWith(scratchPrefix))
      rmSync(join(dataFolder, entry.name), { recursive: true, force: true });
}

/** Opens with the key of the source and seals with ours; nothing to do where they are the same. */
function resealer(sourceKey: string | undefined, dataFolder: string) {
  if (sourceKey === undefined) return (_table: string, row: Readonly<Record<string, unknown>>) => row;
  if (!existsSync(sourceKey)) throw new AppError('not_found', `There is no key file ${sourceKey}`);
  const source = createKeyFileSecretBox(resolve(sourceKey));
  const own = createKeyFileSecretBox(join(dataFolder, 'secret.key'));
  return (table: string, row: Readonly<Record<string, unknown>>) => {
    // The end of the audit's chain is sealed too.
    const isHead = table === 'facts' && row.name === 'audit_head';
    const column = isHead ? 'value' : sealed[table];
    const value = column === undefined ? undefined : row[column];
    return column === undefined || typeof value !== 'string' || value === ''
      ? row
      : { ...row, [column]: own.seal(source.open(value)) };
  };
}

/**
 * `move --to sqlserver|embedded`: copies everything between the embedded store and the configured SQL Server, compares
 * both at the end by counts and digests, and changes nothing at the source. The program must be stopped.
 */
export async function move(context: CliContext, options: MoveOptions): Promise<void> {
  const { print } = context;
  if (options.to !== 'sqlserver' && options.to !== 'embedded')
    throw new AppError('validation_failed', `--to is "${options.to}"; expected sqlserver or embedded`);
  const isUp = options.to === 'sqlserver';
  const isDry = options.dryRun === true;
  const { settings, dataFolder } = loadFor(context, options);
  const asked = storeTarget(settings.database);
  if (!asked)
    throw new AppError(
      'validation_failed',
      'database.connection_string is not set; it names the SQL Server to move to or from',
    );
  const { target } = asked;
  const file = embeddedFile(dataFolder);
  if (isUp && !existsSync(file)) throw new AppError('not_found', `There is no embedded store ${file}`);
  if (!isUp && existsSync(file))
    throw new AppError(
      'conflict',
      `There is an embedded store already, ${file}; move it away first, or name another folder with --data`,
    );
  const lock = acquireInstanceLock(dataFolder, {
    pid: process.pid,
    started: new Date().toISOString(),
    mode: 'scheduler',
  });
  clearScratch(dataFolder);
  const scratch = mkdtempSync(join(dataFolder, scratchPrefix));
  const writer = { journal: `move ${process.pid}`, machine: 'this machine (move)', pid: process.pid };
  let pool: ServerPool | undefined;
  let isClaimed = false;
  try {
    const onTheWay = resealer(options.sourceKey, dataFolder);
    // A copy: opening brings tables up to date, and the source is not to be changed.
    const working = join(scratch, 'store.db');
    if (isUp) copySqlite(file, working);
    const server = await connectServer(target, {
      connectMs: target.connection_timeout_seconds * 1000,
      requestMs: 120_000,
      acquireMs: 30_000,
      max: 2,
    });
    pool = server;
    const ask = asker(server);
    const { db, close } = await openSqlite({ file: working });
    try {
      // Tables of another program can't even be asked that; what they are is said when they are opened.
      const isFree = isUp && (await refuseFilled(server, db).then(() => true, orNotAsked));
      const { configurationsTable } = await openServerDatabase(server, target);
      if (isUp && !isFree) await refuseFilled(server, db);
      await claimServer(ask, writer);
      isClaimed = true;
      const tables = await serverTables(ask, await localTables(db), configurationsTable);
      const differing: string[] = [];
      for (const table of tables.values()) {
        const { name } = table.local;
        const skipped = options.sourceKey !== undefined && sealed[name] ? [sealed[name]] : [];
        if (!isDry)
          await (isUp
            ? copyToServer(db, server, table, onTheWay)
            : copyFromServer(db, ask, server, table, onTheWay));
        const here = await contentsOf(localPages(db, table.local), table, skipped);
        const there = await contentsOf(serverPages(ask, server, table), table, skipped);
        const isSame = here.rows === there.rows && here.digest === there.digest;
        if (!isSame) differing.push(name);
        print(
          `${name.padEnd(26)} embedded ${String(here.rows).padStart(8)}  server ${String(there.rows).padStart(8)}  ${isSame ? `same (${here.digest.slice(0, 12)})` : 'differ'}`,
        );
      }
      if (isDry) {
        print('Nothing was written (--dry-run)');
        return;
      }
      if (differing.length > 0)
        throw new AppError(
          'conflict',
          `${differing.join(', ')}: the two sides differ after the copy; the target held rows of its own before. The source is as it was`,
        );
    } finally {
      await close();
    }
    if (!isUp) copySqlite(working, file);
    print(
      isUp
        ? `Everything is in ${target.database} on ${target.server}; ${file} stays as it is`
        : `Everything is in ${file}; take database.connection_string out of the configuration to use it`,
    );
  } finally {
    if (pool && isClaimed) await releaseServer(asker(pool), writer).catch(() => undefined);
    await pool?.pool.close().catch(() => undefined);
    rmSync(scratch, { recursive: true, force: true });
    lock.release();
  }
}
