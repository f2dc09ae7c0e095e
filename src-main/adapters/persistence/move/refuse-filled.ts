import type { Kysely } from 'kysely';
import type { ServerPool } from '../sqlserver/connect';
import type { Tables } from '../tables';
import { asker } from '../write-behind/server-tables';
import { refuseOthers } from './move-up';
import { holdingsOf, type OwnStore } from './try-server';

async function ownStore(db: Kysely<Tables>): Promise<OwnStore> {
  const mark = await db
    .selectFrom('facts')
    .select('value')
    .where('name', '=', 'run_token')
    .executeTakeFirst();
  const newest = await db
    .selectFrom('job_execution_history_V2')
    .select((select) => select.fn.max('execution_id').as('id'))
    .executeTakeFirst();
  return { token: mark?.value, lastExecution: Number(newest?.id ?? 0) };
}

/**
 * Sees that a database may take a copy of an embedded store, before anything is written into it: it is empty, or holds
 * an earlier copy that nobody has used since. Throws `conflict` when it does not.
 */
export async function refuseFilled(pool: ServerPool, db: Kysely<Tables>): Promise<void> {
  refuseOthers(await holdingsOf(pool, asker(pool), await ownStore(db)));
}
