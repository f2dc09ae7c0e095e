import { z } from 'zod';
import { JobId } from '../model/ids';
import { Slot, SlotFate } from '../model/slot';
import { operation } from './operation';
import { ok, queryInstant, queryInteger } from './query';

const params = z.strictObject({ job_id: JobId });

/** The slot ledger: what was planned, what became of it, and why. */
export const schedule = {
  slots: operation({
    method: 'GET',
    path: '/api/jobs/:job_id/slots',
    role: 'viewer',
    tag: 'Schedule',
    summary: 'Planned instants of a job, past and future in one list, each with its fate',
    params,
    query: z.strictObject({
      from: queryInstant.optional().describe('7 days ago when left out'),
      to: queryInstant.optional().describe('7 days ahead when left out'),
      limit: queryInteger(1, 5000).default(500),
    }),
    response: z.object({
      success: ok,
      job_id: z.string(),
      from: z.string(),
      to: z.string(),
      now: z.string(),
      timezone: z.string(),
      schedule_text: z.string(),
      slots: z.array(Slot).describe('oldest first'),
      truncated: z.boolean().describe('there are more than `limit`; those nearest to now are shown'),
    }),
    errors: ['validation_failed', 'not_found'],
  }),
  why: operation({
    method: 'GET',
    path: '/api/jobs/:job_id/why',
    role: 'viewer',
    tag: 'Schedule',
    summary: 'Why a job ran, did not run, or will not run at an instant, in words',
    params,
    query: z.strictObject({
      at: z
        .string()
        .max(40)
        .describe(
          'an instant (2026-11-24T08:00:00Z), or a time in the zone of the schedule (2026-11-24 08:00)',
        ),
    }),
    response: z.object({
      success: ok,
      job_id: z.string(),
      at: z.string(),
      local_time: z.string(),
      answer: z.string(),
      slot: Slot.nullable().describe('the slot at that instant; null when none was planned'),
      previous: Slot.nullable(),
      next: Slot.nullable(),
    }),
    errors: ['validation_failed', 'not_found'],
  }),
  catchUp: operation({
    method: 'POST',
    path: '/api/jobs/:job_id/catch-up',
    role: 'operator',
    tag: 'Schedule',
    summary: 'Run what a job missed between two instants, one run after the other; see it with dry_run first',
    params,
    body: z.strictObject({
      from: queryInstant,
      to: queryInstant.optional().describe('now when left out'),
      mode: z
        .enum(['each', 'latest'])
        .default('each')
        .describe('each missed slot, or one run for the latest'),
      include_ran: z.boolean().default(false).describe('also slots that ran already'),
      include_excluded: z.boolean().default(false).describe('also slots that a holiday set excludes'),
      dry_run: z.boolean().default(false),
    }),
    response: z.object({
      success: ok,
      dry_run: z.boolean(),
      job_id: z.string(),
      slots: z.array(
        z.object({
          scheduled_time: z.string(),
          local_time: z.string(),
          action: z.enum(['run', 'leave']),
          reason: z.string(),
          execution_id: z.string().optional(),
        }),
      ),
      to_run: z.number().int(),
      message: z.string(),
    }),
    errors: ['validation_failed', 'not_found', 'conflict', 'unavailable'],
  }),
  forecast: operation({
    method: 'GET',
    path: '/api/schedule/forecast',
    role: 'viewer',
    tag: 'Schedule',
    summary: 'What will run between two instants, with expected durations and where runs will meet',
    query: z.strictObject({
      from: queryInstant.optional().describe('now when left out'),
      to: queryInstant.optional().describe('24 hours behind from when left out'),
      job_id: JobId.optional().describe('show only this job; the others still take their places'),
      tag: z.string().min(1).max(50).optional(),
      limit: queryInteger(0, 30_000).default(2000).describe('runs told one by one'),
      per_job: queryInteger(1, 10_000).default(10_000).describe('of one job, so many of them at most'),
      job_limit: queryInteger(0, 10_000).default(200).describe('rows of `jobs`'),
    }),
    response: z.object({
      success: ok,
      from: z.string(),
      to: z.string(),
      standstill: z.string().nullable().describe('why nothing of this will happen as things stand'),
      planned: z.number().int().describe('all runs of the stretch, exactly'),
      withheld: z.number().int().describe('all slots that will not run'),
      waiting: z.number().int().describe('runs that wait for a free place or an earlier run'),
      worked_out_until: z
        .string()
        .describe('waits, overlaps and collisions are known up to here; behind it runs are only counted'),
      hours: z
        .array(
          z.object({
            from: z.string(),
            runs: z.number().int().describe('that begin in this hour'),
            withheld: z.number().int(),
            waits: z.number().int(),
            collisions: z.number().int(),
          }),
        )
        .describe('every full hour (UTC) of the stretch, all runs counted'),
      jobs: z
        .array(
          z.object({
            job_id: z.string(),
            name: z.string(),
            job_type: z.string(),
            schedule_text: z.string(),
            fate: SlotFate.describe('planned; or skipped, missed: these will not run, and why'),
            reason: z.string().optional(),
            count: z.number().int(),
            first_scheduled_time: z.string(),
            last_scheduled_time: z.string(),
            expected_duration_seconds: z.number(),
            samples: z.number().int().describe('runs the duration was learnt from; 0: assumed'),
            waits: z.number().int().describe('of them wait for a free place or an earlier run'),
            longest_wait_seconds: z.number(),
            connection: z.string().optional(),
          }),
        )
        .describe('the same by job and fate, the next first; at most `job_limit` rows'),
      job_total: z.number().int().describe('rows of `jobs` without the limit'),
      runs: z
        .array(
          z.object({
            job_id: z.string(),
            name: z.string(),
            job_type: z.string(),
            tags: z.array(z.string()),
            scheduled_time: z.string(),
            local_time: z.string(),
            fate: SlotFate.describe('planned; or skipped, missed: it will not run, and why'),
            reason: z.string().optional(),
            count: z.number().int().optional(),
            first_scheduled_time: z.string().optional(),
            last_scheduled_time: z.string().optional(),
            moved_from: z.string().optional(),
            expected_start: z.string().optional(),
            expected_end: z.string().optional(),
            expected_duration_seconds: z.number(),
            samples: z.number().int().describe('runs the duration was learnt from; 0: assumed'),
            waits_seconds: z.number().optional().describe('expected wait for a free place or an earlier run'),
            connection: z.string().optional(),
          }),
        )
        .describe('one by one, up to `limit`; slots in a row that will not run for one reason are one entry'),
      total: z.number().int().describe('entries of `runs` without the limit'),
      truncated: z.boolean(),
      collision_total: z.number().int(),
      collisions: z
        .array(
          z.object({
            kind: z.enum(['pool', 'connection']),
            from: z.string(),
            to: z.string(),
            peak: z.number().int().describe('runs at once'),
            capacity: z.number().int(),
            connection: z.string().optional(),
            job_ids: z.array(z.string()).describe('at most 20 of them'),
            text: z.string(),
          }),
        )
        .describe('the first 200'),
      thread_pool_size: z.number().int(),
    }),
    errors: ['validation_failed', 'not_found'],
  }),
  gap: operation({
    method: 'GET',
    path: '/api/schedule/gap',
    role: 'viewer',
    tag: 'Schedule',
    summary:
      'What was missed while the scheduler was down, paused or asleep, and nobody has answered for yet',
    response: z.object({
      success: ok,
      gap: z
        .object({
          from: z.string(),
          to: z.string().describe('names the gap when it is answered'),
          times: z.number().int().describe('stretches in it'),
          text: z.string(),
          slots: z.number().int(),
          jobs: z.array(
            z.object({
              job_id: z.string(),
              name: z.string(),
              slots: z.number().int(),
              first: z.string(),
              last: z.string(),
            }),
          ),
        })
        .nullable(),
    }),
    errors: [],
  }),
  answerGap: operation({
    method: 'POST',
    path: '/api/schedule/gap',
    role: 'operator',
    tag: 'Schedule',
    summary: 'Run the latest missed slot of each job, run all of them, or leave it; it is not asked again',
    body: z.strictObject({
      to: queryInstant.describe('`to` of the gap that was shown'),
      action: z.enum(['latest', 'all', 'leave']),
    }),
    response: z.object({
      success: ok,
      started: z.number().int(),
      jobs: z.array(
        z.object({ job_id: z.string(), started: z.number().int(), problem: z.string().optional() }),
      ),
      message: z.string(),
    }),
    errors: ['validation_failed', 'unavailable'],
  }),
  gaps: operation({
    method: 'GET',
    path: '/api/schedule/gaps',
    role: 'viewer',
    tag: 'Schedule',
    summary:
      'Stretches in which schedules were not served, newest first: program down, paused, asleep, clock set, job disabled',
    query: z.strictObject({
      from: queryInstant.optional().describe('30 days ago when left out'),
      to: queryInstant.optional(),
      job_id: JobId.optional().describe('what concerned all jobs, and this one; every job when left out'),
      limit: queryInteger(1, 1000).default(200),
    }),
    response: z.object({
      success: ok,
      gaps: z.array(
        z.object({
          kind: z.enum(['not_running', 'stopped', 'paused', 'disabled', 'forward', 'backward', 'frozen']),
          job_id: z.string().nullable(),
          from: z.string(),
          to: z.string(),
          seconds: z.number(),
          ongoing: z.boolean().describe('it has not ended; `to` is now'),
          text: z.string(),
        }),
      ),
    }),
    errors: ['validation_failed'],
  }),
};
