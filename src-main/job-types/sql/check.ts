import { dirname } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import type { Finding } from '../../../src-shared/model/doctor';
import { certificateFindings, passwordFindings } from '../../core/health/expiring-certificates';
import type { CheckContext } from '../../core/job-type';
import { SqlError, type SqlTarget } from '../../core/ports/sql-client';
import { createChecks } from '../checks';
import type { SqlJobDeps } from './execute';
import type { SqlConfig } from './schema';
import { findTarget } from './target';

const bad = (message: string, fix: string): readonly Finding[] => [
  { kind: 'connection', severity: 'error', message, fix },
];

const doubtful = (message: string, fix: string): readonly Finding[] => [
  { kind: 'connection', severity: 'warning', message, fix },
];

async function loginFindings(
  target: SqlTarget,
  context: CheckContext,
  deps: SqlJobDeps,
): Promise<readonly Finding[]> {
  try {
    await deps.sqlClient.test(target, context.signal);
    return [];
  } catch (error) {
    if (context.signal.aborted)
      return bad('The database did not answer in time', 'see whether the server and the way to it are up');
    if (error instanceof SqlError)
      return bad(error.message, 'test the connection, and correct server, login or rights');
    throw error;
  }
}

/** Logs in and asks for the version and for what ends soon, or looks for the file. */
async function connectionFindings(
  config: SqlConfig,
  context: CheckContext,
  deps: SqlJobDeps,
): Promise<readonly Finding[]> {
  // A password out of the secrets is only filled in for a run.
  if (JSON.stringify(config.connection).includes('{{')) return [];
  try {
    const target = await findTarget(config.connection, { ...deps, note: () => undefined });
    if (target.driver === 'sqlite') {
      if (target.file.startsWith(':')) return [];
      if (target.read_only && (await deps.host.kindOf(target.file)) !== 'file')
        return bad(`The database ${target.file} does not exist`, 'put it there, or correct database');
      if ((await deps.host.kindOf(dirname(target.file))) !== 'folder')
        return bad(
          `The folder of the database ${target.file} does not exist`,
          'make it, or correct database',
        );
      if ((await deps.host.kindOf(target.file)) !== 'file')
        return doubtful(
          `The database ${target.file} does not exist; a run makes an empty one`,
          'put it there, or correct database; nothing, if this job is to make it',
        );
      return [];
    }
    const name = target.connection_id === undefined ? target.server : `connection "${target.connection_id}"`;
    // A certificate that has ended is what the login fails of: then both are worth knowing.
    const [expiry, login] = await Promise.all([
      deps.sqlClient.expiry?.(target, context.signal).catch(() => undefined),
      loginFindings(target, context, deps),
    ]);
    return [
      ...login,
      ...(expiry?.certificate
        ? certificateFindings(`the SQL Server of ${name}`, expiry.certificate, context.now)
        : []),
      ...passwordFindings(`the login of ${name}`, expiry?.password_days_left),
    ];
  } catch (error) {
    if (error instanceof AppError)
      return bad(error.message, 'correct the connection under Connections, or the name in the job');
    throw error;
  }
}

/** What would keep a SQL job from working. */
export async function checkSql(
  config: SqlConfig,
  context: CheckContext,
  deps: SqlJobDeps,
): Promise<readonly Finding[]> {
  const checks = createChecks(deps.host);
  return [
    ...(await context.once(`connection ${JSON.stringify(config.connection)}`, () =>
      connectionFindings(config, context, deps),
    )),
    ...(await checks.script('query_file', config.query_file)),
    ...(await checks.writable('output_path', config.output_path)),
  ];
}
