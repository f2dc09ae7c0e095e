import type { ResultCell, ResultColumn, ResultPreview } from '../../../src-shared/model/sql-result';
import type { SqlValue } from '../ports/sql-client';
import { valueCell } from './value-text';

/** How much of results is kept to be shown. */
export interface PreviewLimits {
  readonly results: number;
  /** Of each result. */
  readonly rows: number;
  readonly columns: number;
  /** Characters of one value. */
  readonly cell: number;
  /** Characters of all values together. */
  readonly total: number;
}

/** Of a run: it goes into the history, where a thousand of them are kept. */
export const historyLimits: PreviewLimits = {
  results: 40,
  rows: 50,
  columns: 40,
  cell: 300,
  total: 128 * 1024,
};

/** Keeps the first rows of results as they stream by. */
export interface PreviewKeeper {
  begin(columns: readonly ResultColumn[]): void;
  row(values: readonly SqlValue[]): void;
  /** Those kept; one that was cut short says so. */
  finish(): { readonly results: ResultPreview[]; readonly result_count: number; readonly row_count: number };
}

interface Kept {
  readonly columns: ResultColumn[];
  readonly column_count: number;
  readonly rows: ResultCell[][];
  row_count: number;
  isCut: boolean;
}

export function createPreviewKeeper(limits: PreviewLimits): PreviewKeeper {
  const kept: Kept[] = [];
  let current: Kept | undefined;
  let resultCount = 0;
  let rowCount = 0;
  let room = limits.total;

  const cut = (value: SqlValue, type: ResultColumn['type'], result: Kept): ResultCell => {
    // A long run of bytes is cut before it becomes text, which would be twice as long.
    const isLong = value instanceof Uint8Array && value.length > limits.cell;
    const cell = valueCell(isLong ? value.subarray(0, limits.cell) : value, type);
    if (typeof cell !== 'string') {
      room -= 8;
      return cell;
    }
    const text = cell.length > limits.cell ? `${cell.slice(0, limits.cell - 1)}…` : cell;
    if (text !== cell) result.isCut = true;
    room -= text.length + 2;
    return text;
  };

  return {
    begin(columns) {
      resultCount += 1;
      current = undefined;
      if (kept.length >= limits.results) return;
      const shown = columns.slice(0, limits.columns).map(({ name, type }) => {
        room -= Math.min(name.length, 128) + 2;
        return { name: name.slice(0, 128), type };
      });
      current = {
        columns: shown,
        column_count: columns.length,
        rows: [],
        row_count: 0,
        isCut: columns.length > limits.columns,
      };
      kept.push(current);
    },
    row(values) {
      rowCount += 1;
      if (!current) return;
      current.row_count += 1;
      if (current.rows.length >= limits.rows || room <= 0) return;
      const result = current;
      result.rows.push(
        result.columns.map((column, index) => cut(values[index] ?? null, column.type, result)),
      );
    },
    finish() {
      const results = kept.map(({ columns, column_count, rows, row_count, isCut }) => ({
        columns,
        rows,
        row_count,
        column_count,
        truncated: isCut || rows.length < row_count,
      }));
      return { results, result_count: resultCount, row_count: rowCount };
    },
  };
}
