import { join, parse } from 'node:path';
import type { ResultColumn } from '../../../src-shared/model/sql-result';
import type { Report } from '../../core/ports/report-writer';
import type { SqlValue } from '../../core/ports/sql-client';
import { openReportFile, type ReportFile } from './report-file';

/** Writes one result to one file, whose stream it ends. */
export interface TableWriter {
  row(values: readonly SqlValue[]): void | Promise<void>;
  /** Writes what is left and ends the file's stream. */
  end(): void;
  /** Lets go of everything before the file is given up. */
  abort(): void;
}

export type OpenTable = (file: ReportFile, columns: readonly ResultColumn[]) => TableWriter;

/** `report.csv`, `report-2.csv`, `report-3.csv`. */
function numbered(path: string, number: number): string {
  if (number === 1) return path;
  const { dir, name, ext } = parse(path);
  return join(dir, `${name}-${number}${ext}`);
}

/** A report of a format that holds one result a file. All files get their names at the end, or none does. */
export function createNumberedReport(first: ReportFile, openTable: OpenTable): Report {
  const files: ReportFile[] = [];
  let table: TableWriter | undefined;

  const endTable = async () => {
    table?.end();
    table = undefined;
    await files.at(-1)?.closed();
  };

  return {
    async columns(columns) {
      await endTable();
      const file = files.length === 0 ? first : await openReportFile(numbered(first.path, files.length + 1));
      files.push(file);
      table = openTable(file, columns);
    },
    row: (values) => table?.row(values),
    async commit() {
      await endTable();
      const written = [];
      for (const file of files) written.push(await file.commit());
      return { files: written, notes: [] };
    },
    async discard() {
      table?.abort();
      for (const file of files.length === 0 ? [first] : files) await file.discard();
    },
  };
}
