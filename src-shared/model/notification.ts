import { z } from 'zod';

/** What somebody can be told of. `reminder`, `digest` and `doctor` are made by the program and have no key of their own. */
export const NotificationKind = z.enum([
  'success',
  'failure',
  'retry',
  'missed',
  'recovery',
  'long_running',
  'short_run',
  'not_run_by',
  'reminder',
  'digest',
  'doctor',
  'test',
]);
export type NotificationKind = z.infer<typeof NotificationKind>;

const Target = z.string().min(1, 'must not be empty').max(2000);
/** Names and channels come from files where `slack: 123` is a number. */
const Name = z.union([Target, z.number().transform(String)]);

/** One entry of a list of recipients: a channel and whom it reaches. */
export const Recipient = z.union([
  z.strictObject({ email: z.union([Target, z.array(Target).min(1).max(50)]) }),
  z.strictObject({ slack: Name }),
  z.strictObject({ teams: Name }),
  z.strictObject({ webhook: Name }),
  z.strictObject({ desktop: z.boolean() }),
  z.strictObject({ event_log: z.boolean() }),
]);
export type Recipient = z.infer<typeof Recipient>;

export const ChannelName = z.enum(['email', 'slack', 'teams', 'webhook', 'desktop', 'event_log']);
export type ChannelName = z.infer<typeof ChannelName>;

const Recipients = z.array(Recipient).max(50);

/** Lists by event, by their YAML names. */
export const recipientLists = {
  on_success: Recipients.optional().describe('told of every success'),
  on_failure: Recipients.optional().describe('told when it failed for good, and reminded while it lasts'),
  on_retry: Recipients.optional().describe('told when an attempt failed and another follows'),
  on_missed: Recipients.optional().describe('told of planned runs that did not happen'),
  on_recovery: Recipients.optional().describe(
    'told once when it works again; without it those of on_failure',
  ),
  on_long_running: Recipients.optional().describe('told when a run takes much longer than usual'),
  on_short_run: Recipients.optional().describe('told when a success was suspiciously short'),
  on_not_run_by: Recipients.optional().describe(
    'told when a planned run has not begun, or is not done in time',
  ),
};

const foldingRules = {
  after_failures: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe('failures in a row before the first word; 1'),
  remind_every: z
    .number()
    .min(0)
    .max(31_536_000)
    .optional()
    .describe('seconds between reminders while it goes on failing; 86400, 0 = none'),
};

/** `notifications:` of a job. */
export const Notifications = z.strictObject({
  ...recipientLists,
  ...foldingRules,
  use_defaults: z
    .boolean()
    .optional()
    .describe('false: only the lists of this job, none of the configuration'),
});
export type Notifications = z.infer<typeof Notifications>;

/** `notifications.defaults` and the entries of `notifications.by_tag` of the configuration. */
export const NotificationDefaults = z.strictObject({ ...recipientLists, ...foldingRules });
export type NotificationDefaults = z.infer<typeof NotificationDefaults>;

export type RecipientList = keyof typeof recipientLists;
export const recipientListNames = Object.keys(recipientLists) as readonly RecipientList[];

/** waiting -> sending -> sent | waiting (tried again) | failed (for good) */
export const OutboxState = z.enum(['waiting', 'sending', 'sent', 'failed']);
export type OutboxState = z.infer<typeof OutboxState>;

/** A notification on its way, or at its end. */
export const OutboxEntry = z.object({
  notification_id: z.string(),
  kind: NotificationKind,
  job_id: z.string().nullable(),
  execution_id: z.string().nullable(),
  channel: ChannelName,
  target: z.string().describe('whom it reaches; of web addresses only the host'),
  title: z.string(),
  state: OutboxState,
  attempts: z.number().int(),
  created: z.string(),
  sent: z.string().nullable(),
  next_attempt: z.string().nullable(),
  note: z.string().nullable().describe('why it could not be sent yet, or what was said of it'),
});
export type OutboxEntry = z.infer<typeof OutboxEntry>;

export interface ChannelTarget {
  readonly channel: ChannelName;
  /** Addresses separated by `, ` for mail; a name or a web address; empty where there is only one. */
  readonly target: string;
}

/** A list as written, as channels and targets; each once. */
export function targetsOf(recipients: readonly Recipient[]): readonly ChannelTarget[] {
  const found = new Map<string, ChannelTarget>();
  for (const recipient of recipients) {
    const [channel, value] = Object.entries(recipient)[0] as [ChannelName, unknown];
    if (value === false) continue;
    const target = value === true ? '' : Array.isArray(value) ? value.join(', ') : String(value);
    found.set(`${channel} ${target}`, { channel, target });
  }
  return [...found.values()];
}
