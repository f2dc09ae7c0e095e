import { z } from 'zod';

/** The name of a machine, or a tag that several may have; letters of either case mean the same. */
export const MachineWord = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/,
    'expected the name of a machine or a tag: letters, digits, . _ -, at most 63',
  );

/**
 * How a machine of a cluster stands.
 *
 *   alive --> silent --> dead      (not heard of; given up by another machine, which took over its work)
 *     ^  '------------> stopped    (ended in order)
 *     '------ from each of them, when it comes back
 */
export const MachineState = z.enum(['alive', 'silent', 'dead', 'stopped']);
export type MachineState = z.infer<typeof MachineState>;

export const MachineView = z.object({
  node: z.string(),
  is_this: z.boolean().describe('the machine that answers'),
  state: MachineState,
  state_text: z.string().describe('the state in words, with what follows from it'),
  tags: z.array(z.string()),
  host: z.string(),
  address: z.string().nullable().describe('where its pages are served, as it says'),
  version: z.string(),
  running: z.number().int().describe('executions under way there, as it last said'),
  fence: z.number().int().describe('grows each time it joins or is given up'),
  started: z.string(),
  last_seen: z.string().describe("by the server's clock"),
});
export type MachineView = z.infer<typeof MachineView>;
