import { ForeignRow } from './table-work';

/** Undone by the server for reasons of the moment: the same again may do. Source: Microsoft, transient errors. */
const passing: ReadonlySet<number> = new Set([
  1205, 1222, 3960, 8645, 8651, 10928, 10929, 40197, 40501, 40613, 49918, 49919, 49920,
]);
/** The server or the login as it is now takes no rows at all: no row is to blame. */
const general: ReadonlySet<number> = new Set([
  207, 208, 229, 230, 262, 297, 300, 701, 802, 823, 824, 845, 911, 916, 924, 927, 945, 952, 976, 978, 983,
  1088, 1105, 3906, 3908, 4060, 5069, 8106, 9002, 17142, 18456,
]);

const connectionCodes =
  /^(ESOCKET|ETIMEOUT|ECONNCLOSED|ECONNRESET|ECONNREFUSED|ENOTOPEN|ENOCONN|EINSTLOOKUP|ELOGIN|EDRIVER|ECANCEL|EPIPE|ETDS)$/;

/** What a failed sending means for what was sent. */
export type Trouble = 'again' | 'away' | 'row';

/** Whether the same rows may be sent again at once, the server is to be waited for, or a row may be at fault. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof ForeignRow) return 'row';
  const found = error as {
    code?: string;
    number?: number;
    originalError?: { code?: string; number?: number };
  };
  const number = found?.number ?? found?.originalError?.number;
  const code = found?.code ?? found?.originalError?.code ?? '';
  if (typeof number === 'number' && passing.has(number)) return 'again';
  if (typeof number === 'number' && general.has(number)) return 'away';
  if (connectionCodes.test(code) || (typeof number !== 'number' && code !== 'EREQUEST')) return 'away';
  return 'row';
}
