import { z } from 'zod';
import { ExecutionStatus } from './execution';

/**
 * What became of a planned instant, or will.
 *
 *   ran        it started, and has ended (status says how)
 *   running    it started and runs
 *   pending    it has its row and waits: for a free place, an earlier run, or its jitter
 *   missed     its time passed without a run, and nobody wanted that
 *   skipped    its time passed without a run, as a person or a rule wanted it
 *   shadow     the job is in shadow: the instant is recorded, nothing runs
 *   planned    it lies ahead and will run
 *   withheld   as things stand it will not run (or is not decided yet): paused, disabled, excluded, held
 */
export const SlotFate = z.enum([
  'ran',
  'running',
  'pending',
  'missed',
  'skipped',
  'shadow',
  'planned',
  'withheld',
]);
export type SlotFate = z.infer<typeof SlotFate>;

/** One planned instant of a job, or a stretch of them that share their fate. Instants are UTC with `Z`. */
export const Slot = z.object({
  scheduled_time: z.string().describe('of a stretch: its first'),
  local_time: z.string().describe('the same in the zone of the schedule, with offset'),
  fate: SlotFate,
  reason: z.string().optional().describe('one sentence: why it did not, or will not, run as planned'),
  execution_id: z.string().optional(),
  status: ExecutionStatus.optional(),
  started_at: z.string().optional(),
  ended_at: z.string().optional(),
  lateness_seconds: z.number().optional().describe('from the planned instant to the start'),
  count: z.number().int().optional().describe('planned instants in this stretch; absent: 1'),
  first_scheduled_time: z.string().optional(),
  last_scheduled_time: z.string().optional(),
  moved_from: z.string().optional().describe('the excluded instant this one stands in for'),
  note: z.string().optional().describe('what a clock change does to it'),
});
export type Slot = z.infer<typeof Slot>;
