import type { ResultColumn } from '../../../src-shared/model/sql-result';
import type { SqlValue } from '../../core/ports/sql-client';
import { valueText } from '../../core/sql/value-text';

const widestCell = 60;

/** One line's worth of a value; what would break the table's lines becomes a space. */
function fitted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a cell must not break the table's lines
  const line = text.slice(0, widestCell + 1).replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ');
  return text.length > widestCell ? `${line.slice(0, widestCell - 1)}…` : line;
}

/** A value as a cell of the log. Long bytes are told by their beginning and length. */
export function logCell(value: SqlValue, column: ResultColumn | undefined): string {
  if (value === null) return 'NULL';
  if (value instanceof Uint8Array && value.length > 16)
    return fitted(`${valueText(value.subarray(0, 16), 'binary')}… (${value.length} bytes)`);
  return fitted(valueText(value, column?.type ?? 'unknown'));
}

/** Rows as a table of text, columns aligned, numbers to the right. */
export function textTable(columns: readonly ResultColumn[], rows: readonly (readonly string[])[]): string {
  const names = columns.map(({ name }) => fitted(name));
  const widths = names.map((name, index) =>
    rows.reduce((widest, row) => Math.max(widest, row[index]?.length ?? 0), name.length),
  );
  const isNumber = columns.map((_, index) =>
    rows.every((row) => row[index] === 'NULL' || /^-?\d+(\.\d+)?$/.test(row[index] ?? '')),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, index) =>
        isNumber[index] ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(names), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}
