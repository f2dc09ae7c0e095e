import { z } from 'zod';
import { Issue } from './issue';

/** Other schedulers whose jobs can be brought in. */
export const JobSource = z.enum(['crontab', 'task-scheduler', 'sql-agent']);
export type JobSource = z.infer<typeof JobSource>;

/** A fire time by the source's rules, by ours, or by both. */
export const ProvedSlot = z.object({
  scheduled_time: z.string(),
  local_time: z.string().describe('in the zone of the job, with its offset'),
  theirs: z.boolean().describe('fires by the rules of its source'),
  ours: z.boolean().describe('would run here'),
});
export type ProvedSlot = z.infer<typeof ProvedSlot>;

/** A job of another scheduler as it would be here, with what can be said for and against it. */
export const SourceJob = z.object({
  job_id: z.string(),
  name: z.string(),
  place: z.string().describe('where it stands in its source'),
  action: z
    .enum(['created', 'updated', 'unchanged', 'refused'])
    .describe('refused: it would not be a valid job here; issues say why'),
  enabled_there: z.boolean(),
  enabled: z.boolean().describe('whether it is enabled by this import'),
  incomplete: z
    .boolean()
    .describe('something it does or waits for has no counterpart here; it is imported as disabled'),
  yaml: z.string(),
  maps: z.array(z.string()).describe('what is carried over, a sentence each'),
  unmapped: z.array(z.string()).describe('what is not, and why'),
  issues: z.array(Issue),
  timezone: z.string(),
  fire_times: z.array(ProvedSlot).describe("the next ones by the source's rules beside ours"),
  clock_changes: z.array(ProvedSlot).describe('what differs around the next clock changes'),
  differing: z.number().int(),
});
export type SourceJob = z.infer<typeof SourceJob>;

export const LeftOut = z.object({
  place: z.string(),
  text: z.string(),
  reason: z.string(),
});
