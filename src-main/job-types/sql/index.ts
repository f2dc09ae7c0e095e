import type { JobType } from '../../core/job-type';
import { foreignPath } from '../run-process';
import { adviseSql } from './advice';
import { checkSql } from './check';
import { executeSql, type SqlJobDeps } from './execute';
import { SqlConfig } from './schema';

/** SQL queries, scripts and procedures against SQL Server or an SQLite file, with a report on request. */
export function createSqlJobType(deps: SqlJobDeps): JobType<SqlConfig> {
  return {
    type: 'sql',
    label: 'SQL',
    configSchema: SqlConfig,
    secretKeys: ['connection', 'query_parameters'],
    typedKeys: ['query_parameters'],
    editor: { code: { query: 'sql' }, primary: ['connection', 'query', 'output_format', 'output_path'] },
    advise: adviseSql,
    unavailable: (config) =>
      foreignPath(deps.host, [
        config.output_path,
        config.query_file,
        config.connection.driver === 'sqlite' ? config.connection.database : undefined,
      ]),
    check: (config, context) => checkSql(config, context, deps),
    execute: (config, run) => executeSql(config, run, deps),
  };
}
