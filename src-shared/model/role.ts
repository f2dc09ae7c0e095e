import { z } from 'zod';
import { roles } from '../roles';

export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;
