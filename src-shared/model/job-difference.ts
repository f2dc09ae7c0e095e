import { z } from 'zod';
import { VersionAction } from './job-version';

/** What was made of a job since somebody began to change it: told with the refusal of a save that came too late. */
export const JobDifference = z.object({
  since: z
    .string()
    .describe('the state the caller began from: its modified_date, which If-Match or the query named'),
  since_version: z.number().int().nullable().describe('null: that state was never saved here'),
  modified_date: z.string().describe('of the job now'),
  etag: z.string().describe('send it as If-Match to save over this state knowingly'),
  version: z.number().int().nullable(),
  saved_by: z.string(),
  action: VersionAction.nullable(),
  changes: z
    .array(z.object({ path: z.string(), before: z.unknown().optional(), after: z.unknown().optional() }))
    .describe(
      'value by value, secrets and values of environments as ***; none where the earlier state is not known',
    ),
  diff: z.string().describe('the texts, line by line: - what is gone, + what is new; secrets as ***'),
});
export type JobDifference = z.infer<typeof JobDifference>;
