import { AppError } from '../../../src-shared/errors';
import { toConfiguration } from '../../../src-shared/job-document';
import type { Issue } from '../../../src-shared/model/issue';
import type { JobDefinition } from '../../../src-shared/model/job';
import type { JobRecord } from '../ports/store';

/** Remembers, by the digest of its text, that a job of the jobs file was deleted here. */
export const deletedFact = (job_id: string): string => `deleted:${job_id}`;

/** A definition that passed every check, with the text it is kept as. */
export interface CheckedJob {
  readonly definition: JobDefinition;
  readonly text: string;
  readonly warnings: readonly Issue[];
}

/** Throws when an issue is an error; the message carries the first, `issues` all of them. */
export function refuseErrors(issues: readonly Issue[]): void {
  const errors = issues.filter((issue) => issue.severity === 'error');
  const [first] = errors;
  if (!first) return;
  const place = first.line === undefined ? '' : ` (line ${first.line})`;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const message = first.message.includes(place.trim()) ? first.message : `${first.message}${place}`;
  throw new AppError('validation_failed', `${message}${more}`, { issues });
}

/** The columns of a row for a definition. */
export function recordOf(
  { definition, text }: Pick<CheckedJob, 'definition' | 'text'>,
  rest: Pick<JobRecord, 'created_date' | 'modified_date' | 'created_by' | 'source' | 'source_digest'>,
): JobRecord {
  return {
    job_id: definition.job_id,
    name: definition.name,
    job_type: definition.job_type,
    configuration: JSON.stringify(toConfiguration(definition)),
    enabled: definition.enabled,
    yaml_text: text,
    ...rest,
  };
}
