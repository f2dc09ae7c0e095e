import type { CommonJob, EffectiveSettings, JobDefinition } from '../../../src-shared/model/job';
import type { ParsedSchedule } from '../../../src-shared/schedule/parse-schedule';
import type { JobRecord } from '../ports/store';

/** A job as the running program holds it: the stored row, read and with its gaps filled. */
export interface Job {
  readonly record: JobRecord;
  readonly definition: JobDefinition;
  readonly effective: EffectiveSettings;
  /** Undefined for a job without a schedule, or whose row can't be used. */
  readonly schedule: ParsedSchedule | undefined;
  /** Why this machine can't run it although it may be enabled; undefined when it can. */
  readonly disabledReason: string | undefined;
}

/** What `scheduler.job_defaults` can set; the rest of the effective settings is the job's own to say. */
export type JobDefaults = Omit<
  EffectiveSettings,
  'catch_up_window' | 'max_catch_up' | 'not_after' | 'exclude' | 'on_excluded'
>;

/** Fills what a definition leaves open with the program's defaults. */
export function effectiveSettings(definition: CommonJob, defaults: JobDefaults): EffectiveSettings {
  return {
    timeout: definition.timeout ?? defaults.timeout,
    max_retries: definition.max_retries ?? defaults.max_retries,
    retry_delay: definition.retry_delay ?? defaults.retry_delay,
    max_instances: definition.max_instances ?? defaults.max_instances,
    overlap: definition.overlap ?? defaults.overlap,
    misfire_grace_time:
      definition.misfire_grace_time === undefined
        ? defaults.misfire_grace_time
        : definition.misfire_grace_time,
    coalesce: definition.coalesce ?? defaults.coalesce,
    catch_up_window: definition.catch_up_window ?? null,
    max_catch_up: definition.max_catch_up ?? 100,
    not_after: definition.not_after ?? null,
    exclude: definition.exclude ?? [],
    on_excluded: definition.on_excluded ?? 'skip',
    timezone: defaults.timezone,
  };
}

/** Whether the scheduler is to plan it. */
export function isSchedulable(job: Job): boolean {
  // In shadow nothing is run, so that the machine need not be able to.
  const canRun = job.disabledReason === undefined || job.definition.shadow === true;
  return job.record.enabled && job.schedule !== undefined && canRun;
}
