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

export interface LogFilter {
  /** This level and those above it. */
  readonly level?: LogLevel;
  readonly source?: string;
  readonly search?: string;
}

export interface LogQuery extends LogFilter {
  readonly from?: number;
  readonly to?: number;
  readonly limit: number;
  readonly offset: number;
}

export interface LogPage {
  /** Newest first. */
  readonly entries: readonly LogEntry[];
  readonly total: number;
  /** A place in the stream of lines: `tail` from here gives exactly what this answer does not hold. */
  readonly cursor: string;
  /** The files hold older lines that were not looked at. */
  readonly isPartial: boolean;
}

/** What was written since a place in the stream. */
export interface LogTail {
  /** Oldest first. */
  readonly entries: readonly LogEntry[];
  readonly cursor: string;
  /** Lines in between are no longer kept, or the program was started anew: read the files. */
  readonly isComplete: boolean;
}

/** The files of one log: the present one and those it was rotated into. */
export interface LogSource {
  readonly source: string;
  readonly files: number;
  readonly bytes: number;
  /** Epoch ms of the last change. */
  readonly modified: number;
}

/** Reads the logs back: the files, and what is just being written. */
export interface LogReader {
  read(query: LogQuery): Promise<LogPage>;
  tail(filter: LogFilter, after: { readonly cursor: string; readonly limit: number }): LogTail;
  sources(): Promise<readonly LogSource[]>;
}

/** `logs/jobs/<job_id>.log`: what each run of one job said of itself. */
export interface JobLog {
  write(job_id: string, level: LogLevel, message: string): void;
}
