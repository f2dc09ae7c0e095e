import { z } from 'zod';
import { DoctorReport } from '../model/doctor';
import { LogLevelName, LogLine } from '../model/log';
import { Setting } from '../model/setting';
import { operation } from './operation';
import { ok, paging, queryBoolean, queryInstant, queryInteger, search } from './query';

const logFilter = {
  level: LogLevelName.optional().describe('this level and those above it'),
  source: z
    .string()
    .regex(
      /^(scheduler|web|jobs\/[A-Za-z0-9][A-Za-z0-9_.-]{0,49})$/,
      'expected scheduler, web or jobs/<job_id>',
    )
    .refine((source) => !source.includes('..'), 'must not contain ".."')
    .optional(),
  search: search.optional(),
};

export const system = {
  queueStatus: operation({
    method: 'GET',
    path: '/api/admin/job-queue/status',
    role: 'viewer',
    tag: 'Monitoring',
    summary: 'Get job queue status',
    response: z.object({
      success: ok,
      status: z.enum(['idle', 'busy', 'full']),
      running: z.number().int(),
      pending: z.number().int(),
      waiting_retries: z.number().int(),
      thread_pool_size: z.number().int(),
      free_slots: z.number().int(),
      executions: z.array(
        z.object({
          execution_id: z.string(),
          job_id: z.string(),
          job_name: z.string(),
          status: z.string(),
          attempt: z.number().int(),
          since: z.string(),
        }),
      ),
    }),
    errors: [],
  }),
  queueMetrics: operation({
    method: 'GET',
    path: '/api/admin/job-queue/metrics',
    role: 'viewer',
    tag: 'Monitoring',
    summary: 'Get queue metrics: counts since start and over the last 24 hours',
    response: z.object({
      success: ok,
      metrics: z.object({
        since: z.string(),
        started: z.number().int(),
        finished: z.number().int(),
        by_status: z.record(z.string(), z.number().int()),
        last_24_hours: z.record(z.string(), z.number().int()),
        success_rate: z.number().nullable().describe('succeeded / ended runs of the last 24 hours, 0-1'),
        average_duration_seconds: z.number().nullable(),
        average_wait_seconds: z.number().nullable().describe('from the planned instant to the start'),
        maximum_running: z.number().int(),
      }),
    }),
    errors: [],
  }),
  health: operation({
    method: 'GET',
    path: '/api/health',
    role: 'public',
    tag: 'Monitoring',
    summary: 'Health check; without a key only the status word',
    response: z.object({
      status: z.enum(['healthy', 'degraded', 'unhealthy']),
      checks: z.record(z.string(), z.boolean()).optional(),
      details: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
      timestamp: z.string().optional(),
    }),
    statusOf: (body: { status: string }) => (body.status === 'unhealthy' ? 503 : 200),
    errors: ['unavailable'],
  }),
  doctor: operation({
    method: 'GET',
    path: '/api/doctor',
    role: 'operator',
    tag: 'Monitoring',
    summary: 'Check every enabled job before it runs: programs, scripts, folders, logins, secrets, disk',
    query: z.strictObject({
      last: queryBoolean.optional().describe('what the last check found, when there was one'),
    }),
    response: z.object({ success: ok, ...DoctorReport.shape }),
    errors: ['validation_failed'],
  }),
  logs: operation({
    method: 'GET',
    path: '/api/logs',
    role: 'admin',
    tag: 'Monitoring',
    summary: 'Get application logs, newest first',
    query: z.strictObject({
      ...paging,
      ...logFilter,
      from: queryInstant.optional(),
      to: queryInstant.optional(),
    }),
    response: z.object({
      success: ok,
      logs: z.array(LogLine),
      total: z.number().int(),
      cursor: z.string().describe('for /api/logs/tail: goes on exactly behind this answer'),
      is_partial: z.boolean().describe('the files hold older lines that were not looked at'),
    }),
    errors: ['validation_failed'],
  }),
  logTail: operation({
    method: 'GET',
    path: '/api/logs/tail',
    role: 'admin',
    tag: 'Monitoring',
    summary: 'What was logged since a cursor, oldest first; ask again with the new cursor to follow',
    query: z.strictObject({
      cursor: z.string().regex(/^[0-9a-f]{1,40}-[0-9]{1,15}$/, 'is not a cursor of /api/logs'),
      limit: queryInteger(1, 5000).default(1000),
      ...logFilter,
    }),
    response: z.object({
      success: ok,
      logs: z.array(LogLine),
      cursor: z.string(),
      is_complete: z.boolean().describe('false: lines in between are lost here; read /api/logs anew'),
    }),
    errors: ['validation_failed'],
  }),
  logSources: operation({
    method: 'GET',
    path: '/api/logs/sources',
    role: 'admin',
    tag: 'Monitoring',
    summary: 'Which logs there are, with their files; the one written last first',
    response: z.object({
      success: ok,
      folder: z.string(),
      sources: z.array(
        z.object({
          source: z.string(),
          files: z.number().int().describe('the present one and those it was rotated into'),
          bytes: z.number().int(),
          modified: z.string(),
        }),
      ),
    }),
    errors: [],
  }),
  about: operation({
    method: 'GET',
    path: '/api/about',
    role: 'viewer',
    tag: 'Monitoring',
    summary: 'Which version this is, and where it is served',
    response: z.object({
      success: ok,
      version: z.string(),
      started: z.string(),
      addresses: z.array(z.string()),
      runtime: z.string(),
      platform: z.string(),
    }),
    errors: [],
  }),
  settings: operation({
    method: 'GET',
    path: '/api/settings',
    role: 'admin',
    tag: 'Monitoring',
    summary: 'Every setting in force and where it comes from; secrets are masked',
    response: z.object({
      success: ok,
      settings: z.array(Setting),
      places: z.object({
        data_folder: z.string(),
        logs_folder: z.string(),
        jobs_file: z.string(),
        config_file: z.string().nullable(),
      }),
    }),
    errors: [],
  }),
  events: operation({
    method: 'GET',
    path: '/api/events',
    role: 'viewer',
    tag: 'Monitoring',
    summary:
      'Live events (SSE). Last-Event-ID resumes; `output` also streams the output of one execution, or `all`',
    query: z.strictObject({
      output: z.union([z.literal('all'), z.string().regex(/^(exec_)?[1-9][0-9]{0,15}$/)]).optional(),
    }),
    response: z.unknown(),
    kind: 'events',
    errors: ['unauthenticated'],
  }),
  openapi: operation({
    method: 'GET',
    path: '/api/openapi.json',
    role: 'viewer',
    tag: 'Monitoring',
    summary: 'This API as an OpenAPI 3.1 document',
    response: z.unknown(),
    errors: [],
  }),
  metrics: operation({
    method: 'GET',
    path: '/metrics',
    role: 'viewer',
    tag: 'Monitoring',
    summary: 'Prometheus metrics',
    response: z.string(),
    kind: 'raw',
    errors: [],
  }),
};
