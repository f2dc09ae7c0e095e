import { z } from 'zod';
import { ConnectionId, JobId } from '../model/ids';
import { JobSource, LeftOut, SourceJob } from '../model/job-source';
import { operation } from './operation';
import { ok, queryInstant } from './query';

const limit = 10 * 1024 * 1024;

export const jobSources = {
  importFrom: operation({
    method: 'POST',
    path: '/api/import/:source',
    role: 'editor',
    tag: 'Jobs',
    summary:
      'Bring in jobs of Windows Task Scheduler (XML), SQL Server Agent (T-SQL script, msdb) or cron; a dry run unless told otherwise',
    params: z.strictObject({ source: JobSource }),
    body: z.strictObject({
      text: z.string().optional().describe('the file as text'),
      content_base64: z
        .string()
        .optional()
        .describe('or the file byte by byte: UTF-16 and UTF-8 are told apart'),
      connection_id: ConnectionId.optional().describe(
        'sql-agent: instead of a file, the saved connection whose msdb is read',
      ),
      steps_connection: ConnectionId.optional().describe(
        'sql-agent: the saved connection T-SQL steps use; default: connection_id',
      ),
      crontab_format: z.enum(['auto', 'user', 'system']).default('auto'),
      timezone: z
        .string()
        .max(100)
        .optional()
        .describe("the zone of the machine it comes from; default: the program's"),
      state: z
        .enum(['disabled', 'enabled', 'shadow'])
        .default('disabled')
        .describe(
          'enabled: those that were enabled there and are complete here; shadow: their planned runs are recorded and not run',
        ),
      job_ids: z.array(JobId).max(10_000).optional().describe('only these of the jobs that a dry run showed'),
      dry_run: z.boolean().default(true),
      from: queryInstant.optional().describe('where the fire times begin; default now'),
      count: z.number().int().min(0).max(1000).default(100).describe('fire times shown for each job'),
    }),
    isSensitive: true,
    bodyLimit: 2 * limit,
    response: z.object({
      success: ok,
      source: JobSource,
      dry_run: z.boolean(),
      jobs: z.array(SourceJob),
      left_out: z.array(LeftOut).describe('what became no job, and why'),
      notes: z.array(z.string()).describe('what concerns the whole source'),
      created: z.number().int(),
      updated: z.number().int(),
      unchanged: z.number().int(),
      refused: z.number().int(),
      message: z.string(),
    }),
    errors: ['validation_failed', 'not_found', 'conflict', 'unavailable', 'payload_too_large'],
  }),
};
