import { z } from 'zod';

/**
 * stopped --start--> running --pause--> paused --resume--> running; stop leads back from both.
 * Stopping or pausing never touches what is running already.
 */
export const SchedulerState = z.enum(['stopped', 'running', 'paused']);
export type SchedulerState = z.infer<typeof SchedulerState>;

export const SchedulerStatus = z.object({
  state: SchedulerState,
  running: z.boolean(),
  timezone: z.string(),
  since: z.string().nullable().describe('when this state began'),
  changed_by: z.string().nullable(),
  total_jobs: z.number().int(),
  enabled_jobs: z.number().int(),
  scheduled_jobs: z.number().int(),
  running_executions: z.number().int(),
  pending_executions: z.number().int(),
  thread_pool_size: z.number().int(),
  next_run_time: z.string().nullable(),
  next_job_id: z.string().nullable(),
  next_job_name: z.string().nullable(),
  instance: z.string(),
  uptime_seconds: z.number(),
});
export type SchedulerStatus = z.infer<typeof SchedulerStatus>;
