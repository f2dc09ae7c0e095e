import { z } from 'zod';

/** Each role may do all that the ones before it may. */
export const roles = ['viewer', 'operator', 'editor', 'admin'] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

export function roleAtLeast(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}
