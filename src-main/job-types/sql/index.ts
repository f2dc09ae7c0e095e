import { AppError } from '../../../src-shared/errors';
import type { JobType, RunOutcome } from '../../core/job-type';
import type { ConnectionResolver } from '../../core/ports/connection-resolver';
import type { Host } from '../../core/ports/host';
import type { Report, ReportWriter } from '../../core/ports/report-writer';
import { type SqlClient, SqlError } from '../../core/ports/sql-client';
import { foreignPath, resolvePath } from '../run-process';
import { adviseSql } from './advice';
import { createResultLog } from './result-log';
import { SqlConfig } from './schema';
import { findTarget } from './target';

const rowsShown = 100;

function failureText(error: unknown): string | undefined {
  if (error instanceof SqlError) {
    const place = error.line === undefined ? '' : ` (line ${error.line} of the query)`;
    const number = error.number === undefined ? '' : ` [SQL Server error ${error.number}]`;
    return `${error.message}${place}${number}`;
  }
  return error instanceof AppError ? error.message : undefined;
}

/** SQL queries and scripts against SQL Server or an SQLite file, with a report on request. */
export function createSqlJobType(deps: {
  readonly sqlClient: SqlClient;
  readonly connections: ConnectionResolver;
  readonly reports: ReportWriter;
  readonly host: Host;
}): JobType<SqlConfig> {
  const { host } = deps;
  const encoder = new TextEncoder();
  return {
    type: 'sql',
    label: 'SQL',
    configSchema: SqlConfig,
    secretKeys: ['connection', 'query_parameters'],
    typedKeys: ['query_parameters'],
    editor: { code: { query: 'sql' }, primary: ['connection', 'query', 'output_format', 'output_path'] },
    advise: adviseSql,
    unavailable: (config) =>
      foreignPath(host, [
        config.output_path,
        config.query_file,
        config.connection.driver === 'sqlite' ? config.connection.database : undefined,
      ]),
    async execute(config, run) {
      let report: Report | undefined;
      const fail = async (error: unknown): Promise<RunOutcome> => {
        await report?.discard();
        const text = failureText(error) ?? (error instanceof Error ? error.message : String(error));
        run.log.info(text);
        const number = error instanceof SqlError ? error.number : undefined;
        return {
          status: 'failed',
          error_message: text,
          ...(number === undefined ? {} : { return_code: number }),
        };
      };
      try {
        const target = await findTarget(config.connection, { ...deps, note: run.log.info });
        const query =
          config.query_file === undefined
            ? (config.query ?? '')
            : await host.readText(resolvePath(host, config.query_file));
        run.log.info(
          `Executing SQL query: ${query.trim().replace(/\s+/g, ' ').slice(0, 100)}${query.length > 100 ? '...' : ''}`,
        );
        if (config.output_path !== undefined && config.output_format !== undefined) {
          report = await deps.reports.open(config.output_format, resolvePath(host, config.output_path));
        }
        const results = createResultLog({
          write: (text) => run.log.write('stdout', encoder.encode(text)),
          rowsShown: config.max_rows_shown ?? rowsShown,
          report,
        });
        await deps.sqlClient.run(
          target,
          {
            text: query,
            parameters: config.query_parameters ?? {},
            transaction: config.transaction ?? false,
            environment: run.environment,
          },
          results.sink,
          run.signal,
        );
        const { row_count, rows_affected, results: sets, preview } = await results.finish();
        const written = report && (sets > 0 ? await report.commit() : await report.discard());
        if (written) run.log.info(`Report: ${written.path} (${written.bytes} bytes)`);
        else if (report) run.log.info('The query gave no result, so no report was written');
        const processed = sets > 0 ? `${row_count} rows processed.` : `Rows affected: ${rows_affected}`;
        run.log.info(`Query executed successfully. ${processed}`);
        return {
          status: 'success',
          metadata: {
            row_count,
            rows_affected,
            ...(preview ? { preview } : {}),
            ...(written ? { report: written } : {}),
          },
        };
      } catch (error) {
        return fail(error);
      }
    },
  };
}
