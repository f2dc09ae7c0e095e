import { z } from 'zod';
import { etagOf } from '../job-etag';
import { ExecutionStatus, ExecutionSummary } from '../model/execution';
import { JobId } from '../model/ids';
import { Issue } from '../model/issue';
import { JobDetail, JobSummary } from '../model/job';
import { ParamInput } from '../model/params';
import { operation } from './operation';
import { ok, paging, queryBoolean, queryInteger, queryList, querySort, search } from './query';

const params = z.strictObject({ job_id: JobId });
const yamlLimit = 10 * 1024 * 1024;

/**
 * A job as JSON by its API or YAML names, or as `{yaml}`. Checked key by key by the job document, which knows
 * the types; here only that it is an object.
 */
const JobBody = z.record(z.string(), z.unknown());

/** Each of them may name the state it is based on. */
const conditional = { takesIfMatch: true } as const;
const tagOfJob = ({ job }: { readonly job?: { readonly modified_date: string } }) => job && etagOf(job);

const Changed = z.object({ success: ok, job_id: z.string(), message: z.string(), job: JobDetail.optional() });

const ImportedJob = z.object({
  job_id: z.string(),
  action: z.enum(['created', 'updated', 'unchanged']),
  name: z.string().optional(),
  line: z.number().int().optional().describe('where the job begins in the file'),
  before: z.string().optional().describe('its text now; told by a dry run of a change'),
  after: z.string().optional().describe('its text afterwards'),
  conflict: z.string().optional().describe('what the import would overwrite, in words'),
});

export const jobs = {
  list: operation({
    method: 'GET',
    path: '/api/jobs',
    role: 'viewer',
    tag: 'Jobs',
    summary: 'List jobs',
    query: z.strictObject({
      ...paging,
      sort: querySort(
        ['name', 'job_id', 'job_type', 'next_run_time', 'last_run', 'created_date', 'modified_date'],
        ['relevance'],
      )
        .default('name')
        .describe('relevance: what fits the search best comes first'),
      type: queryList(z.string().min(1).max(50)).optional(),
      status: queryList(ExecutionStatus).optional().describe('outcome of the last execution'),
      schedule: queryList(z.enum(['cron', 'interval', 'date', 'none'])).optional(),
      enabled: queryBoolean.optional(),
      tag: queryList(z.string().min(1).max(50)).optional(),
      search: search
        .optional()
        .describe('words that are in the name, id, a tag or the description; case and accents are ignored'),
    }),
    response: z.object({
      success: ok,
      jobs: z.array(JobSummary),
      total: z.number().int(),
      limit: z.number().int(),
      offset: z.number().int(),
    }),
    errors: ['validation_failed'],
  }),
  export: operation({
    method: 'GET',
    path: '/api/jobs/export',
    role: 'viewer',
    tag: 'Jobs',
    summary: 'All jobs, or some, as one YAML file',
    query: z.strictObject({ ids: queryList(JobId).optional() }),
    response: z.string(),
    kind: 'raw',
    errors: ['validation_failed', 'not_found'],
  }),
  validate: operation({
    method: 'POST',
    path: '/api/jobs/validate',
    role: 'viewer',
    tag: 'Jobs',
    summary: 'Check a job or a jobs file without saving it',
    isReadOnly: true,
    body: z.strictObject({ yaml: z.string() }),
    acceptsYaml: true,
    bodyLimit: yamlLimit,
    response: z.object({ success: ok, valid: z.boolean(), issues: z.array(Issue) }),
    errors: ['validation_failed', 'payload_too_large'],
  }),
  testRun: operation({
    method: 'POST',
    path: '/api/jobs/test-run',
    role: 'editor',
    tag: 'Jobs',
    summary: 'Run a job text once without saving it; its execution has test_run in its metadata',
    body: z.strictObject({ yaml: z.string(), params: ParamInput.optional() }),
    acceptsYaml: true,
    response: z.object({
      success: ok,
      execution_id: z.string(),
      message: z.string(),
      status: ExecutionStatus,
    }),
    errors: ['validation_failed', 'conflict', 'rate_limited', 'unavailable', 'payload_too_large'],
  }),
  import: operation({
    method: 'POST',
    path: '/api/jobs/import',
    role: 'editor',
    tag: 'Jobs',
    summary: 'Bring in a jobs file: all of it or nothing',
    query: z.strictObject({ dry_run: queryBoolean.optional() }),
    body: z.strictObject({ yaml: z.string(), dry_run: z.boolean().optional() }),
    acceptsYaml: true,
    bodyLimit: yamlLimit,
    response: z.object({
      success: ok,
      dry_run: z.boolean(),
      jobs: z.array(ImportedJob),
      created: z.number().int(),
      updated: z.number().int(),
      unchanged: z.number().int(),
      issues: z.array(Issue),
      message: z.string(),
    }),
    errors: ['validation_failed', 'conflict', 'payload_too_large'],
  }),
  bulk: operation({
    method: 'POST',
    path: '/api/jobs/bulk',
    role: 'operator',
    tag: 'Jobs',
    summary: 'Run, enable, disable or delete several jobs (delete needs editor)',
    body: z.strictObject({
      action: z.enum(['run', 'enable', 'disable', 'delete']),
      job_ids: z.array(JobId).min(1).max(1000),
    }),
    response: z.object({
      success: z.boolean().describe('every single one succeeded'),
      results: z.array(
        z.object({
          job_id: z.string(),
          success: z.boolean(),
          message: z.string(),
          execution_id: z.string().optional(),
          code: z.string().optional(),
        }),
      ),
      succeeded: z.number().int(),
      failed: z.number().int(),
    }),
    errors: ['validation_failed', 'forbidden'],
  }),
  get: operation({
    method: 'GET',
    path: '/api/jobs/:job_id',
    role: 'viewer',
    tag: 'Jobs',
    summary: 'Get job details',
    params,
    response: z.object({ success: ok, job: JobDetail }),
    etagOf: tagOfJob,
    errors: ['not_found'],
  }),
  create: operation({
    method: 'POST',
    path: '/api/jobs',
    role: 'editor',
    tag: 'Jobs',
    summary: 'Create a new job, from JSON or {yaml}',
    body: JobBody,
    acceptsYaml: true,
    status: 201,
    response: Changed,
    errors: ['validation_failed', 'conflict'],
  }),
  update: operation({
    method: 'PUT',
    path: '/api/jobs/:job_id',
    role: 'editor',
    tag: 'Jobs',
    summary: 'Update a job: {yaml} replaces its text, JSON keys change those keys (null removes one)',
    params,
    query: z.strictObject({
      expected_modified_date: z
        .string()
        .optional()
        .describe('the same as If-Match, as the modified_date of the job'),
    }),
    body: JobBody,
    acceptsYaml: true,
    ...conditional,
    response: Changed,
    etagOf: tagOfJob,
    errors: ['validation_failed', 'not_found', 'conflict'],
  }),
  remove: operation({
    method: 'DELETE',
    path: '/api/jobs/:job_id',
    role: 'editor',
    tag: 'Jobs',
    summary: 'Delete a job; its history stays',
    params,
    ...conditional,
    response: Changed,
    errors: ['validation_failed', 'not_found', 'conflict'],
  }),
  run: operation({
    method: 'POST',
    path: '/api/jobs/:job_id/run',
    role: 'operator',
    tag: 'Jobs',
    summary: 'Run a job now',
    params,
    body: z.strictObject({
      force: z.boolean().optional().describe('run it although it is disabled'),
      params: ParamInput.optional().describe("values for the job's params; the others keep their defaults"),
    }),
    bodyOptional: true,
    response: z.object({
      success: ok,
      execution_id: z.string(),
      message: z.string(),
      status: ExecutionStatus,
    }),
    errors: ['validation_failed', 'not_found', 'conflict', 'rate_limited', 'unavailable'],
  }),
  enable: operation({
    method: 'POST',
    path: '/api/jobs/:job_id/enable',
    role: 'operator',
    tag: 'Jobs',
    summary: 'Enable a job',
    params,
    body: z.strictObject({}),
    bodyOptional: true,
    ...conditional,
    response: Changed,
    etagOf: tagOfJob,
    errors: ['validation_failed', 'not_found', 'conflict'],
  }),
  disable: operation({
    method: 'POST',
    path: '/api/jobs/:job_id/disable',
    role: 'operator',
    tag: 'Jobs',
    summary: 'Disable a job; what runs goes on',
    params,
    body: z.strictObject({}),
    bodyOptional: true,
    ...conditional,
    response: Changed,
    etagOf: tagOfJob,
    errors: ['validation_failed', 'not_found', 'conflict'],
  }),
  history: operation({
    method: 'GET',
    path: '/api/jobs/:job_id/history',
    role: 'viewer',
    tag: 'Executions',
    summary: 'Get job execution history, newest first',
    params,
    query: z.strictObject({
      ...paging,
      limit: queryInteger(1, 1000).default(100),
      status: queryList(ExecutionStatus).optional(),
    }),
    response: z.object({
      success: ok,
      job_id: z.string(),
      history: z.array(ExecutionSummary.extend({ output: z.string().nullable() })),
      total: z.number().int(),
    }),
    errors: ['validation_failed', 'not_found'],
  }),
};
