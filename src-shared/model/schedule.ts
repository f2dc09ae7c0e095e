import { z } from 'zod';

/**
 * The `schedule:` of a job as written (docs/schedules.md). These schemas check shape only; the grammar of the
 * values (cron expressions, dates, zones) is checked by the trigger parser, which knows what was meant.
 */
const CronValue = z.union([z.string(), z.number()]);

const startDate = z.string().optional().describe('no run before this date or instant');
const endDate = z.string().optional().describe('no run after this date or instant');
const timezone = z.string().optional().describe('an IANA zone such as America/New_York, or a Windows name');
const jitter = z
  .number()
  .min(0)
  .optional()
  .describe('seconds the start may be delayed; the slot keeps its time');

export const CronParams = z.strictObject({
  year: CronValue.optional().describe('four digits'),
  month: CronValue.optional().describe('1-12 or jan-dec'),
  day: CronValue.optional().describe('day of the month 1-31, "last", "2nd fri", "last sun"'),
  week: CronValue.optional().describe('ISO week 1-53'),
  day_of_week: CronValue.optional().describe('0-6 or mon-sun; 0 is Monday'),
  hour: CronValue.optional().describe('0-23: a number, a range 9-17, a step */2 or a list 8,20'),
  minute: CronValue.optional().describe("0-59: a number, a range, a step '*/15' or a list 0,30"),
  second: CronValue.optional().describe('0-59; 0 when left out'),
  start_date: startDate,
  end_date: endDate,
  timezone,
  jitter,
});
export type CronParams = z.infer<typeof CronParams>;

export const IntervalParams = z.strictObject({
  weeks: z.number().min(0).optional(),
  days: z.number().min(0).optional(),
  hours: z.number().min(0).optional(),
  minutes: z.number().min(0).optional(),
  seconds: z.number().min(0).optional(),
  start_date: startDate,
  end_date: endDate,
  timezone,
  jitter,
});
export type IntervalParams = z.infer<typeof IntervalParams>;

/** What happens to a local time that does not exist (gap) or comes twice (fold) at a clock change. */
export const DstPolicy = z.strictObject({
  gap: z.enum(['run_after', 'skip']).optional(),
  fold: z.enum(['once', 'twice']).optional(),
});
export type DstPolicy = z.infer<typeof DstPolicy>;

const beside = {
  timezone,
  start_date: startDate,
  end_date: endDate,
  jitter,
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
