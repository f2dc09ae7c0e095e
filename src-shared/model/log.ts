import { z } from 'zod';

/** Levels of the application log, least first. */
export const LogLevelName = z.enum(['debug', 'info', 'warning', 'error']);
export type LogLevelName = z.infer<typeof LogLevelName>;
