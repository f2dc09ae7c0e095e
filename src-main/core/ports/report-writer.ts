import type { SqlValue } from './sql-client';

export type ReportFormat = 'csv' | 'json' | 'excel';

/** Writes one table to a file: to a temporary name first, so a failed run never leaves half a report. */
export interface Report {
  columns(names: readonly string[]): void | Promise<void>;
  row(values: readonly SqlValue[]): void | Promise<void>;
  /** Puts the finished file in its place and tells its size in bytes. */
  commit(): Promise<{ readonly path: string; readonly bytes: number }>;
  discard(): Promise<void>;
}

export interface ReportWriter {
  open(format: ReportFormat, path: string): Promise<Report>;
}
