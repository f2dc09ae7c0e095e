import { z } from 'zod';

/** Who wrote: the process on one of its two outputs, or this program itself. */
export const OutputStreamName = z.enum(['stdout', 'stderr', 'system']);
export type OutputStreamName = z.infer<typeof OutputStreamName>;

/** One line of an execution's output. */
export const OutputLine = z.object({
  line: z.number().int().describe('counted from 1'),
  offset: z.number().int().describe('of its first byte in the stored output'),
  bytes: z.number().int().describe('its whole length, without the line end'),
  text: z.string().describe('its first 4096 bytes'),
  is_cut: z.boolean().describe('it is longer than `text`; the rest is read by byte range'),
  stream: OutputStreamName.nullable().describe('null when it is not known'),
  time: z
    .string()
    .nullable()
    .describe('when it came, to a tenth of a second or coarser; null when not known'),
});
export type OutputLine = z.infer<typeof OutputLine>;
