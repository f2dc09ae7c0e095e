import { formatJobDocument } from '../../../../src-shared/job-document';
import type { JobDetail } from '../../../../src-shared/model/job';
import { commonJobKeys, type JobDefinition } from '../../../../src-shared/model/job';

/** What the API tells of a job that is no part of its definition. */
const told = new Set([
  'disabled_reason',
  'schedule_text',
  'next_run_time',
  'last_execution',
  'created_date',
  'modified_date',
  'created_by',
  'effective',
  'yaml',
  'source',
  'edited_in_app',
]);

/** The author's text; for those who may not see it, and for jobs without one, the definition written as YAML. */
export function shownText(job: JobDetail): string {
  if (job.yaml !== '') return job.yaml;
  const common: Record<string, unknown> = {};
  const config: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(job)) {
    const isEmpty = value === null || value === '' || (Array.isArray(value) && value.length === 0);
    if (told.has(key) || isEmpty) continue;
    (commonJobKeys.has(key) ? common : config)[key] = value;
  }
  return formatJobDocument({ ...(common as Omit<JobDefinition, 'config'>), config });
}
