import { randomUUID } from 'node:crypto';
import { AppError } from '../../../../src-shared/errors';
import { connectServer } from '../sqlserver/connect';
import type { StoreTarget } from '../sqlserver/store-target';
import { embeddedFile } from '../store-files';
import { localTables } from '../write-behind/changes';
import { identityOf } from '../write-behind/claim-server';
import { asker } from '../write-behind/server-tables';
import { whileClaimed } from './finish-move';
import { copyAndCompare, type MadeMove, type MoveReport, openServer, openSides } from './move-work';
import { embeddedSide, openReading } from './sides';
import { type Holdings, holdingsOf, holdingsText, type OwnStore } from './try-server';

export interface MoveParts {
  readonly dataFolder: string;
  readonly target: StoreTarget;
  readonly own: OwnStore;
  readonly signal: AbortSignal;
  readonly report: MoveReport & { total(rows: number): void };
  readonly isDry: boolean;
}

export interface MoveAnswer {
  readonly message: string;
  /** Undefined where nothing was copied. */
  readonly made: MadeMove | undefined;
}

const plural = (n: number, one: string): string => `${n.toLocaleString('en-US')} ${one}${n === 1 ? '' : 's'}`;

/** What is there before anything is written; a database of others is not written into. */
async function look({ target: { target }, own }: MoveParts): Promise<Holdings> {
  const pool = await connectServer(target, {
    connectMs: target.connection_timeout_seconds * 1000,
    requestMs: 120_000,
    acquireMs: 30_000,
    max: 1,
  });
  try {
    return await holdingsOf(pool, asker(pool), own);
  } finally {
    await pool.pool.close().catch(() => undefined);
  }
}

/** Throws `conflict` where a database holds what is not a copy of this store, or a copy that was used since. */
export function refuseOthers(holdings: Holdings): void {
  const { holds, isNewer } = holdings;
  if (holds !== 'others' && !isNewer) return;
  throw new AppError(
    'conflict',
    `${holdingsText(holdings)}; name an empty database, or use this one as it is, without copying`,
  );
}

/** Rows of each table, and of all together. */
async function countRows({ dataFolder, report }: MoveParts): Promise<number> {
  const { db, close } = openReading(embeddedFile(dataFolder));
  try {
    const side = embeddedSide(db);
    let total = 0;
    for (const table of await localTables(db)) {
      const rows = await side.count(table);
      report.table(table.name, { source: rows });
      total += rows;
    }
    return total;
  } finally {
    await close();
  }
}

/** Copies the embedded store to the server while the program goes on, and compares both. Throws what hinders it. */
export async function moveUp(parts: MoveParts & { readonly copies: boolean }): Promise<MoveAnswer> {
  const { dataFolder, target, report, signal } = parts;
  const holdings = await look(parts);
  signal.throwIfAborted();
  const total = await countRows(parts);
  if (!parts.copies) {
    return {
      message: `${holdingsText(holdings)}; it is used as it is, and the embedded store stays beside it`,
      made: undefined,
    };
  }
  refuseOthers(holdings);
  if (parts.isDry)
    return {
      message: `${plural(total, 'row')} would be copied. ${holdingsText(holdings)}`,
      made: undefined,
    };
  // Copied once, read there once.
  report.total(total * 2);
  const server = await openServer(target);
  try {
    const identity = await identityOf(server.ask, randomUUID());
    return await whileClaimed(server, async () => {
      const sides = await openSides(embeddedFile(dataFolder), server, embeddedSide);
      try {
        const { copies, differing } = await copyAndCompare({
          ...sides,
          source: sides.embedded,
          target: sides.server,
          signal,
          report,
          isWhole: holdings.holds === 'own',
        });
        if (differing.length > 0)
          throw new AppError(
            'conflict',
            `${differing.join(', ')}: the two sides differ after the copy; the target held rows of its own before. The embedded store is used on, as it was`,
          );
        const rows = [...copies.values()].reduce((sum, copied) => sum + copied.rows, 0);
        return {
          message: `${plural(rows, 'row')} copied; counts and digests of ${plural(copies.size, 'table')} are the same. ${restText}`,
          made: { target, copies, digestOf: sides.digestOf, identity },
        };
      } finally {
        await sides.close();
      }
    });
  } finally {
    await server.close();
  }
}

/** What happens between the copy and the restart. */
export const restText =
  'It is used from the next start on; what changes until then is brought there when the program ends';
