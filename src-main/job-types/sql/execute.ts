import { basename } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import type { ErrorClass } from '../../../src-shared/model/run-rules';
import type { SqlRunMetadata } from '../../../src-shared/model/sql-result';
import type { RunContext, RunOutcome } from '../../core/job-type';
import type { ConnectionResolver } from '../../core/ports/connection-resolver';
import type { Host } from '../../core/ports/host';
import type { Report, ReportWriter, WrittenReports } from '../../core/ports/report-writer';
import { type SqlClient, SqlError, type SqlRequest } from '../../core/ports/sql-client';
import { absenceClass, resolvePath } from '../run-process';
import { judge } from './expect';
import { toSqlParameters } from './parameters';
import { createResultReceiver, type Received } from './result-receiver';
import type { SqlConfig } from './schema';
import { findTarget } from './target';

const rowsShown = 100;

export interface SqlJobDeps {
  readonly sqlClient: SqlClient;
  readonly connections: ConnectionResolver;
  readonly reports: ReportWriter;
  readonly host: Host;
}

class MissingFileError extends Error {
  constructor(
    message: string,
    readonly error_class: ErrorClass,
  ) {
    super(message);
  }
}

/** For `retry_on`. What `expect` misses and a report that can't be written are `other`. */
function errorClassOf(error: unknown): ErrorClass {
  if (error instanceof SqlError || error instanceof MissingFileError) return error.error_class;
  // A connection that is not there, or whose password can't be opened.
  return error instanceof AppError && error.code !== 'unavailable' && error.code !== 'internal'
    ? 'configuration'
    : 'other';
}

/** The results are not what `expect` says. */
class ExpectationError extends Error {}

function failureText(error: unknown, source: string): string {
  if (error instanceof SqlError) {
    const where = error.procedure === undefined ? source : `the procedure ${error.procedure}`;
    const place = error.line === undefined ? '' : ` (line ${error.line} of ${where})`;
    const number = error.number === undefined ? '' : ` [SQL Server error ${error.number}]`;
    return `${error.message}${place}${number}`;
  }
  return error instanceof Error ? error.message : String(error);
}

async function readQuery(config: SqlConfig, host: Host): Promise<Pick<SqlRequest, 'kind' | 'text'>> {
  if (config.procedure !== undefined) return { kind: 'procedure', text: config.procedure };
  if (config.query_file === undefined) return { kind: 'script', text: config.query ?? '' };
  const path = resolvePath(host, config.query_file);
  if ((await host.kindOf(path)) !== 'file')
    throw new MissingFileError(`query_file ${path} is not there`, await absenceClass(host, path));
  return { kind: 'script', text: await host.readText(path) };
}

function metadataOf(received: Received, warnings: readonly string[], files: WrittenReports['files']) {
  const { results, result_count, row_count, rows_affected, output_parameters, return_value } = received;
  return {
    results: [...results],
    result_count,
    row_count,
    rows_affected,
    ...(warnings.length > 0 ? { warnings: [...warnings] } : {}),
    ...(files.length > 0 ? { reports: [...files] } : {}),
    ...(output_parameters === undefined ? {} : { output_parameters: { ...output_parameters } }),
    ...(return_value === undefined ? {} : { return_value }),
  } satisfies SqlRunMetadata;
}

/** One attempt of an SQL job: connect, run, log, report, judge. Never throws. */
export async function executeSql(config: SqlConfig, run: RunContext, deps: SqlJobDeps): Promise<RunOutcome> {
  const { host } = deps;
  const encoder = new TextEncoder();
  const source = config.query_file ?? 'the query';
  const warnings: string[] = [];
  let report: Report | undefined;
  let receiver: ReturnType<typeof createResultReceiver> | undefined;
  try {
    const target = await findTarget(config.connection, { ...deps, note: run.log.info });
    const { kind, text } = await readQuery(config, host);
    const beginning = text.trim().replace(/\s+/g, ' ').slice(0, 100);
    run.log.info(
      kind === 'procedure'
        ? `Executing procedure ${text}`
        : `Executing SQL query: ${beginning}${text.length > 100 ? '...' : ''}`,
    );
    if (config.output_path !== undefined && config.output_format !== undefined) {
      report = await deps.reports.open(config.output_format, resolvePath(host, config.output_path));
    }
    const receiving = createResultReceiver({
      write: (stream, line) => run.log.write(stream, encoder.encode(line)),
      rowsShown: config.max_rows_shown ?? rowsShown,
      report,
    });
    receiver = receiving;
    await deps.sqlClient.run(
      target,
      {
        kind,
        text,
        parameters: toSqlParameters(config.query_parameters),
        transaction: config.transaction ?? false,
        ...(config.isolation_level === undefined ? {} : { isolation: config.isolation_level }),
        environment: run.environment,
      },
      {
        ...receiving.sink,
        // Before the transaction is committed: a result that is not as expected undoes it.
        async onEnd() {
          const { seen, rows_affected } = await receiving.finish();
          const { failures, warnings: doubts } = judge(config.expect, seen, rows_affected);
          warnings.push(...doubts);
          if (failures.length > 0) throw new ExpectationError(`The query ran, but ${failures.join('; ')}`);
        },
      },
      run.signal,
    );
    const received = await receiver.finish();
    let files: WrittenReports['files'] = [];
    if (report && received.result_count > 0) {
      const written = await report.commit();
      files = written.files;
      warnings.push(...written.notes);
    } else if (report) {
      await report.discard();
      run.log.info('The query gave no result, so no report was written');
    }
    for (const { path, bytes } of files) {
      run.log.info(`Report: ${path} (${bytes} bytes)`);
      await run.artifacts.keep(basename(path), path);
    }
    for (const warning of warnings) run.log.info(`Warning: ${warning}`);
    const { result_count, row_count, rows_affected } = received;
    const processed = result_count > 0 ? `${row_count} rows processed.` : `Rows affected: ${rows_affected}`;
    run.log.info(`Query executed successfully. ${processed}`);
    return { status: 'success', metadata: metadataOf(received, warnings, files) };
  } catch (error) {
    const received = await receiver?.finish().catch(() => undefined);
    await report?.discard().catch(() => undefined);
    const text = failureText(error, source);
    run.log.info(text);
    const number = error instanceof SqlError ? error.number : undefined;
    return {
      status: 'failed',
      error_message: text,
      error_class: errorClassOf(error),
      ...(number === undefined ? {} : { return_code: number }),
      ...(received ? { metadata: metadataOf(received, warnings, []) } : {}),
    };
  }
}
