import { z } from 'zod';
import { JobId } from '../model/ids';
import { Slot } from '../model/slot';
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
  gaps: operation({
    method: 'GET',
    path: '/api/schedule/gaps',
    role: 'viewer',
    tag: 'Schedule',
    summary: 'Stretches in which schedules were not served: program down, paused, asleep, clock set',
    query: z.strictObject({
      from: queryInstant.optional().describe('30 days ago when left out'),
      to: queryInstant.optional(),
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
          text: z.string(),
        }),
      ),
    }),
    errors: ['validation_failed'],
  }),
};
