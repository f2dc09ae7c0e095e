import { z } from 'zod';
import { ScheduleSpec } from './schedule';

export const WindowId = z.string().regex(/^[A-Za-z0-9_-]{1,50}$/, 'is not the id of a maintenance window');

const longestMinutes = 31 * 24 * 60;

/** While a maintenance window is open, the jobs it concerns are held; what came due meanwhile is decided at its end. */
export const MaintenanceWindowContent = z
  .strictObject({
    reason: z.string().min(1, 'must not be empty').max(500),
    tag: z.string().min(1).max(50).nullish().describe('only jobs with this tag; null: all jobs'),
    starts_at: z.iso.datetime({ offset: true }).optional(),
    ends_at: z.iso.datetime({ offset: true }).optional(),
    schedule: ScheduleSpec.optional().describe('opens again and again, by the rules of a job schedule'),
    duration_minutes: z.number().int().min(1).max(longestMinutes).optional(),
  })
  .superRefine((window, context) => {
    const isOnce = window.starts_at !== undefined && window.ends_at !== undefined;
    const isRecurring = window.schedule !== undefined && window.duration_minutes !== undefined;
    const given = ['starts_at', 'ends_at', 'schedule', 'duration_minutes'].filter(
      (key) => window[key as keyof typeof window] !== undefined,
    );
    if (given.length !== 2 || isOnce === isRecurring) {
      context.addIssue({
        code: 'custom',
        path: [given[0] ?? 'starts_at'],
        message: 'expected either starts_at and ends_at, or schedule and duration_minutes',
      });
      return;
    }
    if (isOnce && Date.parse(window.ends_at ?? '') <= Date.parse(window.starts_at ?? '')) {
      context.addIssue({ code: 'custom', path: ['ends_at'], message: 'must lie behind starts_at' });
    }
  });
export type MaintenanceWindowContent = z.output<typeof MaintenanceWindowContent>;

export const MaintenanceWindow = z.object({
  window_id: z.string(),
  reason: z.string(),
  tag: z.string().nullable(),
  starts_at: z.string().optional(),
  ends_at: z.string().optional(),
  schedule: z.unknown().optional(),
  duration_minutes: z.number().int().optional(),
  text: z.string().describe('when it is open, in words'),
  open: z.boolean().describe('open right now'),
  from: z
    .string()
    .nullable()
    .describe('begin of the present opening, or of the next; null when over for good'),
  to: z.string().nullable(),
  created_date: z.string(),
  modified_date: z.string(),
  created_by: z.string(),
});
export type MaintenanceWindow = z.infer<typeof MaintenanceWindow>;
