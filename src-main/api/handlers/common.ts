import { toConfiguration } from '../../../src-shared/job-document';
import { stateOfIfMatch } from '../../../src-shared/job-etag';
import type { Author } from '../../core/jobs/author';
import type { Job } from '../../core/jobs/job';
import { actorName } from '../../core/security/principal';
import { checkJobTags } from '../../core/security/rights';
import type { ApiContext } from '../invoke';

/** Who acts, as stored in `created_by`, in executions and in the audit. */
export function actorOf(context: ApiContext): string {
  return context.principal ? actorName(context.principal) : 'nobody';
}

/** Who saves a job, from where, and on which jobs they may. */
export function authorOf(context: ApiContext): Author {
  const { principal, origin } = context;
  const isWindow = principal?.kind === 'session' || origin === 'ipc';
  return {
    by: actorOf(context),
    via: isWindow ? 'window' : 'api',
    origin,
    check: (job_id, tags) => principal && checkJobTags(principal, job_id, tags),
  };
}

/** The state a change is based on; undefined when the caller said none, or any. Throws `validation_failed`. */
export function basedOn(ifMatch: string | undefined, modified_date?: string): string | undefined {
  return ifMatch === undefined ? modified_date : stateOfIfMatch(ifMatch);
}

/** Tells the audit what became of a job. A text that says the same in other words is told as such. */
export function noteChange(before: Job | undefined, after: Job | undefined, context: ApiContext): void {
  if (before === after) return;
  const seen = (job: Job | undefined) => job && toConfiguration(job.definition);
  const job_id = (after ?? before)?.record.job_id ?? '';
  const [was, is] = [seen(before), seen(after)];
  if (was && is && JSON.stringify(was) === JSON.stringify(is))
    context.note?.(`${job_id}: only comments, order or layout of its text`);
  else context.change?.(job_id, was, is);
}

/** `-name` -> name, downward. */
export function sortOf<K extends string>(
  sort: K | `-${K}`,
): { readonly sort: K; readonly descending: boolean } {
  return sort.startsWith('-')
    ? { sort: sort.slice(1) as K, descending: true }
    : { sort: sort as K, descending: false };
}
