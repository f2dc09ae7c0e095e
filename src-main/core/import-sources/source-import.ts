import { AppError } from '../../../src-shared/errors';
import { formatJobDocument, formatJobsFile, parseJobDocument } from '../../../src-shared/job-document';
import type { Issue } from '../../../src-shared/model/issue';
import type { JobDefinition } from '../../../src-shared/model/job';
import type { JobSource } from '../../../src-shared/model/job-source';
import { parseSchedule } from '../../../src-shared/schedule/parse-schedule';
import { timeZoneName } from '../../../src-shared/schedule/time-zone-name';
import type { JobTypeRegistry } from '../job-type-registry';
import type { Author } from '../jobs/author';
import type { ImportedJob, JobImport } from '../jobs/job-import';
import type { JobRegistry } from '../jobs/job-registry';
import type { Clock } from '../ports/clock';
import type { ConnectionResolver } from '../ports/connection-resolver';
import type { SqlClient } from '../ports/sql-client';
import type { XmlReader } from '../ports/xml-reader';
import { createTrigger } from '../schedule/trigger';
import type { Conversion, ConvertedJob } from './converted-job';
import { assignIds, originOf } from './job-ids';
import { type Proof, proveFireTimes } from './proof';
import type { AgentSource } from './sql-agent/agent-rows';

export interface SourceImportRequest {
  /** The file; undefined for jobs that are read over a connection. */
  readonly text: string | undefined;
  /** sql-agent: the saved connection whose msdb is read instead. */
  readonly connection_id: string | undefined;
  /** sql-agent: the saved connection T-SQL steps use; default: the one they were read over. */
  readonly steps_connection: string | undefined;
  readonly crontab_format: 'auto' | 'user' | 'system';
  readonly timezone: string | undefined;
  readonly state: 'disabled' | 'enabled' | 'shadow';
  readonly job_ids: readonly string[] | undefined;
  readonly dry_run: boolean;
  readonly from: number | undefined;
  readonly count: number;
}

export interface SourceImportJob {
  readonly job_id: string;
  readonly converted: ConvertedJob;
  readonly action: ImportedJob['action'] | 'refused';
  readonly isEnabled: boolean;
  readonly yaml: string;
  readonly issues: readonly Issue[];
  readonly proof: Proof;
}

export interface SourceImportResult extends Omit<Conversion, 'jobs'> {
  readonly jobs: readonly SourceImportJob[];
}

/** Jobs of other schedulers, with the proof of what they would be here. */
export interface SourceImport {
  /**
   * Converts, proves, and unless it is a dry run saves. Jobs that would not be valid here are `refused` and left out;
   * the others are saved all or not at all. Throws `validation_failed` for a text that is not of that source, and what
   * the connection throws (`not_found`, `conflict`, `unavailable`) when msdb is read.
   */
  run(
    source: JobSource,
    request: SourceImportRequest,
    author: Author,
    signal?: AbortSignal,
  ): Promise<SourceImportResult>;
}

/** msdb is small; a server that does not answer in this time does not answer. */
const msdbLimitMs = 60_000;

export function createSourceImport(deps: {
  readonly jobImport: JobImport;
  readonly jobTypes: JobTypeRegistry;
  readonly registry: JobRegistry;
  readonly clock: Clock;
  readonly xml: XmlReader;
  readonly connections: ConnectionResolver;
  readonly sqlClient: Pick<SqlClient, 'run'>;
  readonly defaultTimezone: string;
}): SourceImport {
  const readAgent = async (
    { text, connection_id }: SourceImportRequest,
    signal: AbortSignal | undefined,
  ): Promise<AgentSource> => {
    if (connection_id === undefined)
      return (await import('./sql-agent/read-script')).readAgentScript(text ?? '');
    const { readMsdb } = await import('./sql-agent/read-msdb');
    const target = await deps.connections.resolve(connection_id);
    return readMsdb(deps.sqlClient, connection_id, target, signal ?? AbortSignal.timeout(msdbLimitMs));
  };

  const convert = async (
    source: JobSource,
    request: SourceImportRequest,
    timezone: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Conversion> => {
    const options = { timezone, defaultTimezone: deps.defaultTimezone, now: deps.clock.now() };
    const { text = '', connection_id, steps_connection = connection_id } = request;
    // Loaded when they are needed: hardly a start brings in jobs of another scheduler.
    switch (source) {
      case 'task-scheduler': {
        const { convertTasks } = await import('./task-scheduler/convert-tasks');
        return convertTasks(text, options, deps.xml);
      }
      case 'crontab': {
        const { convertCrontab } = await import('./crontab/convert-crontab');
        return convertCrontab(text, { ...options, format: request.crontab_format });
      }
      case 'sql-agent': {
        const { convertAgentJobs } = await import('./sql-agent/convert-agent-jobs');
        return convertAgentJobs(await readAgent(request, signal), { ...options, steps_connection });
      }
    }
  };

  const prove = (
    converted: ConvertedJob,
    definition: JobDefinition | undefined,
    request: SourceImportRequest,
  ) => {
    const from = request.from ?? deps.clock.now();
    const schedule = definition?.schedule;
    const parsed = schedule ? parseSchedule(schedule, 'schedule').parsed : undefined;
    const ours = parsed && createTrigger(parsed, { defaultTimezone: deps.defaultTimezone, anchor: from });
    return proveFireTimes(converted.fireTimes, ours, {
      from,
      count: request.count,
      timezone: converted.timezone,
    });
  };

  return {
    async run(source, request, author, signal) {
      const timezone = request.timezone === undefined ? undefined : timeZoneName(request.timezone);
      if (request.timezone !== undefined && timezone === undefined)
        throw new AppError(
          'validation_failed',
          `timezone is "${request.timezone}"; expected an IANA zone such as Europe/Berlin, or a Windows name`,
        );
      const conversion = await convert(source, request, timezone, signal);
      const ids = assignIds(source, conversion.jobs, deps.registry.all());
      const known = new Set(ids.values());
      const unknown = request.job_ids?.filter((job_id) => !known.has(job_id)) ?? [];
      if (unknown.length > 0)
        throw new AppError(
          'validation_failed',
          `job_ids: the file makes no job ${unknown.map((id) => `"${id}"`).join(', ')}`,
        );
      const wanted = request.job_ids && new Set(request.job_ids);
      const drafts = conversion.jobs.flatMap((converted) => {
        const job_id = ids.get(converted) ?? '';
        if (wanted && !wanted.has(job_id)) return [];
        const isShadow = request.state === 'shadow';
        // In shadow nothing is run, so that it may be incomplete.
        const isEnabled =
          converted.isEnabledThere && (isShadow || (request.state === 'enabled' && !converted.isIncomplete));
        const { metadata, ...definition } = converted.definition;
        const yaml = formatJobDocument({
          ...definition,
          job_id,
          name: converted.name.slice(0, 255),
          enabled: isEnabled,
          ...(isShadow ? { shadow: true } : {}),
          metadata: { ...metadata, ...originOf(source, converted) },
        });
        const { definition: checked, issues } = parseJobDocument(yaml, deps.jobTypes);
        const isRefused = issues.some(({ severity }) => severity === 'error');
        const proof = prove(converted, checked, request);
        return [{ job_id, converted, isEnabled: isEnabled && !isRefused, yaml, issues, isRefused, proof }];
      });
      const good = drafts.filter(({ isRefused }) => !isRefused);
      const imported =
        good.length === 0
          ? []
          : (
              await deps.jobImport.import(
                formatJobsFile(good.map(({ yaml }) => yaml)),
                request.dry_run,
                author,
              )
            ).jobs;
      const actions = new Map(imported.map(({ job_id, action }) => [job_id, action]));
      const jobs = drafts.map(({ isRefused, ...draft }) => ({
        ...draft,
        action: isRefused ? ('refused' as const) : (actions.get(draft.job_id) ?? ('unchanged' as const)),
      }));
      return { ...conversion, jobs };
    },
  };
}
