import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { Report, ReportFormat, ReportWriter } from '../../core/ports/report-writer';
import type { SqlValue } from '../../core/ports/sql-client';
import { openReportFile, type ReportFile } from './report-file';
import { safeText } from './safe-text';

function asText(value: SqlValue): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`;
  return String(value);
}

/** Waits for room in a stream, and fails when the stream does. */
async function drained(stream: Writable): Promise<void> {
  if (stream.errored) throw stream.errored;
  if (stream.writableNeedDrain) await once(stream, 'drain');
}

async function ended(stream: Writable): Promise<void> {
  stream.end();
  await finished(stream);
}

function csvReport(file: ReportFile): Report {
  const out = createWriteStream(file.temporary, { mode: 0o640 });
  // A lone line feed inside a value would otherwise stand unquoted.
  const csv = stringify({ record_delimiter: '\r\n', quoted_match: /[\r\n]/ });
  csv.pipe(out);
  out.on('error', (error) => csv.destroy(error));
  csv.on('error', () => undefined);
  const write = (cells: unknown[]): void | Promise<void> => {
    if (!csv.write(cells)) return drained(csv);
  };
  // Excel takes a file without a byte-order mark for the local code page.
  out.write('\uFEFF');
  return {
    columns: (names) => write(names.map(safeText)),
    row: (values) =>
      write(
        values.map((value) =>
          value === null
            ? ''
            : typeof value === 'number' || typeof value === 'bigint'
              ? String(value)
              : safeText(asText(value)),
        ),
      ),
    async commit() {
      csv.end();
      await finished(out);
      return file.commit();
    },
    async discard() {
      csv.destroy();
      out.destroy();
      await once(out, 'close').catch(() => undefined);
      await file.discard();
    },
  };
}

function jsonReport(file: ReportFile): Report {
  const out = createWriteStream(file.temporary, { mode: 0o640 });
  out.on('error', () => undefined);
  let names: readonly string[] = [];
  let count = 0;
  const write = (text: string): void | Promise<void> => {
    if (!out.write(text)) return drained(out);
  };
  const plain = (value: SqlValue) =>
    typeof value === 'bigint' || value instanceof Date || value instanceof Uint8Array ? asText(value) : value;
  return {
    columns(columns) {
      // Two columns of one name would lose a value each row.
      names = columns.map((name, index) =>
        columns.indexOf(name) === index && name !== '' ? name : `${name || 'column'}_${index + 1}`,
      );
      return write('[');
    },
    row(values) {
      count += 1;
      const record = Object.fromEntries(names.map((name, index) => [name, plain(values[index] ?? null)]));
      return write(`${count === 1 ? '' : ','}\n${JSON.stringify(record)}`);
    },
    async commit() {
      out.write(count === 0 ? ']\n' : '\n]\n');
      await ended(out);
      return file.commit();
    },
    async discard() {
      out.destroy();
      await once(out, 'close').catch(() => undefined);
      await file.discard();
    },
  };
}

/** A worksheet holds 1,048,576 rows (Microsoft, "Excel specifications and limits"). */
const sheetRows = 1_048_576;

async function excelReport(file: ReportFile): Promise<Report> {
  // Loaded with the first workbook: it would cost every start 0.3 s and 30 MB.
  const { default: exceljs } = await import('exceljs');
  const out = createWriteStream(file.temporary, { mode: 0o640 });
  out.on('error', () => undefined);
  const workbook = new exceljs.stream.xlsx.WorkbookWriter({
    stream: out,
    useStyles: true,
    useSharedStrings: false,
  });
  let header: string[] = [];
  const addSheet = (number: number) =>
    workbook.addWorksheet(`Result ${number}`, { views: [{ state: 'frozen', ySplit: 1 }] });
  let sheet = addSheet(1);
  let rows = 0;
  let sheets = 1;
  const cell = (value: SqlValue) => {
    if (value === null) return null;
    if (typeof value === 'number' || typeof value === 'boolean' || value instanceof Date) return value;
    // A cell holds 32,767 characters. Text is stored as text here, so a formula in it stays one.
    return asText(value).slice(0, 32_767);
  };
  const begin = () => {
    const row = sheet.addRow(header);
    row.font = { bold: true };
    row.commit();
    rows = 1;
  };
  return {
    columns(names) {
      header = [...names];
      begin();
    },
    row(values) {
      if (rows >= sheetRows) {
        sheet.commit();
        sheets += 1;
        sheet = addSheet(sheets);
        begin();
      }
      rows += 1;
      sheet.addRow(values.map(cell)).commit();
      return out.writableNeedDrain ? drained(out) : undefined;
    },
    async commit() {
      if (rows === 0) begin();
      sheet.commit();
      await workbook.commit();
      if (!out.closed) await finished(out);
      return file.commit();
    },
    async discard() {
      out.destroy();
      await file.discard();
    },
  };
}

const formats: Readonly<Record<ReportFormat, (file: ReportFile) => Report | Promise<Report>>> = {
  csv: csvReport,
  json: jsonReport,
  excel: excelReport,
};

/** Reports as CSV, JSON or Excel files, row by row in bounded memory. */
export const fileReportWriter: ReportWriter = {
  async open(format, path) {
    return formats[format](await openReportFile(path));
  },
};
