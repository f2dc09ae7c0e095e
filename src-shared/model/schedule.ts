import { z } from 'zod';

/**
 * The `schedule:` of a job as written (spec/time.md). These schemas check shape only; the grammar of the
 * values (cron expressions, dates, zones) is checked by the trigger parser, which knows what was meant.
 */
const CronValue = z.union([z.string(), z.number()]);

export const CronParams = z.strictObject({
  year: CronValue.optional(),
  month: CronValue.optional(),
  day: CronValue.optional(),
  week: CronValue.optional(),
  day_of_week: CronValue.optional(),
  hour: CronValue.optional(),
  minute: CronValue.optional(),
  second: CronValue.optional(),
  start_date: z.string().optional(),
  end_date: z.string().optional(),
  timezone: z.string().optional(),
  jitter: z.number().min(0).optional(),
});
export type CronParams = z.infer<typeof CronParams>;

export const IntervalParams = z.strictObject({
  weeks: z.number().min(0).optional(),
  days: z.number().min(0).optional(),
  hours: z.number().min(0).optional(),
  minutes: z.number().min(0).optional(),
  seconds: z.number().min(0).optional(),
  start_date: z.string().optional(),
  end_date: z.string().optional(),
  timezone: z.string().optional(),
  jitter: z.number().min(0).optional(),
});
export type IntervalParams = z.infer<typeof IntervalParams>;

/** What happens to a local time that does not exist (gap) or comes twice (fold) at a clock change. */
export const DstPolicy = z.strictObject({
  gap: z.enum(['run_after', 'skip']).optional(),
  fold: z.enum(['once', 'twice']).optional(),
});
export type DstPolicy = z.infer<typeof DstPolicy>;

const beside = {
  timezone: z.string().optional(),
  start_date: z.string().optional(),
  end_date: z.string().optional(),
  jitter: z.number().min(0).optional().describe('seconds the start may be delayed; the slot keeps its time'),
  dst: DstPolicy.optional(),
};

export const CronSchedule = z.strictObject({
  type: z.literal('cron'),
  cron_params: CronParams.optional(),
  expression: z.string().optional().describe('a five-field crontab string, with crontab meaning'),
  ...beside,
});
export const IntervalSchedule = z.strictObject({
  type: z.literal('interval'),
  interval_params: IntervalParams,
  ...beside,
});
export const DateSchedule = z.strictObject({
  type: z.literal('date'),
  run_date: z.string(),
  ...beside,
});

export const ScheduleSpec = z.discriminatedUnion('type', [CronSchedule, IntervalSchedule, DateSchedule]);
export type ScheduleSpec = z.infer<typeof ScheduleSpec>;

/** One schedule, or several: the earliest next slot wins and the same instant counts once. */
export const Schedule = z.union([ScheduleSpec, z.array(ScheduleSpec).min(1).max(20)]);
export type Schedule = z.infer<typeof Schedule>;
