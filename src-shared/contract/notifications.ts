import { z } from 'zod';
import { JobId } from '../model/ids';
import {
  ChannelName,
  NotificationDefaults,
  OutboxEntry,
  OutboxState,
  Recipient,
} from '../model/notification';
import { operation } from './operation';
import { ok, paging, queryList } from './query';

/** Whom a list of a job reaches, and where that list stands. */
const Audience = z.object({
  list: z.string().describe('on_failure, on_recovery, ...'),
  from: z.string().describe('the job, the defaults, the tag "night"; empty: nobody is told'),
  targets: z.array(
    z.object({
      channel: ChannelName,
      target: z.string(),
      problem: z.string().nullable().describe('why nothing arrives there'),
    }),
  ),
});

export const notifications = {
  channels: operation({
    method: 'GET',
    path: '/api/notifications/channels',
    role: 'operator',
    tag: 'Notifications',
    summary: 'The channels and whether they are set up, and who is told by default',
    response: z.object({
      success: ok,
      channels: z.array(
        z.object({
          channel: ChannelName,
          description: z.string(),
          problem: z.string().nullable().describe('why nothing can be sent; null when it can'),
        }),
      ),
      defaults: NotificationDefaults,
      by_tag: z.record(z.string(), NotificationDefaults),
      heartbeat: z
        .object({ target: z.string(), every_seconds: z.number() })
        .nullable()
        .describe('null when none is configured'),
    }),
    errors: ['unavailable'],
  }),
  outbox: operation({
    method: 'GET',
    path: '/api/notifications',
    role: 'operator',
    tag: 'Notifications',
    summary: 'Messages that wait, were sent or were given up, newest first',
    query: z.strictObject({ ...paging, state: queryList(OutboxState).optional(), job_id: JobId.optional() }),
    response: z.object({
      success: ok,
      notifications: z.array(OutboxEntry),
      total: z.number().int(),
      counts: z.object({
        waiting: z.number().int(),
        sending: z.number().int(),
        sent: z.number().int(),
        failed: z.number().int(),
      }),
    }),
    errors: ['validation_failed', 'unavailable'],
  }),
  retry: operation({
    method: 'POST',
    path: '/api/notifications/:notification_id/retry',
    role: 'operator',
    tag: 'Notifications',
    summary: 'Send a message that waits, or was given up, now',
    params: z.strictObject({
      notification_id: z.string().regex(/^[0-9a-f]{8,64}$/, 'is not the id of a notification'),
    }),
    body: z.strictObject({}),
    bodyOptional: true,
    response: z.object({ success: ok, notification: OutboxEntry, message: z.string() }),
    errors: ['not_found', 'conflict', 'unavailable'],
  }),
  test: operation({
    method: 'POST',
    path: '/api/notifications/test',
    role: 'editor',
    tag: 'Notifications',
    summary: 'Send a test message at once; a refusal of the receiver is an answer, not an error',
    body: z.strictObject({
      recipient: Recipient,
      job_id: JobId.optional().describe('the message names this job'),
    }),
    response: z.object({
      success: z.boolean().describe('false when it could not be sent; `message` says why'),
      message: z.string(),
    }),
    errors: ['validation_failed', 'not_found', 'unavailable'],
  }),
  job: operation({
    method: 'GET',
    path: '/api/jobs/:job_id/notifications',
    role: 'viewer',
    tag: 'Notifications',
    summary: 'Who is told of a job, what it is watched for, and what is usual for it on each weekday',
    params: z.strictObject({ job_id: JobId }),
    response: z.object({
      success: ok,
      job_id: z.string(),
      audiences: z.array(Audience),
      after_failures: z.number().int(),
      remind_every: z.number(),
      trouble: z
        .object({
          failures: z.number().int(),
          since: z.string(),
          error: z.string().nullable(),
          last_told: z.string().nullable(),
        })
        .nullable()
        .describe('failures in a row that last; null when its last run was well'),
      must_finish_by: z.string().nullable(),
      expect_success_every: z.number().nullable(),
      long_running_after: z.number().nullable(),
      not_run_after: z.number().describe('seconds behind its time that a planned run counts as not run'),
      usual: z.array(
        z.object({
          weekday: z.number().int().describe('0 Sunday to 6 Saturday'),
          samples: z.number().int(),
          p50_seconds: z.number(),
          p95_seconds: z.number(),
          long_after_seconds: z.number(),
          short_below_seconds: z.number(),
          of_all_days: z.boolean().describe('the weekday itself had too few runs to learn from'),
        }),
      ),
    }),
    errors: ['not_found', 'unavailable'],
  }),
};
