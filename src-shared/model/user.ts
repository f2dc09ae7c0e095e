import { z } from 'zod';
import { Role } from './role';

/** What somebody logs in with; upper and lower case are the same. */
export const LoginName = z
  .string()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,99}$/u,
    'expected 1-100 letters, digits, ".", "_", "@" or "-", beginning with a letter or digit',
  );

/** Rights by tag: acts only on jobs with one of these; null for all jobs. */
export const RightTags = z
  .array(z.string().min(1).max(50))
  .min(1, 'must not be empty; null is for all jobs')
  .max(50)
  .nullable();

/** A password as it is given; how good it must be is checked by the program. */
export const Password = z.string().min(1, 'must not be empty').max(1000, 'is too long');

export const User = z.object({
  user_id: z.string(),
  login_name: z.string(),
  display_name: z.string(),
  role: Role,
  tags: z.array(z.string()).nullable().describe('acts only on jobs with one of these; null for all jobs'),
  enabled: z.boolean(),
  must_change: z.boolean().describe('has to choose a password at the next login'),
  password_date: z.string(),
  created_date: z.string(),
  created_by: z.string(),
  modified_date: z.string(),
  last_login: z.string().nullable(),
});
export type User = z.infer<typeof User>;
