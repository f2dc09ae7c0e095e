import { z } from 'zod';

/** What was looked at. */
export const FindingKind = z.enum([
  'job',
  'program',
  'script',
  'folder',
  'environment',
  'connection',
  'secret',
  'output',
  'disk',
  'key',
  'policy',
  'certificate',
  'channel',
]);
export type FindingKind = z.infer<typeof FindingKind>;

/** One thing that keeps a job from working (`error`), or may (`warning`), and what to do about it. */
export const Finding = z.object({
  kind: FindingKind,
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  fix: z.string(),
});
export type Finding = z.infer<typeof Finding>;

/** What a check of every enabled job found. */
export const DoctorReport = z.object({
  checked_at: z.string(),
  duration_seconds: z.number(),
  text: z.string().describe('in one sentence: 3 jobs will fail within 24 hours'),
  checked: z.number().int().describe('enabled jobs that were looked at'),
  failing: z.number().int().describe('of them can not work as things stand'),
  failing_soon: z.number().int().describe('of those are planned within 24 hours'),
  machine: z.array(Finding).describe('what concerns every job'),
  jobs: z
    .array(
      z.object({
        job_id: z.string(),
        name: z.string(),
        job_type: z.string(),
        next_run_time: z.string().nullable(),
        findings: z.array(Finding),
      }),
    )
    .describe('jobs with findings, the next to run first'),
});
export type DoctorReport = z.infer<typeof DoctorReport>;
