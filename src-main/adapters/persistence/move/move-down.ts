import { randomUUID } from 'node:crypto';
import { AppError } from '../../../../src-shared/errors';
import type { RemoteLink } from '../../../core/ports/store';
import { embeddedFile, journalFile } from '../store-files';
import { type LocalTable, localTables, stateOf } from '../write-behind/changes';
import { identityOf } from '../write-behind/claim-server';
import { readRow } from '../write-behind/local-rows';
import { type Ask, bindValue, bracketed, fetchRows, serverTables } from '../write-behind/server-tables';
import { compareTable, type Walk } from './copy-rows';
import { type MoveAnswer, type MoveParts, restText } from './move-up';
import { copyAndCompare, incomingFile, openIncoming, openServer } from './move-work';
import { embeddedSide, openReading, serverDigests, serverSide } from './sides';

/** A row that is just being written is looked at so often, a second apart. */
const mostLooks = 8;
const lookMs = 1000;
/** Ten minutes, which is a few hundred thousand rows. */
const mostWaits = 600;

type Journal = ReturnType<typeof openReading>;

/** All that is on the server must be in the journal too: a long history is fetched in the background. */
async function awaitWhole(
  { db }: Journal,
  tables: readonly LocalTable[],
  signal: AbortSignal,
): Promise<void> {
  for (const table of tables)
    for (let look = 0; ; look += 1) {
      const bound = await stateOf(db, `pulled_to:${table.name}`);
      if (bound === undefined || bound === 'done') break;
      signal.throwIfAborted();
      if (look >= mostWaits)
        throw new AppError(
          'conflict',
          `Older rows of ${table.name} are still being fetched from the server; try again when that is done`,
        );
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
}

/**
 * Copies everything from the server's journal into a new embedded file while the program goes on, and compares the
 * file and the server with what was copied. The journal holds every row; what the server does not have yet is waited
 * for. Throws what hinders it.
 */
export async function moveDown(
  parts: MoveParts & { readonly remote: RemoteLink | undefined },
): Promise<MoveAnswer> {
  const { dataFolder, report, signal } = parts;
  const status = parts.remote?.status();
  if (status && status.state !== 'in_step' && status.state !== 'behind')
    throw new AppError('conflict', `The server is away (${status.reason}); move when it is back`);
  const journal = openReading(journalFile(dataFolder));
  try {
    const source = embeddedSide(journal.db);
    const tables = await localTables(journal.db);
    await awaitWhole(journal, tables, signal);
    let total = 0;
    for (const table of tables) {
      const rows = await source.count(table);
      report.table(table.name, { source: rows });
      total += rows;
    }
    if (parts.isDry)
      return { message: `${total.toLocaleString('en-US')} rows would be copied`, made: undefined };
    report.total(total * 3);
    const server = await openServer(parts.target);
    const incoming = await openIncoming(dataFolder);
    try {
      const found = await serverTables(server.ask, tables, server.configurationsTable);
      const digestOf = serverDigests(found);
      const target = embeddedSide(incoming.db);
      const { copies, differing } = await copyAndCompare({
        tables,
        source,
        target,
        digestOf,
        signal,
        report,
      });
      if (differing.length > 0)
        throw new AppError(
          'conflict',
          `${differing.join(', ')} differ after the copy to ${incomingFile(dataFolder)}`,
        );
      const walk: Walk = { digestOf, signal, onRows: (_table, rows) => report.rows(rows) };
      const side = serverSide(server.pool, server.ask, found);
      const apart: string[] = [];
      for (const { local, full, types } of found.values()) {
        const copied = copies.get(local.name);
        if (!copied) continue;
        const compared = await compareTable(side, local, copied.seen, walk);
        const keys = [...compared.differing, ...compared.missing];
        const isSame = await settle(keys, { signal }, async (key) => {
          const mine = await readRow(journal.db, local, key);
          const where = local.key.map((column, at) => `${bracketed(column)} = @k${at}`).join(' AND ');
          const [theirs] = await fetchBound(server.ask, `WHERE ${where}`, key);
          if (!mine || !theirs) return !mine && !theirs;
          return digestOf(local, mine).equals(digestOf(local, theirs));
        });
        report.table(local.name, { target: compared.rows, state: isSame ? 'same' : 'differs' });
        if (!isSame) apart.push(local.name);

        async function fetchBound(ask: Ask, tail: string, key: readonly (string | number)[]) {
          const bound: Ask = (text) =>
            ask(text, (request) => {
              for (const [at, column] of local.key.entries())
                bindValue(
                  request,
                  server.pool.driver.sql,
                  `k${at}`,
                  types.get(column) ?? 'nvarchar',
                  key[at],
                );
            });
          return fetchRows(bound, { local, full, types, isIdentity: false }, tail);
        }
      }
      if (apart.length > 0)
        throw new AppError(
          'conflict',
          `${apart.join(', ')}: the server holds other rows than this program; health and log tell which were set aside. SQL Server is used on, as it was`,
        );
      const identity = await identityOf(server.ask, randomUUID());
      const rows = [...copies.values()].reduce((sum, copied) => sum + copied.rows, 0);
      return {
        message: `${rows.toLocaleString('en-US')} rows copied to ${embeddedFile(dataFolder)}; counts and digests are the same as on the server. ${restText}`,
        made: { target: parts.target, copies, digestOf, identity },
      };
    } finally {
      await incoming.close();
      await server.close();
    }
  } finally {
    await journal.close();
  }
}

/** Rows that differed may have been on their way to the server: looked at again until they are the same, or time is up. */
async function settle(
  keys: readonly (readonly (string | number)[])[],
  { signal }: { readonly signal: AbortSignal },
  isSame: (key: readonly (string | number)[]) => Promise<boolean>,
): Promise<boolean> {
  let left = keys;
  for (let look = 0; left.length > 0; look += 1) {
    const still: (readonly (string | number)[])[] = [];
    for (const key of left) {
      signal.throwIfAborted();
      if (!(await isSame(key))) still.push(key);
    }
    if (still.length > 0 && look + 1 >= mostLooks) return false;
    left = still;
    if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
  return true;
}
