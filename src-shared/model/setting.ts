import { z } from 'zod';

/** Where a setting's value comes from; a later one wins: default, file, environment, option. */
export const SettingSource = z.enum(['default', 'file', 'environment', 'option']);
export type SettingSource = z.infer<typeof SettingSource>;

/** One setting as it is in force. Secrets are `***`, wherever they come from. */
export const Setting = z.object({
  key: z.string().describe('section and key: `scheduler.timezone`'),
  value: z.unknown().describe('null when it is not set'),
  default: z.unknown().describe('what holds when nobody says anything; null for nothing'),
  source: SettingSource,
  origin: z.string().nullable().describe('`file:line`, the variable or the option it comes from'),
  variable: z.string().nullable().describe('the environment variable that would set it'),
});
export type Setting = z.infer<typeof Setting>;
