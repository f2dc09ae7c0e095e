import type { Report } from '../../core/ports/report-writer';
import type { SqlSink, SqlValue } from '../../core/ports/sql-client';

const widestCell = 60;
const previewRows = 20;

/** A value as text in logs and previews. */
export function cellText(value: SqlValue): string {
  if (value === null) return 'NULL';
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) {
    const hex = [...value.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return `0x${hex}${value.length > 16 ? `… (${value.length} bytes)` : ''}`;
  }
  return String(value);
}

function fitted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a cell must not break the table's lines
  const line = text.replace(/[\u0000-\u001f]/g, ' ');
  return line.length > widestCell ? `${line.slice(0, widestCell - 1)}…` : line;
}

/** Rows as a table of text, columns aligned, numbers to the right. */
export function textTable(columns: readonly string[], rows: readonly (readonly SqlValue[])[]): string {
  const cells = rows.map((row) => row.map((value) => fitted(cellText(value))));
  const widths = columns.map((name, index) =>
    Math.max(fitted(name).length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  const isNumber = columns.map((_, index) =>
    rows.every((row) => ['number', 'bigint'].includes(typeof row[index]) || row[index] === null),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, index) =>
        isNumber[index] ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [
    line(columns.map(fitted)),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...cells.map(line),
  ].join('\n');
}

export interface ResultSummary {
  readonly results: number;
  readonly row_count: number;
  readonly rows_affected: number;
  readonly preview:
    | { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }
    | undefined;
}

/**
 * Takes results as they come: the first rows of each to the log as a table, the first result to the report.
 */
export function createResultLog(deps: {
  readonly write: (text: string) => void | Promise<void>;
  readonly rowsShown: number;
  readonly report: Report | undefined;
}): { readonly sink: SqlSink; finish(): Promise<ResultSummary> } {
  let results = 0;
  let rowsTotal = 0;
  let affected = 0;
  let columns: readonly string[] | undefined;
  let shown: (readonly SqlValue[])[] = [];
  let rows = 0;
  let preview: ResultSummary['preview'];

  const flush = async () => {
    if (!columns) return;
    if (results === 1) {
      preview = {
        columns,
        rows: shown.slice(0, previewRows).map((row) => row.map((value) => cellText(value).slice(0, 200))),
      };
    }
    const more = rows > shown.length ? `… ${rows - shown.length} more rows\n` : '';
    const table = columns.length === 0 ? '' : `${textTable(columns, shown)}\n`;
    await deps.write(`${table}${more}(${rows} ${rows === 1 ? 'row' : 'rows'})\n`);
    columns = undefined;
    shown = [];
    rows = 0;
  };

  return {
    sink: {
      async onColumns(names) {
        await flush();
        results += 1;
        columns = names;
        if (results === 1) await deps.report?.columns(names);
      },
      onRow(values) {
        rows += 1;
        rowsTotal += 1;
        if (shown.length < deps.rowsShown) shown.push(values);
        return results === 1 ? deps.report?.row(values) : undefined;
      },
      onMessage(text) {
        void deps.write(`${text}\n`);
      },
      onRowsAffected(count) {
        affected += count;
      },
    },
    async finish() {
      await flush();
      return { results, row_count: rowsTotal, rows_affected: affected, preview };
    },
  };
}
