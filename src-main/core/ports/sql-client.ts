import type { ErrorClass } from '../../../src-shared/model/run-rules';
import type { ResultColumn, SqlMessage } from '../../../src-shared/model/sql-result';
import type { Certificate } from './certificate';

/** How a program proves to SQL Server who it is. */
export type SqlServerLogin =
  | { readonly kind: 'windows'; readonly odbc_driver: string }
  | { readonly kind: 'sql'; readonly username: string; readonly password: string }
  | {
      /** Microsoft Entra; the names are those of the driver. */
      readonly kind:
        | 'azure-active-directory-default'
        | 'azure-active-directory-password'
        | 'azure-active-directory-service-principal-secret'
        | 'azure-active-directory-msi-vm'
        | 'azure-active-directory-msi-app-service';
      readonly username: string | null;
      readonly password: string | null;
      readonly tenant_id: string | null;
      readonly client_id: string | null;
    };

/** A connection with its secrets opened; never logged, never stored. */
export type SqlTarget =
  | {
      readonly driver: 'sqlserver';
      /** The saved connection it comes from: its pool is told by that name, and dropped when it changes. */
      readonly connection_id?: string;
      /** `HOST`, `HOST\INSTANCE`, `HOST,PORT` or `tcp:HOST,PORT`. */
      readonly server: string;
      readonly port: number | null;
      readonly database: string;
      readonly login: SqlServerLogin;
      readonly encrypt: boolean;
      readonly trust_server_certificate: boolean;
      readonly connection_timeout_seconds: number;
      /** 0: no limit. */
      readonly command_timeout_seconds: number;
      /** Most connections that are open at once; others wait. */
      readonly max_connections: number;
    }
  | {
      readonly driver: 'sqlite';
      readonly connection_id?: string;
      readonly file: string;
      /** 0: no limit. */
      readonly command_timeout_seconds: number;
      readonly read_only?: boolean;
    };

export type SqlValue = string | number | bigint | boolean | Date | Uint8Array | null;

/** A value bound by name; `@name` or `:name` in the text. */
export interface SqlParameter {
  readonly name: string;
  readonly value: SqlValue;
  /** As T-SQL writes it: `int`, `nvarchar(50)`, `decimal(10,2)`. Left out: told by the value. */
  readonly type?: string;
  readonly direction: 'in' | 'out' | 'inout';
}

export const sqlIsolations = [
  'read_uncommitted',
  'read_committed',
  'repeatable_read',
  'serializable',
  'snapshot',
] as const;
export type SqlIsolation = (typeof sqlIsolations)[number];

export interface SqlRequest {
  /** `text` is a script, or the name of a procedure. */
  readonly kind: 'script' | 'procedure';
  readonly text: string;
  readonly parameters: readonly SqlParameter[];
  readonly transaction: boolean;
  readonly isolation?: SqlIsolation;
  /** The run's variables, for a client that works in a process of its own: they tell whose process it is. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Receives results in the order the server sends them. A returned promise holds the server back. */
export interface SqlSink {
  onColumns(columns: readonly ResultColumn[]): void | Promise<void>;
  onRow(values: readonly SqlValue[]): void | Promise<void>;
  /** The rows of the result are over. Not every server says so; the next result or the end says it too. */
  onResultEnd?(): void | Promise<void>;
  /** PRINT, RAISERROR, warnings, and errors as they come. */
  onMessage(message: SqlMessage): void | Promise<void>;
  /** Of a statement that changes rows; not of one that only reads. */
  onRowsAffected(count: number): void | Promise<void>;
  /** What a procedure gave back. */
  onOutput?(values: Readonly<Record<string, SqlValue>>, return_value: number): void | Promise<void>;
  /** Everything was received. What it throws undoes an open transaction and is what `run` throws. */
  onEnd?(): void | Promise<void>;
}

/** The server, or the way to it, refused: `message` is for the admin, `number` the server's own. */
export class SqlError extends Error {
  readonly number: number | undefined;
  readonly line: number | undefined;
  /** The procedure that `line` counts in, when it is not the query. */
  readonly procedure: string | undefined;
  /** `connection`: the way to the server; `configuration`: nothing that trying again changes. */
  readonly error_class: Extract<ErrorClass, 'connection' | 'configuration' | 'spawn' | 'sql'>;
  constructor(
    message: string,
    details: {
      number?: number;
      line?: number;
      procedure?: string;
      cause?: unknown;
      error_class?: SqlError['error_class'];
    } = {},
  ) {
    super(message, { cause: details.cause });
    this.name = 'SqlError';
    this.number = details.number;
    this.line = details.line;
    this.procedure = details.procedure;
    this.error_class = details.error_class ?? 'sql';
  }
}

/** How full a pool of connections is. */
export interface SqlPoolStatus {
  /** The saved connection, or null for a login that a job spells out. */
  readonly connection_id: string | null;
  readonly server: string;
  readonly database: string;
  readonly max: number;
  readonly open: number;
  readonly in_use: number;
  /** Queries that wait for a connection to be free. */
  readonly waiting: number;
}

export interface SqlExpiry {
  readonly certificate?: Certificate;
  /** Absent where it does not expire, or the server does not tell. */
  readonly password_days_left?: number;
}

export interface SqlClient {
  /** Runs to the end or throws SqlError; an aborted signal cancels on the server and rejects. */
  run(target: SqlTarget, request: SqlRequest, sink: SqlSink, signal: AbortSignal): Promise<void>;
  /** Connects and asks for the server's version. Throws SqlError with what to do about it. */
  test(
    target: SqlTarget,
    signal: AbortSignal,
  ): Promise<{ readonly version: string; readonly milliseconds: number }>;
  /** What of a login comes to an end: the server's certificate, where it is checked, and the password's last day. */
  expiry?(target: SqlTarget, signal: AbortSignal): Promise<SqlExpiry>;
  /** The pools there are; a driver without pools has none. */
  pools(): readonly SqlPoolStatus[];
  /** Closes what is kept open for a saved connection; queries under way end undisturbed. */
  forget(connection_id: string): void;
}

/** Open connections a target may have at once, unless it says otherwise. */
export const defaultMaxConnections = 10;
