import { AppError } from '../../../../src-shared/errors';
import { type Ask, bracketed, readColumn } from '../write-behind/server-tables';

/** A row of either configuration table. */
export interface OldJob {
  readonly job_id: string;
  readonly name: string;
  readonly job_type: string;
  /** JSON, as the Python program has written it. */
  readonly configuration: string;
  readonly enabled: boolean;
}

/** A row of user_connections as it stands there; what a version did not have is left out. */
export type OldConnection = Readonly<Record<string, unknown>>;

/** A row of either history table; what a version did not have is null. */
export interface OldExecution {
  readonly execution_id: number;
  readonly job_id: string | null;
  readonly job_name: string | null;
  readonly status: string | null;
  readonly start_time: string | null;
  readonly end_time: string | null;
  readonly duration_seconds: number | null;
  /** Of a very long one the beginning and the end. */
  readonly output: string | null;
  readonly is_cut: number;
  readonly error_message: string | null;
  readonly return_code: number | null;
  readonly retry_count: number | null;
  readonly max_retries: number | null;
  readonly metadata: string | null;
}

export interface OldHistory {
  readonly table: string;
  readonly rows: number;
  /** Rows without an execution_id; the pages leave them out. */
  readonly unnumbered: number;
  pages(): AsyncGenerator<OldExecution[]>;
}

export interface OldProgram {
  readonly jobs: readonly OldJob[];
  readonly configurationTables: readonly string[];
  readonly histories: readonly OldHistory[];
  readonly connections: readonly OldConnection[];
}

const configurationTables = ['job_configurations', 'job_configurations_V2'];
const historyTables = ['job_execution_history', 'job_execution_history_V2'];
const connectionsTable = 'user_connections';
const historyColumns = [
  'execution_id',
  'job_id',
  'job_name',
  'status',
  'start_time',
  'end_time',
  'duration_seconds',
  'output',
  'error_message',
  'return_code',
  'retry_count',
  'max_retries',
  'metadata',
] as const;
const pageRows = 500;

/** Bytes of an output that are taken over whole, and how many characters of both ends of a longer one. */
const outputLimit = 1_000_000;
const endCharacters = 250_000;

/** sys.types would name them; joined with it, other servers take seconds for this. */
const typeNames: Readonly<Record<number, string>> = { 35: 'text', 99: 'ntext' };

/** The columns of a table by their names in lower case, with the types that are read in a way of their own. */
async function columnsOf(ask: Ask, table: string): Promise<ReadonlyMap<string, string>> {
  const rows = await ask<{ name: string; type: number }>(
    `SELECT c.name AS name, c.system_type_id AS type FROM sys.columns c
     WHERE c.object_id = OBJECT_ID(N'[dbo].${bracketed(table)}', N'U')`,
  );
  return new Map(rows.map(({ name, type }) => [name.toLowerCase(), typeNames[Number(type)] ?? '']));
}

const selecting = (columns: ReadonlyMap<string, string>, names: readonly string[]): string =>
  names
    .map((name) => (columns.has(name) ? readColumn(name, columns.get(name)) : `NULL AS ${bracketed(name)}`))
    .join(', ');

function historyColumnsOf(columns: ReadonlyMap<string, string>): string {
  const others = selecting(
    columns,
    historyColumns.filter((name) => name !== 'output'),
  );
  if (!columns.has('output')) return `${others}, NULL AS [output], 0 AS [is_cut]`;
  const text = 'CAST([output] AS nvarchar(max))';
  const isLong = `DATALENGTH([output]) > ${outputLimit}`;
  const cut = `LEFT(${text}, ${endCharacters}) + NCHAR(10) + N'[... the middle was left out ...]' + NCHAR(10) + RIGHT(${text}, ${endCharacters})`;
  return `${others}, CASE WHEN ${isLong} THEN ${cut} ELSE ${text} END AS [output],
    CASE WHEN ${isLong} THEN 1 ELSE 0 END AS [is_cut]`;
}

/** Rows by their number, in pages that never cut rows of one number apart: nothing says that it is a key. */
async function* pagesOf(ask: Ask, table: string, selected: string): AsyncGenerator<OldExecution[]> {
  const order = 'ORDER BY [execution_id], [start_time]';
  for (let last = Number.MIN_SAFE_INTEGER; ; ) {
    const from = last;
    const rows: OldExecution[] = await ask<OldExecution>(
      `SELECT TOP (${pageRows}) ${selected} FROM [dbo].${bracketed(table)} WHERE [execution_id] > ${from} ${order}`,
    );
    if (rows.length === 0) return;
    last = Number(rows.at(-1)?.execution_id);
    if (rows.length < pageRows) {
      yield rows;
      return;
    }
    const ends = last;
    yield [
      ...rows.filter((row) => Number(row.execution_id) !== ends),
      ...(await ask<OldExecution>(
        `SELECT ${selected} FROM [dbo].${bracketed(table)} WHERE [execution_id] = ${ends} ${order}`,
      )),
    ];
  }
}

async function oldJobs(ask: Ask) {
  const jobs = new Map<string, OldJob>();
  const tables: string[] = [];
  for (const table of configurationTables) {
    const columns = await columnsOf(ask, table);
    if (!columns.has('job_id') || !columns.has('configuration')) continue;
    tables.push(table);
    const selected = selecting(columns, ['job_id', 'name', 'job_type', 'configuration', 'enabled']);
    for (const row of await ask<Record<string, unknown>>(`SELECT ${selected} FROM [dbo].${bracketed(table)}`))
      jobs.set(String(row.job_id), {
        job_id: String(row.job_id),
        name: String(row.name ?? row.job_id),
        job_type: String(row.job_type ?? ''),
        configuration: String(row.configuration ?? ''),
        enabled: row.enabled === null || Number(row.enabled) !== 0,
      });
  }
  return { jobs: [...jobs.values()], tables };
}

async function oldHistories(ask: Ask): Promise<OldHistory[]> {
  const histories: OldHistory[] = [];
  for (const table of historyTables) {
    const columns = await columnsOf(ask, table);
    if (!['execution_id', 'job_id', 'start_time'].every((name) => columns.has(name))) continue;
    const selected = historyColumnsOf(columns);
    const [row] = await ask<{ n: number; numbered: number }>(
      `SELECT COUNT(*) AS n, COUNT([execution_id]) AS numbered FROM [dbo].${bracketed(table)}`,
    );
    const rows = Number(row?.n ?? 0);
    histories.push({
      table,
      rows,
      unnumbered: rows - Number(row?.numbered ?? 0),
      pages: () => pagesOf(ask, table, selected),
    });
  }
  return histories;
}

async function oldConnections(ask: Ask): Promise<OldConnection[]> {
  const columns = await columnsOf(ask, connectionsTable);
  if (!columns.has('connection_id')) return [];
  const selected = [...columns].map(([name, type]) => readColumn(name, type)).join(', ');
  return ask<OldConnection>(
    `SELECT ${selected} FROM [dbo].${bracketed(connectionsTable)} ORDER BY [connection_id]`,
  );
}

/**
 * What the Python program has in a database: its jobs, of both tables where both are there (the later table wins), its
 * histories and saved connections. Nothing is written. Throws `not_found` when it has none of them.
 */
export async function readOldProgram(ask: Ask): Promise<OldProgram> {
  const { jobs, tables } = await oldJobs(ask);
  const histories = await oldHistories(ask);
  const connections = await oldConnections(ask);
  if (tables.length === 0 && histories.length === 0 && connections.length === 0)
    throw new AppError(
      'not_found',
      `The database has none of the tables ${[...configurationTables, ...historyTables, connectionsTable].join(', ')} in the schema dbo`,
    );
  return { jobs, configurationTables: tables, histories, connections };
}
