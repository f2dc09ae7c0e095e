import { fromConfiguration, type ParsedDocument } from '../../../src-shared/job-document';
import type { JobDefinition } from '../../../src-shared/model/job';
import { Notifications } from '../../../src-shared/model/notification';
import { parseSchedule } from '../../../src-shared/schedule/parse-schedule';
import type { JobTypeRegistry } from '../job-type-registry';
import type { JobRecord } from '../ports/store';
import { effectiveSettings, type Job, type JobDefaults } from './job';
import { completeConfiguration } from './old-configuration';

export interface JobBuilder {
  /** A row as a job. A row that can't be used becomes a job that can't run, with the reason; it never throws. */
  fromRecord(record: JobRecord): Job;
  fromDefinition(record: JobRecord, definition: JobDefinition): Job;
}

/** A stored definition. A target that may not be sent to any more must not keep the job from running. */
function readStored(configuration: unknown, jobTypes: JobTypeRegistry): ParsedDocument {
  const read = fromConfiguration(configuration, jobTypes);
  const isOnlyTargets =
    !read.definition &&
    read.issues.every(({ path, severity }) => severity !== 'error' || path.startsWith('notifications.'));
  if (!isOnlyTargets || typeof configuration !== 'object' || configuration === null) return read;
  const { notifications, ...rest } = configuration as { readonly notifications?: unknown };
  const without = fromConfiguration(rest, jobTypes);
  const kept = Notifications.safeParse(notifications);
  // Kept as written: a refused target fails when it is used, and says so in the outbox.
  return without.definition && kept.success
    ? { ...without, definition: { ...without.definition, notifications: kept.data } }
    : without;
}

export function createJobBuilder(deps: {
  readonly jobTypes: JobTypeRegistry;
  readonly defaults: JobDefaults;
  readonly hasCalendar: (calendar_id: string) => boolean;
  /** Why a job that names machines runs on none; undefined when it may run. */
  readonly misplaced?: (runs_on: readonly string[] | undefined) => string | undefined;
}): JobBuilder {
  const unavailable = (definition: JobDefinition): string | undefined => {
    const type = deps.jobTypes.get(definition.job_type);
    if (!type) return `This program has no job type "${definition.job_type}"`;
    // A job that would run on a holiday because its set is missing does more harm than one that is held.
    const missing = definition.exclude?.find((calendar_id) => !deps.hasCalendar(calendar_id));
    if (missing !== undefined)
      return `exclude names the holiday set "${missing}", which does not exist; create it, or take it out`;
    const misplaced = deps.misplaced?.(definition.runs_on);
    if (misplaced !== undefined) return misplaced;
    if (definition.run_as !== undefined && !type.startsPrograms) {
      return `run_as: a ${type.type} job starts no program, so it can't run as "${definition.run_as}"`;
    }
    if (!type.unavailable) return undefined;
    const config = type.configSchema.safeParse(definition.config);
    return config.success ? type.unavailable(config.data) : undefined;
  };

  const fromDefinition = (record: JobRecord, definition: JobDefinition): Job => {
    const parsed = definition.schedule ? parseSchedule(definition.schedule, 'schedule') : undefined;
    const broken = parsed?.issues.find((issue) => issue.severity === 'error');
    return {
      record,
      definition,
      effective: effectiveSettings(definition, deps.defaults),
      schedule: broken ? undefined : parsed?.parsed,
      disabledReason: broken ? broken.message : unavailable(definition),
    };
  };

  /** Stands in for a definition that can't be read, so that the job is seen and can be mended or deleted. */
  const placeholder = (record: JobRecord, reason: string): Job => {
    const definition: JobDefinition = {
      job_id: record.job_id,
      name: record.name,
      job_type: record.job_type,
      enabled: record.enabled,
      config: {},
    };
    return {
      record,
      definition,
      effective: effectiveSettings(definition, deps.defaults),
      schedule: undefined,
      disabledReason: `The stored definition can't be used: ${reason}`,
    };
  };

  return {
    fromDefinition,
    fromRecord(record) {
      let configuration: unknown;
      try {
        const stored: unknown = JSON.parse(record.configuration);
        // Rows without the author's text are the Python program's.
        configuration = record.yaml_text === null ? completeConfiguration(stored, record) : stored;
      } catch (error) {
        return placeholder(record, error instanceof Error ? error.message : String(error));
      }
      const { definition, issues } = readStored(configuration, deps.jobTypes);
      if (!definition) return placeholder(record, issues[0]?.message ?? 'it is not a job');
      // The columns win over the JSON inside: they are what an admin edits in the table.
      return fromDefinition(record, { ...definition, job_id: record.job_id, enabled: record.enabled });
    },
  };
}
