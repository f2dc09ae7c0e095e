import { z } from 'zod';
import { etagOf } from '../job-etag';
import { JobId } from '../model/ids';
import { JobDetail } from '../model/job';
import { JobDifference } from '../model/job-difference';
import { JobVersion } from '../model/job-version';
import { operation } from './operation';
import { ok, paging, queryInteger } from './query';

const params = z.strictObject({ job_id: JobId });
const versionParams = z.strictObject({ job_id: JobId, version: queryInteger(1, 1_000_000_000) });

/** The saved definitions of a job; in the contract they stand among the operations of jobs. */
export const jobVersions = {
  changes: operation({
    method: 'GET',
    path: '/api/jobs/:job_id/changes',
    role: 'viewer',
    tag: 'Jobs',
    summary: 'What was made of a job since a state of it (its text line by line needs the role editor)',
    params,
    query: z.strictObject({
      since: z.string().min(1).max(100).describe('a modified_date of the job, or the ETag reading it gave'),
    }),
    response: z.object({
      success: ok,
      job_id: z.string(),
      changed: z.boolean(),
      difference: JobDifference.nullable().describe('null when nothing was saved since'),
    }),
    errors: ['validation_failed', 'not_found'],
  }),
  versions: operation({
    method: 'GET',
    path: '/api/jobs/:job_id/versions',
    role: 'viewer',
    tag: 'Jobs',
    summary: 'Every saved definition of a job, newest first: who, when, from where; of a deleted job too',
    params,
    query: z.strictObject({ ...paging, limit: queryInteger(1, 1000).default(50) }),
    response: z.object({
      success: ok,
      job_id: z.string(),
      versions: z.array(JobVersion),
      total: z.number().int(),
      limit: z.number().int(),
      offset: z.number().int(),
    }),
    errors: ['validation_failed', 'not_found'],
  }),
  version: operation({
    method: 'GET',
    path: '/api/jobs/:job_id/versions/:version',
    role: 'viewer',
    tag: 'Jobs',
    summary: 'One saved definition (its text needs the role editor)',
    params: versionParams,
    response: z.object({
      success: ok,
      job_id: z.string(),
      version: JobVersion,
      yaml: z.string().describe('empty for those who may not edit'),
      configuration: z.record(z.string(), z.unknown()),
    }),
    errors: ['validation_failed', 'not_found'],
  }),
  restore: operation({
    method: 'POST',
    path: '/api/jobs/:job_id/versions/:version/restore',
    role: 'editor',
    tag: 'Jobs',
    summary: 'Restore a version of a job, as a new version; a deleted job comes back',
    params: versionParams,
    body: z.strictObject({
      expected_modified_date: z
        .string()
        .optional()
        .describe('refuses with 409 when the job was saved since then'),
    }),
    bodyOptional: true,
    takesIfMatch: true,
    response: z.object({
      success: ok,
      job_id: z.string(),
      version: z.number().int().describe('the new one'),
      message: z.string(),
      job: JobDetail,
    }),
    etagOf: ({ job }: { readonly job: { readonly modified_date: string } }) => etagOf(job),
    errors: ['validation_failed', 'not_found', 'conflict'],
  }),
};
