import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { AppError } from '../../../../src-shared/errors';
import type { Logger } from '../../../core/ports/logger';
import type { Settings } from '../../settings/settings';
import { replaceSqlite } from '../sqlite/backup-sqlite';
import { openSqlite } from '../sqlite/open-sqlite-store';
import { type StoreTarget, storeTarget } from '../sqlserver/store-target';
import { embeddedFile, journalFile } from '../store-files';
import { localTables } from '../write-behind/changes';
import { claimServer, identityOf, releaseServer } from '../write-behind/claim-server';
import { rowDigest } from '../write-behind/move-rows';
import type { DigestOf } from './copy-rows';
import {
  bringRest,
  type Copies,
  copyAndCompare,
  incomingFile,
  keepNumbers,
  type MoveReport,
  type OpenServer,
  openIncoming,
  openServer,
  openSides,
} from './move-work';
import { type PendingMove, readPendingMove, removePendingMove } from './pending-move';
import { embeddedSide, openReading } from './sides';

const silent: MoveReport = { table: () => undefined, step: () => undefined, rows: () => undefined };
const never = new AbortController().signal;

/** The journal of a database that is left stays under another name: it must not be taken for the present one later. */
export function putJournalAside(dataFolder: string): void {
  const file = journalFile(dataFolder);
  if (!existsSync(file)) return;
  const aside = file.replace(/\.db$/, `-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.db`);
  for (const tail of ['-wal', '-shm']) if (existsSync(file + tail)) renameSync(file + tail, aside + tail);
  renameSync(file, aside);
}

/** Says on the server that this program writes there, for as long as the work takes. */
export async function whileClaimed<T>({ ask }: OpenServer, work: () => Promise<T>): Promise<T> {
  const writer = { journal: `move ${randomUUID()}`, machine: `${hostname()} (moving)`, pid: process.pid };
  await claimServer(ask, writer);
  try {
    return await work();
  } finally {
    await releaseServer(ask, writer).catch(() => undefined);
  }
}

interface Deps {
  readonly dataFolder: string;
  readonly logger: Logger;
}

/** The store is closed: what changed since the copy is brought to the server. */
async function finishUp(deps: Deps, asked: StoreTarget, copies: Copies | undefined): Promise<void> {
  const server = await openServer(asked);
  try {
    await whileClaimed(server, async () => {
      const sides = await openSides(embeddedFile(deps.dataFolder), server, embeddedSide);
      try {
        const way = { ...sides, source: sides.embedded, target: sides.server };
        if (copies) {
          const changed = await bringRest({ ...way, copies });
          deps.logger.info(`moving to SQL Server: ${changed} rows that changed since the copy were brought`);
          return;
        }
        const { differing } = await copyAndCompare({ ...way, signal: never, report: silent, isWhole: true });
        if (differing.length > 0)
          throw new AppError('conflict', `${differing.join(', ')} differ after the copy`);
        deps.logger.info('moving to SQL Server: everything was copied again and compared');
      } finally {
        await sides.close();
      }
    });
  } finally {
    await server.close();
  }
  putJournalAside(deps.dataFolder);
}

/** The journal is closed: what changed since the copy is brought to the new embedded file, which takes its place. */
async function finishDown(deps: Deps, copies: Copies | undefined, digestOf: DigestOf): Promise<void> {
  const { dataFolder } = deps;
  const journal = openReading(journalFile(dataFolder));
  const incoming = copies
    ? await openSqlite({ file: incomingFile(dataFolder) })
    : await openIncoming(dataFolder);
  try {
    const tables = await localTables(journal.db);
    const way = { tables, source: embeddedSide(journal.db), target: embeddedSide(incoming.db), digestOf };
    if (copies) await bringRest({ ...way, copies });
    else {
      const { differing } = await copyAndCompare({ ...way, signal: never, report: silent });
      if (differing.length > 0)
        throw new AppError('conflict', `${differing.join(', ')} differ after the copy`);
    }
    await keepNumbers(incoming.db, tables);
  } finally {
    await journal.close();
    await incoming.close();
  }
  const file = embeddedFile(dataFolder);
  const kept = replaceSqlite(file, incomingFile(dataFolder));
  for (const tail of ['', '-wal', '-shm']) rmSync(incomingFile(dataFolder) + tail, { force: true });
  putJournalAside(dataFolder);
  deps.logger.info(
    `everything is in ${file}${kept === undefined ? '' : `; the embedded store that was there is kept as ${kept}`}`,
  );
}

/** All columns of the embedded store as they are. */
const plainDigest: DigestOf = (table, row) =>
  rowDigest(
    table.columns.map((column) => [column, 'nvarchar'] as const),
    row,
  );

/** A move that this program has made, when its store has been closed. Throws what hinders it: the next start tries again. */
export async function finishAtStop(
  deps: Deps,
  move: { readonly target: StoreTarget; readonly copies: Copies; readonly digestOf: DigestOf },
): Promise<void> {
  const pending = readPendingMove(deps.dataFolder);
  if (!pending) return;
  if (pending.to === 'sqlserver') await finishUp(deps, move.target, move.copies);
  else await finishDown(deps, move.copies, move.digestOf);
  removePendingMove(deps.dataFolder);
}

async function finishUpAtStart(deps: Deps, asked: StoreTarget, pending: PendingMove): Promise<void> {
  const server = await openServer(asked);
  const identity = await identityOf(server.ask, randomUUID()).finally(server.close);
  if (identity === pending.identity) await finishUp(deps, asked, undefined);
  else
    deps.logger.warning('another database is set than the one the store was moved to; it is used as it is');
}

/**
 * Before the store is opened: a move that the last program could not complete (it was killed, or the server was away)
 * is completed. The reason when it can't be: then the embedded store is used as before, and the next start tries again.
 */
export async function finishAtStart(
  deps: Deps & { readonly database: Settings['database'] },
): Promise<string | undefined> {
  const pending = readPendingMove(deps.dataFolder);
  if (!pending) return undefined;
  const asked = storeTarget(deps.database);
  // The setting was changed by hand meanwhile: that counts.
  const isMeant = pending.to === 'sqlserver' ? asked !== undefined : asked === undefined;
  if (isMeant && pending.to === 'embedded') await finishDown(deps, undefined, plainDigest);
  else if (isMeant && asked) {
    try {
      await finishUpAtStart(deps, asked, pending);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const reason = `The move to ${asked.target.database} on ${asked.target.server} is not complete yet: ${error.message}`;
      deps.logger.error(`${reason}; the embedded store is used as before, and the next start tries again`);
      return reason;
    }
  }
  removePendingMove(deps.dataFolder);
  return undefined;
}
