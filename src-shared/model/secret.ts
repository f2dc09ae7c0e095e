import { z } from 'zod';

export const SecretName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/, 'expected 1-100 letters, digits, "_", "." or "-"')
  .refine((name) => !name.includes('..'), 'must not contain ".."');

/** The value of a secret on its way in. */
export const SecretValue = z
  .string()
  .min(4, 'is too short; expected at least 4 characters, as less can not be masked in outputs')
  .max(32_768, 'is longer than 32768 characters')
  .refine((value) => !value.includes('\0'), 'holds a NUL character')
  .refine((value) => value.trim() !== '', 'is blank');

/** A secret as shown: everything but its value. */
export const Secret = z.object({
  name: z.string(),
  created_date: z.string(),
  modified_date: z.string(),
  modified_by: z.string(),
  used_by: z.array(z.string()).describe('ids of the jobs that refer to it'),
});
export type Secret = z.infer<typeof Secret>;
