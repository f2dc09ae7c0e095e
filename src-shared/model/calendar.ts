import { z } from 'zod';
import { parseScheduleDate } from '../schedule/schedule-date';
import { JobId } from './ids';

/** Named by jobs in `exclude:`; the same characters as a job's id. */
export const CalendarId = JobId;

const Label = z.string().min(1).max(200).optional();

export const CalendarDate = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a date YYYY-MM-DD')
  .refine((text) => typeof parseScheduleDate(text) !== 'string', 'is not a date that exists');

const YearlyDate = z
  .string()
  .regex(/^\d{2}-\d{2}$/, 'expected a day of the year MM-DD')
  .refine(
    (text) => typeof parseScheduleDate(`2024-${text}`) !== 'string',
    'is not a day of the year that exists',
  );

export const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day HH:MM, 00:00-23:59');

export const Weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);

const CalendarSpan = z
  .strictObject({ from: z.iso.datetime({ offset: true }), to: z.iso.datetime({ offset: true }), name: Label })
  .refine((span) => Date.parse(span.to) > Date.parse(span.from), {
    message: 'must lie behind from',
    path: ['to'],
  });

const limit = 5000;

/**
 * A holiday set: when jobs that name it in `exclude:` do not run. Dates and times of day are those of the job's
 * own schedule zone; spans are instants.
 */
export const CalendarContent = z.strictObject({
  name: z.string().min(1).max(255).optional(),
  description: z.string().max(4000).optional(),
  dates: z
    .array(
      z.union([
        CalendarDate.transform((date) => ({ date }) as { date: string; until?: string; name?: string }),
        z
          .strictObject({
            date: CalendarDate,
            until: CalendarDate.optional().describe('last day, itself included'),
            name: Label,
          })
          .refine((one) => one.until === undefined || one.until >= one.date, {
            message: 'must not lie before date',
            path: ['until'],
          }),
      ]),
    )
    .max(limit)
    .default([]),
  yearly: z
    .array(
      z.union([
        YearlyDate.transform((day) => ({ day }) as { day: string; name?: string }),
        z.strictObject({ day: YearlyDate, name: Label }),
      ]),
    )
    .max(400)
    .default([])
    .describe('days that come every year, MM-DD'),
  weekly: z
    .array(
      z.strictObject({
        days: z.array(Weekday).min(1).max(7),
        from: TimeOfDay.optional().describe('00:00 when left out'),
        to: TimeOfDay.optional().describe(
          'exclusive; the end of the day when left out; before from: into the next day',
        ),
        name: Label,
      }),
    )
    .max(100)
    .default([]),
  spans: z.array(CalendarSpan).max(limit).default([]).describe('stretches of time, as instants'),
});
export type CalendarContent = z.output<typeof CalendarContent>;

export const Calendar = z.object({
  calendar_id: z.string(),
  name: z.string(),
  description: z.string(),
  dates: z.array(z.object({ date: z.string(), until: z.string().optional(), name: z.string().optional() })),
  yearly: z.array(z.object({ day: z.string(), name: z.string().optional() })),
  weekly: z.array(
    z.object({
      days: z.array(Weekday),
      from: z.string().optional(),
      to: z.string().optional(),
      name: z.string().optional(),
    }),
  ),
  spans: z.array(z.object({ from: z.string(), to: z.string(), name: z.string().optional() })),
  used_by: z.array(z.string()).describe('ids of the jobs that name it'),
  created_date: z.string(),
  modified_date: z.string(),
  created_by: z.string(),
});
export type Calendar = z.infer<typeof Calendar>;
