import type { ConnectionPool, config } from 'mssql';
import type { ServerPool } from '../sqlserver/connect';
import { fitsJson, sendAsJson } from './rows-as-json';
import { sendAsParameters } from './rows-as-parameters';
import { troubleOf } from './server-trouble';
import { ForeignRow, type TableWork } from './table-work';

/** Whether a server takes rows as JSON: from 2016 on, at a compatibility level of 130 or more. By its address. */
const takesJson = new Map<string, boolean>();

function addressOf(pool: ConnectionPool): string {
  const { server, port, database } = (pool as unknown as { readonly config: config }).config;
  return JSON.stringify([server, port, database]);
}

async function asksForJson({ driver, pool }: ServerPool): Promise<boolean> {
  const known = takesJson.get(addressOf(pool));
  if (known !== undefined) return known;
  try {
    await new driver.sql.Request(pool).query(
      `SELECT n.a FROM OPENJSON(N'[{"a":1}]') WITH (a int '$.a') AS n`,
    );
    takesJson.set(addressOf(pool), true);
    return true;
  } catch (error) {
    if (typeof (error as { number?: unknown }).number !== 'number') throw error;
    takesJson.set(addressOf(pool), false);
    return false;
  }
}

/** Texts of the database and of what comes as JSON can't be compared: a column has a collation of its own. */
const collationConflict = 468;

/** Brings rows to the server, all or none. Sent twice, it is the same as once. */
export async function sendRows(server: ServerPool, work: readonly TableWork[]): Promise<void> {
  if (fitsJson(work) && (await asksForJson(server))) {
    try {
      await sendAsJson(server, work);
      return;
    } catch (error) {
      const { number } = error as { number?: number };
      const isConflict = number === collationConflict;
      if (isConflict) takesJson.set(addressOf(server.pool), false);
      // Whatever the server says, it may be that it does not take JSON any more.
      else if (typeof number === 'number') takesJson.delete(addressOf(server.pool));
      const isOne = work.length === 1 && work[0]?.states.length === 1;
      // A single row may hold what JSON can't carry there; as parameters it is tried before it is blamed.
      const mayFit = isOne && troubleOf(error) === 'row' && !(error instanceof ForeignRow);
      if (!isConflict && !mayFit) throw error;
    }
  }
  await sendAsParameters(server, work);
}
