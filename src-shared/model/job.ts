import { z } from 'zod';
import { CalendarId, TimeOfDay } from './calendar';
import { JobId } from './ids';
import { MachineWord } from './machine';
import { Notifications } from './notification';
import { JobParams } from './params';
import { Chains, Precondition, RetryBackoff, RetryOn } from './run-rules';
import { Schedule } from './schedule';

export const Overlap = z.enum(['skip', 'queue', 'replace']);
export type Overlap = z.infer<typeof Overlap>;

/** What happens to a planned run on a day that `exclude` covers. */
export const OnExcluded = z.enum(['skip', 'next_business_day', 'previous_business_day']);
export type OnExcluded = z.infer<typeof OnExcluded>;

/**
 * The part of a job definition that every type shares, by its YAML names. Absent means "the default of
 * scheduler.job_defaults"; `EffectiveSettings` shows what that comes to.
 */
export const commonJobShape = {
  job_id: JobId.describe("the job's name for machines; stays for good"),
  name: z
    .string()
    .min(1, 'must not be empty')
    .max(255, 'is longer than 255 characters')
    .describe('what people call it'),
  job_type: z.string().min(1).max(50),
  description: z.string().max(4000).optional().describe('a word for whoever reads this next year'),
  enabled: z.boolean().default(true).describe('false: runs only by hand'),
  shadow: z.boolean().optional().describe('true: its planned runs are recorded and not run; by hand it runs'),
  tags: z.array(z.string().min(1).max(50)).max(50).optional().describe('words to find and filter jobs by'),
  schedule: Schedule.nullish().describe('when it runs; without one it runs only by hand'),
  timeout: z.number().min(0).max(31_536_000).optional().describe('seconds an attempt may take; 0 = no limit'),
  max_retries: z.number().int().min(0).max(100).optional().describe('attempts after the first one failed'),
  stalled_after: z
    .number()
    .min(0)
    .max(31_536_000)
    .optional()
    .describe('seconds without any output after which an attempt is ended; 0 = never'),
  retry_delay: z.number().min(0).max(604_800).optional().describe('seconds between attempts'),
  retry_backoff: RetryBackoff.optional().describe('fixed, or exponential with a maximum and jitter'),
  retry_on: RetryOn.optional().describe('exit codes and kinds of failure that are tried again; default: all'),
  max_instances: z.number().int().min(1).max(100).optional().describe('how many of this job may run at once'),
  overlap: Overlap.optional().describe('what becomes of a run too many: skip, queue, or replace the oldest'),
  misfire_grace_time: z
    .number()
    .min(0)
    .nullable()
    .optional()
    .describe('seconds late it may still begin; null = any'),
  coalesce: z.boolean().optional().describe('several missed runs become one'),
  catch_up_window: z
    .number()
    .min(0)
    .nullable()
    .optional()
    .describe('seconds: how far back missed runs are caught up at all; null = no bound of its own'),
  max_catch_up: z
    .number()
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe('missed runs caught up at once when coalesce is false; 100'),
  not_after: TimeOfDay.nullable()
    .optional()
    .describe('HH:MM in the zone of the schedule: a late run must not start behind this time'),
  exclude: z
    .array(CalendarId)
    .max(20)
    .optional()
    .describe('holiday sets on whose days and times the job does not run'),
  on_excluded: OnExcluded.optional(),
  keep_awake: z
    .boolean()
    .optional()
    .describe('true: the computer does not go to sleep while it runs (desktop application)'),
  run_as: z
    .string()
    .min(1, 'expected the name of an account')
    .max(255)
    .optional()
    .describe('the account its programs run as'),
  run_as_password: z
    .string()
    .regex(/^\{\{\s*secrets\.[A-Za-z0-9_.-]+\s*\}\}$/, "must be a secret by its name: '{{ secrets.NAME }}'")
    .optional()
    .describe('Windows: the secret that holds the password of run_as'),
  notifications: Notifications.optional().describe('who is told of what'),
  must_finish_by: TimeOfDay.nullable()
    .optional()
    .describe('HH:MM in the zone of the schedule: a planned run must have succeeded by then'),
  expect_success_every: z
    .number()
    .min(60)
    .max(31_536_000)
    .nullable()
    .optional()
    .describe('seconds: the longest time that may pass without a success'),
  long_running_after: z
    .number()
    .min(1)
    .max(31_536_000)
    .nullable()
    .optional()
    .describe('seconds after which a run counts as long; without it what is usual on that weekday decides'),
  runs_on: z
    .array(MachineWord)
    .min(1, 'is empty; expected names or tags of machines, or leave it out')
    .max(20)
    .optional()
    .describe('machines that may run it, by name or tag; without it any machine of the cluster'),
  params: JobParams.optional().describe('values a run by hand may set; {{ params.name }} stands for them'),
  preconditions: z.array(Precondition).max(20).optional().describe('what must hold before a run begins'),
  on_success: Chains.optional().describe('jobs to run when this one succeeded'),
  on_failure: Chains.optional().describe('jobs to run when this one failed for good'),
  metadata: z.record(z.string(), z.unknown()).optional().describe('anything of yours; kept, never read'),
};

export const CommonJob = z.object(commonJobShape);
export type CommonJob = z.infer<typeof CommonJob>;

/** Keys of a job that are not the type's own. */
export const commonJobKeys: ReadonlySet<string> = new Set(Object.keys(commonJobShape));

/** A whole definition: the shared part, and the type's own keys (already checked by the type's schema). */
export interface JobDefinition extends CommonJob {
  readonly config: Readonly<Record<string, unknown>>;
}

/** What a job's settings come to once scheduler.job_defaults has filled the gaps. */
export const EffectiveSettings = z.object({
  timeout: z.number(),
  max_retries: z.number(),
  retry_delay: z.number(),
  max_instances: z.number(),
  overlap: Overlap,
  misfire_grace_time: z.number().nullable(),
  coalesce: z.boolean(),
  catch_up_window: z.number().nullable(),
  max_catch_up: z.number(),
  not_after: z.string().nullable(),
  exclude: z.array(z.string()),
  on_excluded: OnExcluded,
  timezone: z.string().describe('the zone of schedules that name none'),
});
export type EffectiveSettings = z.infer<typeof EffectiveSettings>;

export const LastExecution = z.object({
  execution_id: z.string(),
  status: z.string(),
  start_time: z.string(),
  end_time: z.string().nullable(),
  duration_seconds: z.number().nullable(),
});

/** A job in a list. */
export const JobSummary = z.object({
  job_id: z.string(),
  name: z.string(),
  job_type: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  shadow: z.boolean().optional().describe('true: its planned runs are recorded and not run'),
  disabled_reason: z
    .string()
    .optional()
    .describe('why this machine will not run it although it may be enabled'),
  uses_shell: z.boolean().describe('it runs a line through the shell (shell: true)'),
  run_as: z.string().optional().describe('the account its programs run as'),
  tags: z.array(z.string()),
  schedule: z.unknown(),
  schedule_text: z.string().describe('the schedule in words; `No schedule` when there is none'),
  next_run_time: z.string().nullable(),
  last_execution: LastExecution.nullable(),
  created_date: z.string(),
  modified_date: z.string(),
});
export type JobSummary = z.infer<typeof JobSummary>;

/** One job whole: summary, the definition's own keys beside it, effective settings and the author's text. */
export const JobDetail = z.looseObject({
  ...JobSummary.shape,
  created_by: z.string(),
  effective: EffectiveSettings,
  yaml: z.string(),
  source: z.string().nullable().describe('the file it is synchronised with, if any'),
  edited_in_app: z.boolean().describe('changed here since the last synchronisation with its file'),
});
export type JobDetail = z.infer<typeof JobDetail>;
