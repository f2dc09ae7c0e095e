import type { LocalTable } from '../write-behind/changes';
import type { Row } from '../write-behind/local-rows';
import { addDigest } from '../write-behind/move-rows';
import type { RowState } from '../write-behind/table-work';
import { createSeenRows, type SeenRows } from './seen-rows';

/** One side of a move, as rows in the form of the embedded store. */
export interface MoveSide {
  /** All rows of a table; those of a numbered one in the order of their numbers. */
  pages(table: LocalTable): AsyncGenerator<readonly Row[]>;
  /** Rows as they are to be there; without a row the key is to be gone. Each call whole or not at all. */
  write(table: LocalTable, states: readonly RowState[]): Promise<void>;
  count(table: LocalTable): Promise<number>;
}

/** The same 32 bytes for the same row on both sides. */
export type DigestOf = (table: LocalTable, row: Row) => Buffer;

export interface Walk {
  readonly digestOf: DigestOf;
  readonly signal: AbortSignal;
  /** So many rows of the table are behind us. */
  readonly onRows: (table: LocalTable, rows: number) => void;
}

/** What a table holds, and how its rows looked. */
export interface Copied {
  readonly seen: SeenRows;
  readonly rows: number;
  readonly digest: string;
}

const mostAtOnce = 200;

const keyOf = (table: LocalTable, row: Row): (string | number)[] =>
  table.key.map((column) => row[column] as string | number);

async function writeAll(side: MoveSide, table: LocalTable, states: readonly RowState[]): Promise<void> {
  for (let at = 0; at < states.length; at += mostAtOnce)
    await side.write(table, states.slice(at, at + mostAtOnce));
}

/** Copies a table, page by page. The source may be written to meanwhile: `catchUp` brings what changed. */
export async function copyTable(
  source: MoveSide,
  target: MoveSide,
  table: LocalTable,
  { digestOf, signal, onRows }: Walk,
): Promise<Copied> {
  const seen = createSeenRows(table.isNumbered);
  const sum = Buffer.alloc(32);
  let rows = 0;
  for await (const page of source.pages(table)) {
    signal.throwIfAborted();
    const states = page.map((row) => ({ key: keyOf(table, row), row }));
    await writeAll(target, table, states);
    for (const { key, row } of states) {
      const digest = digestOf(table, row);
      seen.note(key, digest);
      addDigest(sum, digest);
    }
    rows += page.length;
    onRows(table, page.length);
  }
  return { seen, rows, digest: sum.toString('hex') };
}

/** How a side differs from what was copied to it; nothing does when both lists are empty. */
export interface Comparison {
  readonly rows: number;
  readonly digest: string;
  /** Rows that are not as they were copied, or were never copied. */
  readonly differing: readonly (readonly (string | number)[])[];
  /** Rows that were copied and are not there. */
  readonly missing: readonly (readonly (string | number)[])[];
}

/** Reads a table anew and holds it against what was copied. */
export async function compareTable(
  side: MoveSide,
  table: LocalTable,
  seen: SeenRows,
  { digestOf, signal, onRows }: Walk,
): Promise<Comparison> {
  const sum = Buffer.alloc(32);
  const differing: (string | number)[][] = [];
  let rows = 0;
  seen.forget();
  for await (const page of side.pages(table)) {
    signal.throwIfAborted();
    for (const row of page) {
      const digest = digestOf(table, row);
      addDigest(sum, digest);
      const key = keyOf(table, row);
      if (seen.compare(key, digest) !== true) differing.push(key);
    }
    rows += page.length;
    onRows(table, page.length);
  }
  return { rows, digest: sum.toString('hex'), differing, missing: seen.unlooked() };
}

/** Brings to the target what has changed at the source since it was copied. How many rows that were. */
export async function catchUp(
  source: MoveSide,
  target: MoveSide,
  table: LocalTable,
  seen: SeenRows,
  { digestOf, signal }: Walk,
): Promise<number> {
  const later: { key: (string | number)[]; digest: Buffer }[] = [];
  let changed = 0;
  seen.forget();
  for await (const page of source.pages(table)) {
    signal.throwIfAborted();
    const states: RowState[] = [];
    for (const row of page) {
      const key = keyOf(table, row);
      const digest = digestOf(table, row);
      if (seen.compare(key, digest) === true) continue;
      states.push({ key, row });
      later.push({ key, digest });
    }
    await writeAll(target, table, states);
    changed += states.length;
  }
  const gone = seen.unlooked();
  await writeAll(
    target,
    table,
    gone.map((key) => ({ key, row: undefined })),
  );
  for (const { key, digest } of later) seen.note(key, digest);
  return changed + gone.length;
}

/** Takes away what a target holds and the source does not: rows that were deleted there since the copy. */
export async function removeExtras(
  target: MoveSide,
  table: LocalTable,
  seen: SeenRows,
  walk: Walk,
): Promise<void> {
  const extra: RowState[] = [];
  seen.forget();
  for await (const page of target.pages(table)) {
    walk.signal.throwIfAborted();
    for (const row of page) {
      const key = keyOf(table, row);
      if (seen.compare(key, walk.digestOf(table, row)) === undefined) extra.push({ key, row: undefined });
    }
  }
  await writeAll(target, table, extra);
}
