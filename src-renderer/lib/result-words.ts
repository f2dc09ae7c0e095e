import type { ResultPreview } from '../../src-shared/model/sql-result';
import { formatNumber, plural } from './time-text';

/**
 * How much of a result there is, and how much of it is shown: "4,321 rows, the first 100 shown, 20 of 40 columns".
 * `isEnded`: the query was ended at the limit of rows, so nobody knows how many there would have been.
 */
export function resultWords(preview: ResultPreview, isEnded = false): string {
  const { rows, columns, row_count, column_count, truncated } = preview;
  const hasAllRows = rows.length >= row_count;
  const hasAllColumns = columns.length >= column_count;
  return [
    isEnded ? `the first ${plural(rows.length, 'row')}, more were not read` : plural(row_count, 'row'),
    ...(hasAllRows || isEnded ? [] : [`the first ${formatNumber(rows.length)} shown`]),
    ...(hasAllColumns ? [] : [`${formatNumber(columns.length)} of ${formatNumber(column_count)} columns`]),
    ...(truncated && hasAllRows && hasAllColumns ? ['long values shortened'] : []),
  ].join(', ');
}

const numeric: ReadonlySet<string> = new Set(['integer', 'decimal', 'float']);

/** Whether column `index` holds numbers: by its type, or by its values where the database names none. */
export function isNumeric({ columns, rows }: ResultPreview, index: number): boolean {
  const type = columns[index]?.type ?? 'unknown';
  if (type !== 'unknown') return numeric.has(type);
  const values = rows.map((row) => row[index]).filter((value) => value !== null && value !== undefined);
  return values.length > 0 && values.every((value) => typeof value === 'number');
}
