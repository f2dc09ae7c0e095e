/**
 * What columns are on SQL Server, where the migrations say only `text` and `integer`. The three tables of the
 * specification have its types (section 3); instants of ours are DATETIME2(3), to be asked for with dates.
 */
interface ServerColumn {
  readonly type: string;
  /** T-SQL, without DEFAULT. */
  readonly preset?: string;
}

const bit = (preset: 0 | 1): ServerColumn => ({ type: 'bit', preset: String(preset) });
const int = (preset?: number): ServerColumn => ({
  type: 'int',
  ...(preset === undefined ? {} : { preset: String(preset) }),
});
const instant: ServerColumn = { type: 'datetime2(3)' };
/** The specification writes GETDATE(); what is stored is UTC. */
const now: ServerColumn = { type: 'datetime', preset: 'GETUTCDATE()' };
const author: ServerColumn = { type: 'nvarchar(255)', preset: 'SYSTEM_USER' };

const columns: Readonly<Record<string, Readonly<Record<string, ServerColumn>>>> = {
  job_configurations: { enabled: bit(1), created_date: now, modified_date: now, created_by: author },
  job_execution_history_V2: {
    start_time: { type: 'datetime' },
    end_time: { type: 'datetime' },
    duration_seconds: { type: 'float' },
    return_code: int(),
    retry_count: int(0),
    max_retries: int(0),
    scheduled_time: instant,
    scheduled_until: instant,
  },
  user_connections: {
    port: int(1433),
    connection_timeout: int(30),
    command_timeout: int(300),
    trusted_connection: bit(1),
    driver: { type: 'nvarchar(255)', preset: "N'{ODBC Driver 17 for SQL Server}'" },
    encrypt: bit(0),
    trust_server_certificate: bit(1),
    is_active: bit(1),
    created_date: now,
    modified_date: now,
    created_by: author,
    max_connections: int(),
  },
};

/** The tables of the specification: they may be there already, made by hand or by the Python program. */
export const specifiedTables: ReadonlySet<string> = new Set(Object.keys(columns));

/** Columns that hold an instant, in whichever table: SQL Server reads them from text without a zone. */
const instantNames: ReadonlySet<string> = new Set([
  'start_time',
  'end_time',
  'scheduled_time',
  'scheduled_until',
  'created_date',
  'modified_date',
  'held_since',
  'anchor',
  'cursor',
  'from_time',
  'to_time',
  'expires_at',
  'revoked_at',
  'time',
  'saved_date',
  'password_date',
  'last_login',
  'last_used',
  'last_seen',
  'lease_until',
  'started_date',
  'changed_date',
]);

export const isInstantColumn = (name: string): boolean => instantNames.has(name);

/** A name that says "instant": such a text is short, and may stand in an index. */
const looksLikeInstant = /(^|_)(time|date|at|since|until|from|to|day|seen|expires|expiry)$/;

/** The type and the preset of a migration's column on SQL Server. */
export function serverColumn(table: string, column: string, type: string, isIdentity: boolean): ServerColumn {
  const known = columns[table]?.[column];
  if (known) return known;
  if (isIdentity) return { type: 'bigint' };
  const plain = type.toLowerCase();
  if (plain === 'text') {
    if (instantNames.has(column)) return instant;
    return { type: looksLikeInstant.test(column) ? 'nvarchar(400)' : 'nvarchar(max)' };
  }
  if (plain === 'integer' || plain === 'bigint') return { type: 'bigint' };
  if (plain === 'real' || plain === 'double precision') return { type: 'float' };
  if (plain === 'boolean') return { type: 'bit' };
  if (plain === 'blob') return { type: 'varbinary(max)' };
  return { type: plain.replace(/^(var)?char\b/, (word) => `n${word}`) };
}
