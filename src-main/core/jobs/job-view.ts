import { toConfiguration } from '../../../src-shared/job-document';
import { formatExecutionId } from '../../../src-shared/model/ids';
import type { JobDetail, JobSummary } from '../../../src-shared/model/job';
import { describeParsedSchedule, describeSchedule } from '../../../src-shared/schedule/schedule-words';
import type { Job } from './job';
import type { LatestExecution } from './job-registry';

/** What a view of a job needs besides the job. */
export interface JobSurroundings {
  readonly nextRun: number | undefined;
  readonly latest: LatestExecution | undefined;
}

const iso = (instant: number): string => new Date(instant).toISOString();

const texts = new WeakMap<Job, string>();

/** The schedule in words. Lists ask for it thousands of times a second, and a job never changes: another takes its place. */
function scheduleText(job: Job): string {
  const known = texts.get(job);
  if (known !== undefined) return known;
  const text = job.schedule
    ? describeParsedSchedule(job.schedule, job.effective.timezone)
    : describeSchedule(job.definition.schedule, job.effective.timezone);
  texts.set(job, text);
  return text;
}

/** Whether anything of a job runs through a shell, in a step too. */
export function usesShell(config: Readonly<Record<string, unknown>>): boolean {
  const steps: unknown[] = Array.isArray(config.steps) ? config.steps : [];
  return [config, ...steps].some(
    (one) => typeof one === 'object' && one !== null && 'shell' in one && one.shell === true,
  );
}

/** A job as lists show it. */
export function jobSummary(job: Job, { nextRun, latest }: JobSurroundings): JobSummary {
  const { record, definition } = job;
  return {
    job_id: record.job_id,
    name: record.name,
    job_type: record.job_type,
    description: definition.description ?? '',
    enabled: record.enabled,
    ...(definition.shadow ? { shadow: true } : {}),
    ...(job.disabledReason ? { disabled_reason: job.disabledReason } : {}),
    uses_shell: usesShell(definition.config),
    ...(definition.run_as === undefined ? {} : { run_as: definition.run_as }),
    tags: definition.tags ?? [],
    schedule: definition.schedule ?? null,
    schedule_text: scheduleText(job),
    next_run_time: nextRun === undefined ? null : iso(nextRun),
    last_execution: latest
      ? {
          execution_id: formatExecutionId(latest.execution_id),
          status: latest.status,
          start_time: iso(latest.start_time),
          end_time: latest.end_time === null ? null : iso(latest.end_time),
          duration_seconds: latest.duration_seconds,
        }
      : null,
    created_date: iso(record.created_date),
    modified_date: iso(record.modified_date),
  };
}

/** Words that name a secret; their values are shown to nobody but in the author's own text. */
const secretName = /pass(word|wd)?$|secret|token|api_?key/i;

function withoutSecrets(value: unknown, key: string): unknown {
  if (secretName.test(key) && typeof value === 'string') return '***';
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, ''));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, withoutSecrets(child, name)]),
  );
}

/** The tags of a definition as flat JSON. */
export function tagsIn({ tags }: Readonly<Record<string, unknown>>): readonly string[] {
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
}

/** A definition as flat JSON; for those who may not edit without passwords and environment values. */
export function shownConfiguration(
  configuration: Readonly<Record<string, unknown>>,
  maySeeText: boolean,
): Record<string, unknown> {
  if (maySeeText) return { ...configuration };
  const hideEnvironment = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(hideEnvironment);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [
        key,
        key === 'environment' && typeof child === 'object' && child !== null
          ? Object.fromEntries(Object.keys(child).map((name) => [name, '***']))
          : hideEnvironment(child),
      ]),
    );
  };
  return hideEnvironment(withoutSecrets(configuration, '')) as Record<string, unknown>;
}

/**
 * A job whole. `maySeeText` is false for those who may not edit: the author's YAML can hold a password or an
 * environment value, so they get the definition with such values masked and no text (negative test S28).
 */
export function jobDetail(
  job: Job,
  surroundings: JobSurroundings,
  digestOf: (text: string) => string,
  maySeeText: boolean,
): JobDetail {
  const { record } = job;
  const shown = shownConfiguration(toConfiguration(job.definition), maySeeText);
  const yaml = record.yaml_text ?? '';
  return {
    ...shown,
    ...jobSummary(job, surroundings),
    created_by: record.created_by,
    effective: job.effective,
    yaml: maySeeText ? yaml : '',
    source: record.source,
    edited_in_app: record.source !== null && digestOf(yaml) !== record.source_digest,
  };
}
