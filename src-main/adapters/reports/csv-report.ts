import { stringify } from 'csv-stringify';
import { valueText } from '../../core/sql/value-text';
import type { OpenTable } from './numbered-report';
import { safeText } from './safe-text';

/** CSV as Excel and others read it: UTF-8 with its mark, CR LF, NULL as nothing and empty text as `""`. */
export const openCsvTable: OpenTable = (file, columns) => {
  // Besides what must be quoted, line ends alone and empty text: without quotes that would read as NULL.
  const csv = stringify({ record_delimiter: '\r\n', quoted_match: /^$|[\r\n]/ });
  csv.on('error', () => undefined);
  file.out.write('\uFEFF');
  csv.pipe(file.out);
  const types = columns.map(({ type }) => type);
  const write = (cells: readonly (string | null)[]): void | Promise<void> => {
    if (!csv.write(cells)) return file.room(csv);
  };
  void write(columns.map(({ name }) => safeText(name)));
  return {
    row: (values) =>
      write(
        values.map((value, index) => {
          if (value === null) return null;
          const type = types[index] ?? 'unknown';
          const text = valueText(value, type);
          return typeof value === 'string' && type !== 'decimal' && type !== 'integer'
            ? safeText(text)
            : text;
        }),
      ),
    end: () => void csv.end(),
    abort: () => void csv.destroy(),
  };
};
