import type { Kysely } from 'kysely';
import { AppError } from '../../../../src-shared/errors';
import { openOwner } from '../../../core/ports/cluster';
import type { Engine } from '../engine';
import { sqliteEngine } from '../sqlite/sqlite-engine';
import type { Tables } from '../tables';
import { setState, stateOf } from '../write-behind/changes';
import { serverFact } from '../write-behind/claim-server';
import type { Ask } from '../write-behind/server-tables';
import { openFence } from './claims';

const counterFact = `${serverFact}execution_ids`;
const blockSize = 2000;
/** So many ids a process may have used that no row here tells of. */
const unknownUse = 200;
const mostTries = 20;

/** Ids of executions, out of blocks that no other machine has. */
export interface IdBlocks {
  /** Throws `unavailable` when all are used and the server could not be asked for more. */
  next(): number;
  /** Asks for a block when less than half of one is left. */
  refill(ask: Ask): Promise<void>;
}

/** Takes the next block from the counter on the server; two that ask at once get different ones. */
async function reserve(ask: Ask): Promise<number> {
  for (let attempt = 0; attempt < mostTries; attempt += 1) {
    const [row] = await ask<{ value: string | null; largest: number | null }>(
      `SELECT (SELECT [value] FROM [dbo].[facts] WHERE [name] = N'${counterFact}') AS [value],
         (SELECT MAX([execution_id]) FROM [dbo].[job_execution_history_V2]) AS [largest]`,
    );
    const from = Math.max(Number(row?.value ?? 1), Number(row?.largest ?? 0) + 1);
    const next = String(from + blockSize);
    if (row?.value == null) {
      try {
        await ask(
          `INSERT INTO [dbo].[facts] ([name], [value]) VALUES (N'${counterFact}', @next)`,
          (request) => request.input('next', next),
        );
        return from;
      } catch {
        // Another machine was quicker; or the server is away, which the next question tells.
        continue;
      }
    }
    const [taken] = await ask<{ n: number }>(
      `UPDATE [dbo].[facts] SET [value] = @next WHERE [name] = N'${counterFact}' AND CAST([value] AS nvarchar(400)) = @seen;
       SELECT @@ROWCOUNT AS n`,
      (request) => request.input('next', next).input('seen', row.value),
    );
    if (Number(taken?.n) > 0) return from;
  }
  throw new AppError(
    'unavailable',
    'No ids for executions could be had from the database; too many ask at once',
  );
}

/** `db` is the journal, where the present block is noted for a start without the server. */
export async function createIdBlocks(db: Kysely<Tables>): Promise<IdBlocks> {
  const [from, to] = JSON.parse((await stateOf(db, 'id_block')) ?? '[0,0]') as [number, number];
  const used = await db
    .selectFrom('job_execution_history_V2')
    .select((select) => select.fn.max('execution_id').as('id'))
    .where('execution_id', '>=', from)
    .where('execution_id', '<', to)
    .executeTakeFirst();
  let next = used?.id == null ? from + unknownUse : Number(used.id) + unknownUse;
  let end = to;
  let isFirst = true;
  /** The block after the present one. */
  let spare: readonly [number, number] | undefined;

  return {
    next() {
      if (next >= end && spare) {
        [next, end] = spare;
        spare = undefined;
      }
      if (next >= end)
        throw new AppError('unavailable', 'No ids for executions are left until the database is back');
      next += 1;
      return next - 1;
    },
    async refill(ask) {
      if (!isFirst && (spare || end - next > blockSize / 2)) return;
      const start = await reserve(ask);
      await setState(db, 'id_block', JSON.stringify([start, start + blockSize]));
      // Of a block of an earlier process it is not known for sure what is used.
      if (isFirst) [next, end] = [start, start + blockSize];
      else spare = [start, start + blockSize];
      isFirst = false;
    },
  };
}

/** The journal's engine with ids out of the blocks, and with each new execution marked as this machine's. */
export function numberingEngine(
  ids: IdBlocks,
  stamp: () => { readonly machine: string; readonly fence: number } | undefined,
): Engine {
  return {
    ...sqliteEngine,
    insertReturningId: (db, values) =>
      sqliteEngine.insertReturningId(db, {
        ...values,
        ...stamp(),
        ...(values.owner === openOwner ? { fence: openFence } : {}),
        execution_id: values.execution_id ?? ids.next(),
      }),
  };
}
