import { AppError } from '../../../../src-shared/errors';
import { type Ask, bracketed } from '../write-behind/server-tables';

/** A row of either configuration table. */
export interface OldJob {
  readonly job_id: string;
  readonly name: string;
  readonly job_type: string;
  /** JSON, as the Python program has written it. */
  readonly configuration: string;
  readonly enabled: boolean;
}

/** A row of either history table; what a version did not have is null. */
export interface OldExecution {
  readonly execution_id: number;
  readonly job_id: string;
  readonly job_name: string | null;
  readonly status: string | null;
  readonly start_time: string | null;
  readonly end_time: string | null;
  readonly duration_seconds: number | null;
  readonly output: string | null;
  readonly error_message: string | null;
  readonly return_code: number | null;
  readonly retry_count: number | null;
  readonly max_retries: number | null;
  readonly metadata: string | null;
}

export interface OldHistory {
  readonly table: string;
  readonly rows: number;
  pages(): AsyncGenerator<OldExecution[]>;
}

export interface OldProgram {
  readonly jobs: readonly OldJob[];
  readonly configurationTables: readonly string[];
  readonly histories: readonly OldHistory[];
}

const configurationTables = ['job_configurations', 'job_configurations_V2'];
const historyTables = ['job_execution_history', 'job_execution_history_V2'];
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

async function columnsOf(ask: Ask, table: string): Promise<ReadonlySet<string>> {
  const rows = await ask<{ name: string }>(
    `SELECT c.name AS name FROM sys.columns c WHERE c.object_id = OBJECT_ID(N'[dbo].${bracketed(table)}', N'U')`,
  );
  return new Set(rows.map((row) => row.name.toLowerCase()));
}

async function* pagesOf(ask: Ask, table: string, selected: string): AsyncGenerator<OldExecution[]> {
  for (let last = Number.MIN_SAFE_INTEGER; ; ) {
    const from = last;
    const rows: OldExecution[] = await ask<OldExecution>(
      `SELECT TOP (${pageRows}) ${selected} FROM [dbo].${bracketed(table)}
       WHERE [execution_id] > ${from} ORDER BY [execution_id]`,
    );
    if (rows.length === 0) return;
    yield rows;
    last = Number(rows.at(-1)?.execution_id);
  }
}

/**
 * What the Python program has in a database: its jobs, of both tables where both are there (the later table wins), and
 * its histories. Nothing is written. Throws `not_found` when it has neither.
 */
export async function readOldProgram(ask: Ask): Promise<OldProgram> {
  const jobs = new Map<string, OldJob>();
  const foundTables: string[] = [];
  for (const table of configurationTables) {
    const columns = await columnsOf(ask, table);
    if (!columns.has('job_id') || !columns.has('configuration')) continue;
    foundTables.push(table);
    const pick = (name: string) => (columns.has(name) ? bracketed(name) : `NULL AS ${bracketed(name)}`);
    const rows = await ask<Record<string, unknown>>(
      `SELECT [job_id], ${['name', 'job_type', 'configuration', 'enabled'].map(pick).join(', ')} FROM [dbo].${bracketed(table)}`,
    );
    for (const row of rows)
      jobs.set(String(row.job_id), {
        job_id: String(row.job_id),
        name: String(row.name ?? row.job_id),
        job_type: String(row.job_type ?? ''),
        configuration: String(row.configuration ?? ''),
        enabled: row.enabled === null || Number(row.enabled) !== 0,
      });
  }
  const histories: OldHistory[] = [];
  for (const table of historyTables) {
    const columns = await columnsOf(ask, table);
    if (!columns.has('execution_id') || !columns.has('job_id')) continue;
    const selected = historyColumns
      .map((name) => (columns.has(name) ? bracketed(name) : `NULL AS ${bracketed(name)}`))
      .join(', ');
    const [row] = await ask<{ n: number }>(`SELECT COUNT(*) AS n FROM [dbo].${bracketed(table)}`);
    histories.push({ table, rows: Number(row?.n ?? 0), pages: () => pagesOf(ask, table, selected) });
  }
  if (foundTables.length === 0 && histories.length === 0)
    throw new AppError(
      'not_found',
      `The database has none of the tables ${[...configurationTables, ...historyTables].join(', ')} in the schema dbo`,
    );
  return { jobs: [...jobs.values()], configurationTables: foundTables, histories };
}
