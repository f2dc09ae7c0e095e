import { z } from 'zod';

/** By which way a definition came: a person at a page, a program over REST, the jobs file, or something beside us. */
export const SavedVia = z.enum(['window', 'api', 'file', 'program', 'outside']);
export type SavedVia = z.infer<typeof SavedVia>;

export const VersionAction = z.enum([
  'create',
  'update',
  'enable',
  'disable',
  'import',
  'synchronise',
  'restore',
  'found',
]);
export type VersionAction = z.infer<typeof VersionAction>;

/** One saved definition of a job, as lists show it. */
export const JobVersion = z.object({
  version: z.number().int().describe('counts from 1, over the deletion and return of the job'),
  name: z.string(),
  enabled: z.boolean(),
  saved_date: z.string(),
  saved_by: z.string(),
  via: SavedVia,
  origin: z.string().describe('an address, `ipc`, or the path of a file'),
  action: VersionAction.describe('`found`: it stood in the database without having been saved here'),
  restored_from: z.number().int().nullable(),
  is_current: z.boolean().describe('the job is defined like this now'),
});
export type JobVersion = z.infer<typeof JobVersion>;
