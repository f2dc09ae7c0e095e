import { z } from 'zod';
import { ExecutionStatus, ExecutionSummary } from './execution';

/** Something that was changed before a run and may be why it ended differently. */
export const RunChange = z.object({
  kind: z.enum(['job', 'connection']),
  id: z.string(),
  action: z.string().describe('in words: changed, switched off'),
  time: z.string(),
  by: z.string().describe('who; empty when it is not known'),
});
export type RunChange = z.infer<typeof RunChange>;

/** What stands around an execution: its attempts, the runs before it, and what changed since the last success. */
export const ExecutionContext = z.object({
  attempts: z.array(ExecutionSummary).describe('first to last, itself among them'),
  recent: z
    .array(
      z.object({
        execution_id: z.string(),
        status: ExecutionStatus,
        start_time: z.string(),
        duration_seconds: z.number().nullable(),
        return_code: z.number().nullable(),
      }),
    )
    .describe('runs of the job up to this one, oldest first'),
  usual_seconds: z.number().nullable().describe('median of its successes before; null before the first'),
  p95_seconds: z.number().nullable(),
  last_success: ExecutionSummary.nullable().describe('the last one before it'),
  failures: z.number().int().describe('failures since that success among the recent runs, this one included'),
  definition_changed: z
    .boolean()
    .nullable()
    .describe('another definition ran than at that success; null when it is not known'),
  changes: z.array(RunChange).describe('between that success and this run, oldest first'),
});
export type ExecutionContext = z.infer<typeof ExecutionContext>;
