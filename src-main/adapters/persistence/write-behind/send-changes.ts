import type { ConnectionPool, config } from 'mssql';
import type { ServerPool } from '../sqlserver/connect';
import { fitsJson, sendAsJson } from './rows-as-json';
import { sendAsParameters } from './rows-as-parameters';
import { troubleOf } from './server-trouble';
import { ForeignRow, type TableWork } from './table-work';

/**
 * Whether a server takes rows as JSON: SQL Server from 2016 on, at a compatibility level of 130 or more. By its address.
 * It is asked with signs that JSON writes in other words, a long text, an empty one and none: not every server that
 * speaks the protocol gives them back as they were, and it would not say so.
 */
const takesJson = new Map<string, boolean>();
const asked = {
  c0: `"\\/\r\n\t\u0001é\u{1F600} ${'long '.repeat(4000)}`,
  c1: '',
  c2: null,
  c3: 7,
  c4: 0.1 + 0.2,
};

function addressOf(pool: ConnectionPool): string {
  const { server, port, database } = (pool as unknown as { readonly config: config }).config;
  return JSON.stringify([server, port, database]);
}

async function asksForJson({ driver, pool }: ServerPool): Promise<boolean> {
  const known = takesJson.get(addressOf(pool));
  if (known !== undefined) return known;
  try {
    const request = new driver.sql.Request(pool);
    request.input('rows', driver.sql.NVarChar(driver.sql.MAX), JSON.stringify([asked]));
    const { recordset } = await request.query<Record<string, unknown>>(
      `SELECT n.[c0], n.[c1], n.[c2], n.[c3], n.[c4] FROM OPENJSON(@rows) WITH ([c0] nvarchar(max) '$.c0',
         [c1] nvarchar(max) '$.c1', [c2] nvarchar(max) '$.c2', [c3] int '$.c3', [c4] float '$.c4') AS n`,
    );
    const [row] = recordset ?? [];
    const isSame = row !== undefined && Object.entries(asked).every(([name, value]) => row[name] === value);
    takesJson.set(addressOf(pool), isSame);
    return isSame;
  } catch (error) {
    if (typeof (error as { number?: unknown }).number !== 'number') throw error;
    takesJson.set(addressOf(pool), false);
    return false;
  }
}

/** Texts of the database and of what comes as JSON can't be compared: a column has a collation of its own. */
const collationConflicts: ReadonlySet<number | undefined> = new Set([446, 449, 450, 451, 457, 468]);

/** Brings rows to the server, all or none. Sent twice, it is the same as once. */
export async function sendRows(server: ServerPool, work: readonly TableWork[]): Promise<void> {
  if (fitsJson(work) && (await asksForJson(server))) {
    try {
      await sendAsJson(server, work);
      return;
    } catch (error) {
      const { number } = error as { number?: number };
      const isConflict = collationConflicts.has(number);
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
