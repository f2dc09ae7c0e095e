import type { ResultColumn } from '../../../src-shared/model/sql-result';
import type { SqlValue } from './sql-client';

export type ReportFormat = 'csv' | 'json' | 'excel';

export interface WrittenReports {
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** What a format could not hold as it was, in words. */
  readonly notes: readonly string[];
}

/**
 * Writes results to files: under a temporary name first, so a failed run never leaves half a report. Several results
 * are sheets of one Excel file; as CSV or JSON they are `report.csv`, `report-2.csv` and so on.
 */
export interface Report {
  /** Begins the next result. A returned promise asks to wait. */
  columns(columns: readonly ResultColumn[]): void | Promise<void>;
  row(values: readonly SqlValue[]): void | Promise<void>;
  /** Puts the finished files in their places. */
  commit(): Promise<WrittenReports>;
  discard(): Promise<void>;
}

export interface ReportWriter {
  /** Throws Error in plain words when the file can't be made. */
  open(format: ReportFormat, path: string): Promise<Report>;
}
