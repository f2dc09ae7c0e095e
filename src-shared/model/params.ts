import { z } from 'zod';

/** Kinds of a parameter. `choice` is text out of `choices`; a `date` is a day, `yyyy-MM-dd`. */
export const ParamType = z.enum(['string', 'integer', 'number', 'boolean', 'date', 'choice']);
export type ParamType = z.infer<typeof ParamType>;

const scalar = z.union([z.string().max(4000), z.number(), z.boolean()]);

/** One entry of a job's `params:`: what a run by hand may set. */
export const JobParam = z.strictObject({
  type: ParamType.default('string'),
  description: z.string().max(1000).optional(),
  default: scalar.optional().describe('value when a run gives none; a date may be {{ scheduled_time - 1d }}'),
  choices: z.array(scalar).min(1).max(500).optional(),
  required: z.boolean().optional().describe('a run must have a value; without it an empty text stands in'),
});
export type JobParam = z.infer<typeof JobParam>;

export const ParamName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,49}$/, 'is not a name for a param: letters, digits and "_"');

export const JobParams = z.record(ParamName, JobParam);
export type JobParams = z.infer<typeof JobParams>;

/** Values of one run, by the names of its params. */
export type ParamValues = Readonly<Record<string, string | number | boolean>>;

/** What a run may send. */
export const ParamInput = z.record(z.string().max(50), scalar);
