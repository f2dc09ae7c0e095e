import { z } from 'zod';

/** Levels of the application log, least first. */
export const LogLevelName = z.enum(['debug', 'info', 'warning', 'error']);
export type LogLevelName = z.infer<typeof LogLevelName>;

/** A line of the application's logs. */
export const LogLine = z.object({
  time: z.string(),
  level: LogLevelName,
  source: z.string().describe('`scheduler`, `web` or `jobs/<job_id>`'),
  message: z.string(),
});
export type LogLine = z.infer<typeof LogLine>;
