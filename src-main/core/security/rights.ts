import { AppError } from '../../../src-shared/errors';
import { type Role, roleAtLeast } from '../../../src-shared/roles';
import type { Principal } from './principal';

/** Operations that ask, job by job, whether the caller may: all others are refused to who has rights by tag only. */
export const checksTags: ReadonlySet<string> = new Set([
  'jobs.create',
  'jobs.update',
  'jobs.remove',
  'jobs.run',
  'jobs.enable',
  'jobs.disable',
  'jobs.restore',
  'jobs.bulk',
  'jobs.import',
  'executions.cancel',
  'schedule.catchUp',
]);

/** Whether somebody has a role where a job with these tags is concerned. Rights by tag limit what may be done, not what is seen. */
export function mayOnJob(principal: Principal | undefined, role: Role, tags: readonly string[]): boolean {
  if (!principal || !roleAtLeast(principal.role, role)) return false;
  return principal.tags === undefined || tags.some((tag) => principal.tags?.includes(tag));
}

/** Throws `forbidden` naming the tags that would be needed. */
export function checkJobTags(principal: Principal, job_id: string, tags: readonly string[]): void {
  if (mayOnJob(principal, 'viewer', tags)) return;
  const own = principal.tags?.map((tag) => `#${tag}`).join(', ') || 'none';
  const shown = tags.length === 0 ? 'none' : tags.map((tag) => `#${tag}`).join(', ');
  throw new AppError(
    'forbidden',
    `"${principal.name}" may act on jobs with the tags ${own} only; job "${job_id}" has ${shown}`,
  );
}
