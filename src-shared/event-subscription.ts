import { z } from 'zod';

/** What `api:system.events` takes over IPC. */
export const EventSubscription = z.strictObject({
  /** False ends the subscription. */
  on: z.boolean(),
  /** Also the live output of this execution. */
  output: z
    .string()
    .regex(/^(exec_)?[1-9][0-9]{0,15}$|^all$/)
    .nullable()
    .optional(),
  /** Resume behind the event with this number. */
  after: z.number().int().min(0).optional(),
});
export type EventSubscription = z.infer<typeof EventSubscription>;
