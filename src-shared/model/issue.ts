import { z } from 'zod';

/** One thing wrong (`error`) or doubtful (`warning`) in a text a person wrote. Line and column count from 1. */
export const Issue = z.object({
  path: z
    .string()
    .describe('where in the document, as keys and indexes: "jobs[2].schedule.cron_params.hour"'),
  message: z.string(),
  line: z.number().int().optional(),
  column: z.number().int().optional(),
  severity: z.enum(['error', 'warning']).default('error'),
});
export type Issue = z.infer<typeof Issue>;
