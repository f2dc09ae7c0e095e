export type LogLevel = 'debug' | 'info' | 'warning' | 'error';

/** The application log. Messages are single lines; the adapter escapes what would break one. */
export interface Logger {
  debug(message: string, details?: Readonly<Record<string, unknown>>): void;
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  warning(message: string, details?: Readonly<Record<string, unknown>>): void;
  error(message: string, details?: Readonly<Record<string, unknown>>): void;
}

export interface LogEntry {
  readonly time: string;
  readonly level: LogLevel;
  /** Which log it stands in: `scheduler`, `web`, or `jobs/<job_id>`. */
  readonly source: string;
  readonly message: string;
}

export interface LogQuery {
  /** This level and those above it. */
  readonly level?: LogLevel;
  readonly source?: string;
  readonly search?: string;
  readonly from?: number;
  readonly to?: number;
  readonly limit: number;
  readonly offset: number;
}

/** Reads the log files back, newest first. */
export interface LogReader {
  read(query: LogQuery): Promise<{ readonly entries: readonly LogEntry[]; readonly total: number }>;
}

/** `logs/jobs/<job_id>.log`: what each run of one job said of itself. */
export interface JobLog {
  write(job_id: string, level: LogLevel, message: string): void;
}
