import type { Row } from './local-rows';
import type { ServerTable } from './server-tables';

/** A row as it is here now; `row` undefined: it is gone. */
export interface RowState {
  readonly key: readonly (string | number)[];
  readonly row: Row | undefined;
}

/** Rows of one table to be brought to the server. */
export interface TableWork {
  readonly table: ServerTable;
  readonly states: readonly RowState[];
}

/** The row of this key on the server is somebody else's: it is not written over. */
export class ForeignRow extends Error {
  override readonly name = 'ForeignRow';
}

/** What never changes in a row of ours, so that an id another program has given out meanwhile is not taken for ours. */
const lasting: Readonly<Record<string, readonly string[]>> = {
  job_execution_history_V2: ['job_id', 'trigger_type'],
};

export const keyText = (key: readonly unknown[]): string => JSON.stringify(key.map(String));

/** The columns by which a row of ours is known: its key, and what never changes in it. */
export function lookedAt({ local, types }: ServerTable): string[] {
  const guards = (lasting[local.name] ?? []).filter((column) => types.has(column));
  return [...local.key, ...guards.filter((column) => !local.key.includes(column))];
}

/** Rows of one table, told apart by what is to be done with them there. */
export interface SortedStates {
  readonly gone: readonly RowState[];
  readonly known: readonly RowState[];
  readonly fresh: readonly RowState[];
}

/** Tells new rows from known ones by what was found there. Throws `ForeignRow` where a known one is not ours. */
export function sortStates(
  table: ServerTable,
  states: readonly RowState[],
  found: readonly Row[],
): SortedStates {
  const { local } = table;
  const keyOf = (row: Row) => keyText(local.key.map((column) => row[column]));
  const there = new Map(found.map((row) => [keyOf(row), row]));
  const asked = new Set(states.map(({ key }) => keyText(key)));
  // The collation of the server may not tell apart what is told apart here.
  if ([...there.keys()].some((key) => !asked.has(key)))
    throw new ForeignRow(
      `${local.name}: the server holds a row whose ${local.key.join(', ')} differs only in case or accents`,
    );
  const gone: RowState[] = [];
  const known: RowState[] = [];
  const fresh: RowState[] = [];
  const guards = lookedAt(table).filter((column) => !local.key.includes(column));
  for (const state of states) {
    const { key, row } = state;
    const old = there.get(keyText(key));
    if (row === undefined) gone.push(state);
    else if (old === undefined) fresh.push(state);
    else if (guards.some((column) => (old[column] ?? null) !== (row[column] ?? null)))
      throw new ForeignRow(
        `${local.name}: ${local.key.join(', ')} ${key.join(', ')} is a row of another program on the server`,
      );
    else known.push(state);
  }
  return { gone, known, fresh };
}
