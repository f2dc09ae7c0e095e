import { z } from 'zod';

/**
 * How an execution stands.
 *
 *   pending --> running --> success | failed | timeout | cancelled | interrupted
 *      |           '------> retry            (this attempt failed, another row follows)
 *      '---> cancelled | interrupted | skipped
 *   missed, skipped                          (written as they are: the slot never ran)
 */
export const ExecutionStatus = z.enum([
  'pending',
  'running',
  'success',
  'failed',
  'timeout',
  'cancelled',
  'retry',
  'missed',
  'skipped',
  'interrupted',
]);
export type ExecutionStatus = z.infer<typeof ExecutionStatus>;

export const liveStatuses: readonly ExecutionStatus[] = ['pending', 'running'];

export function isTerminal(status: ExecutionStatus): boolean {
  return !liveStatuses.includes(status);
}

/** Why an execution exists. */
export const ExecutionTrigger = z.enum(['schedule', 'manual', 'retry', 'chain', 'catch_up']);
export type ExecutionTrigger = z.infer<typeof ExecutionTrigger>;

/** One row of job_execution_history_V2 as the API shows it. Times are UTC with `Z`, durations seconds. */
export const Execution = z.object({
  execution_id: z.string().describe('exec_<number>'),
  job_id: z.string(),
  job_name: z.string(),
  status: ExecutionStatus,
  trigger: ExecutionTrigger,
  attempt: z.number().int().describe('retry_count + 1'),
  scheduled_time: z.string().nullable().describe('the planned instant; null for a run by hand'),
  start_time: z.string(),
  end_time: z.string().nullable(),
  duration_seconds: z.number().nullable(),
  output: z
    .string()
    .nullable()
    .describe('the output, or its head and tail around a marker with the true size'),
  output_note: z
    .string()
    .nullable()
    .describe(
      'where the whole output and the files lie, when that is another machine; null when it is this one',
    ),
  error_message: z.string().nullable(),
  return_code: z.number().int().nullable(),
  retry_count: z.number().int(),
  max_retries: z.number().int(),
  machine: z.string().nullable().describe('the machine of a cluster that runs or ran it; null without one'),
  metadata: z
    .record(z.string(), z.unknown())
    .describe('facts of the run; of SQL runs as in SqlRunMetadata, `results` only in the execution itself'),
});
export type Execution = z.infer<typeof Execution>;

/** An execution in a list: all but the output, which can be large. */
export const ExecutionSummary = Execution.omit({ output: true, output_note: true });
export type ExecutionSummary = z.infer<typeof ExecutionSummary>;
