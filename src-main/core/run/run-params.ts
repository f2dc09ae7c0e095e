import { AppError } from '../../../src-shared/errors';
import type { MacroLookup } from '../../../src-shared/macros/fill-macros';
import { type ResolvedParams, resolveParams } from '../../../src-shared/macros/param-values';
import type { ParamValues } from '../../../src-shared/model/params';
import { timeZoneName } from '../../../src-shared/schedule/time-zone-name';
import type { Job } from '../jobs/job';

/** The zone in which a job's dates are meant: its schedule's (the first of several), else the program's. */
export function zoneOf({ definition, effective }: Pick<Job, 'definition' | 'effective'>): string {
  const { schedule } = definition;
  const first = Array.isArray(schedule) ? schedule[0] : schedule;
  const inCron = first?.type === 'cron' ? first.cron_params?.timezone : undefined;
  const inInterval = first?.type === 'interval' ? first.interval_params.timezone : undefined;
  return timeZoneName(first?.timezone ?? inCron ?? inInterval ?? effective.timezone) ?? 'UTC';
}

/** A run's params, with the defaults of its planned time filled in. */
export function paramsOf(job: Job, given: ParamValues, lookup: MacroLookup): ResolvedParams {
  return resolveParams(job.definition.params ?? {}, given, lookup, zoneOf(job));
}

/** Throws `validation_failed` naming every param a run can't begin with: unknown, ill-typed, missing. */
export function refuseParams(job: Job, given: ParamValues): void {
  const anyTime: MacroLookup = (name) =>
    name === 'job_id'
      ? { kind: 'plain', value: job.record.job_id }
      : { kind: 'instant', at: Date.UTC(2026, 0, 2) };
  const { issues } = paramsOf(job, given, anyTime);
  const [first] = issues;
  if (!first) return;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  throw new AppError('validation_failed', `Job "${job.record.job_id}": ${first.message}${more}`, { issues });
}
