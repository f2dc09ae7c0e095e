import type { Writable } from 'node:stream';
import exceljs from 'exceljs';
import type { ResultColumn, ResultColumnType } from '../../../src-shared/model/sql-result';
import type { Report } from '../../core/ports/report-writer';
import type { SqlValue } from '../../core/ports/sql-client';
import { isExactNumber, valueText } from '../../core/sql/value-text';
import { needsDrain, type ReportFile } from './report-file';

/** Microsoft, "Excel specifications and limits". */
const sheetRows = 1_048_576;
const sheetColumns = 16_384;
const cellCharacters = 32_767;
/** Excel's calendar is wrong before this day: it has a 29 February 1900. */
const firstDate = Date.UTC(1900, 2, 1);

const formats: Partial<Record<ResultColumnType, string>> = {
  date: 'yyyy-mm-dd',
  time: 'hh:mm:ss.000',
  datetime: 'yyyy-mm-dd hh:mm:ss',
  instant: 'yyyy-mm-dd hh:mm:ss',
};
const widths: Partial<Record<ResultColumnType, number>> = {
  date: 12,
  time: 14,
  datetime: 20,
  instant: 20,
  integer: 12,
  decimal: 14,
  float: 14,
  boolean: 8,
};

/** The library ignores its stream's pressure; this is where the pressure can be seen. */
interface StreamedSheet extends exceljs.Worksheet {
  readonly stream: { readonly pipes: readonly Writable[] };
}

interface Losses {
  longTexts: number;
}

function toCell(
  value: SqlValue,
  type: ResultColumnType,
  losses: Losses,
): string | number | boolean | Date | null {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Date) {
    if (type === 'time') return (value.getTime() % 86_400_000) / 86_400_000;
    return value.getTime() >= firstDate ? value : valueText(value, type);
  }
  // A number that a double can't hold would lose digits; as text it keeps them.
  const isNumeric = (type === 'decimal' || type === 'integer') && typeof value === 'string' && value !== '';
  if (isNumeric && isExactNumber(value)) return Number(value);
  const text = valueText(value, type);
  if (text.length <= cellCharacters) return text;
  losses.longTexts += 1;
  return text.slice(0, cellCharacters);
}

/** One workbook with a sheet a result; a result longer than a sheet goes on in the next. Text is never a formula. */
export function createExcelReport(file: ReportFile): Report {
  const workbook = new exceljs.stream.xlsx.WorkbookWriter({
    stream: file.out,
    useStyles: true,
    useSharedStrings: false,
  });
  const losses: Losses = { longTexts: 0 };
  let columns: readonly ResultColumn[] = [];
  let sheet: StreamedSheet | undefined;
  let results = 0;
  let rows = 0;

  const addSheet = (name: string) => {
    sheet?.commit();
    sheet = workbook.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] }) as StreamedSheet;
    sheet.columns = columns.map(({ name: header, type }) => {
      const numFmt = formats[type];
      return {
        width: Math.min(60, Math.max(widths[type] ?? 16, header.length + 2)),
        ...(numFmt ? { style: { numFmt } } : {}),
      };
    });
    const head = sheet.addRow(columns.map((column) => column.name));
    head.font = { bold: true };
    head.commit();
    rows = 1;
  };

  return {
    columns(next) {
      if (next.length > sheetColumns) {
        throw new Error(
          `The result has ${next.length} columns; an Excel sheet holds ${sheetColumns}, so use csv or json`,
        );
      }
      columns = next;
      results += 1;
      addSheet(`Result ${results}`);
    },
    row(values) {
      if (rows >= sheetRows) addSheet(`Result ${results} part ${Math.ceil(rows / sheetRows) + 1}`);
      rows += 1;
      sheet
        ?.addRow(values.map((value, index) => toCell(value, columns[index]?.type ?? 'unknown', losses)))
        .commit();
      const behind = sheet?.stream.pipes.find(needsDrain);
      return behind && file.room(behind);
    },
    async commit() {
      sheet?.commit();
      await Promise.race([workbook.commit(), file.closed()]);
      await file.closed();
      const written = await file.commit();
      const { longTexts } = losses;
      const notes =
        longTexts > 0
          ? [
              `${longTexts} values are longer than a cell of Excel holds (${cellCharacters} characters) and were cut`,
            ]
          : [];
      return { files: [written], notes };
    },
    discard: () => file.discard(),
  };
}
