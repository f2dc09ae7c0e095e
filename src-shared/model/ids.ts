import { z } from 'zod';

/** Ids become file names and URL parts, so they hold nothing that means something there. */
export const idPattern = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,49}$/;

const idMessage =
  'expected 1-50 letters, digits, "_", "." or "-", beginning with a letter or digit and without ".."';

/** Windows opens a device instead of a file for these names, whatever their ending. */
const deviceName = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$/i;

/** Words that stand where an id could in the paths of the API and the window. */
const reserved = new Set(['export', 'import', 'bulk', 'validate', 'new']);

export const JobId = z
  .string()
  .regex(idPattern, idMessage)
  .refine((id) => !id.includes('..'), idMessage)
  .refine((id) => !id.endsWith('.'), 'must not end with "." (Windows drops it)')
  .refine((id) => !deviceName.test(id), 'is a device name on Windows; choose another')
  .refine((id) => !reserved.has(id), 'is a word of the API; choose another id');
export type JobId = string;

export const ConnectionId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/, 'expected 1-100 letters, digits, "_", "." or "-"')
  .refine((id) => !id.includes('..'), 'must not contain ".."');

/** `execution_id` is BIGINT in the table and `exec_12345` in the API; both are read. */
export const ExecutionId = z
  .string()
  .regex(/^(exec_)?[1-9][0-9]{0,15}$/, 'expected exec_<number> or <number>')
  .transform((text) => Number(text.replace('exec_', '')))
  .refine(Number.isSafeInteger, 'is too large');

export function formatExecutionId(execution_id: number): string {
  return `exec_${execution_id}`;
}
