/** A connection with its secrets opened; never logged, never stored. */
export type SqlTarget =
  | {
      readonly driver: 'sqlserver';
      /** `HOST`, `HOST\INSTANCE`, `HOST,PORT` or `tcp:HOST,PORT`. */
      readonly server: string;
      readonly port: number | null;
      readonly database: string;
      readonly trusted_connection: boolean;
      readonly username: string | null;
      readonly password: string | null;
      readonly odbc_driver: string;
      readonly encrypt: boolean;
      readonly trust_server_certificate: boolean;
      readonly connection_timeout_seconds: number;
      readonly command_timeout_seconds: number;
    }
  | {
      readonly driver: 'sqlite';
      readonly file: string;
      readonly command_timeout_seconds: number;
    };

export type SqlValue = string | number | bigint | boolean | Date | Uint8Array | null;

export interface SqlRequest {
  readonly text: string;
  /** Bound by name; `@name` in the text. */
  readonly parameters: Readonly<Record<string, SqlValue>>;
  readonly transaction: boolean;
  /** The run's variables, for a client that works in a process of its own: they tell whose process it is. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Receives results in the order the server sends them. A returned promise holds the server back. */
export interface SqlSink {
  onColumns(columns: readonly string[]): void | Promise<void>;
  onRow(values: readonly SqlValue[]): void | Promise<void>;
  /** PRINT, RAISERROR below severity 11, warnings. */
  onMessage(text: string): void;
  onRowsAffected(count: number): void;
}

/** The server, or the way to it, refused: `message` is for the admin, `number` the server's own. */
export class SqlError extends Error {
  readonly number: number | undefined;
  readonly line: number | undefined;
  constructor(message: string, details: { number?: number; line?: number; cause?: unknown } = {}) {
    super(message, { cause: details.cause });
    this.name = 'SqlError';
    this.number = details.number;
    this.line = details.line;
  }
}

export interface SqlClient {
  /** Runs to the end or throws SqlError; an aborted signal cancels on the server and rejects. */
  run(target: SqlTarget, request: SqlRequest, sink: SqlSink, signal: AbortSignal): Promise<void>;
  /** Connects and asks for the server's version. Throws SqlError with what to do about it. */
  test(
    target: SqlTarget,
    signal: AbortSignal,
  ): Promise<{ readonly version: string; readonly milliseconds: number }>;
}
