import type {
  ChannelName,
  NotificationKind,
  OutboxState,
  Recipient,
  RecipientList,
} from '../../src-shared/model/notification';

export const channelWords: Readonly<Record<ChannelName, string>> = {
  email: 'E-mail',
  slack: 'Slack',
  teams: 'Teams',
  webhook: 'Webhook',
  desktop: 'Desktop toast',
  event_log: 'Windows event log',
};

/** When a list is told, in the order that matters to an admin. */
export const listWords: Readonly<Record<RecipientList, string>> = {
  on_failure: 'Failed for good',
  on_recovery: 'Works again',
  on_not_run_by: 'Not run, or not done in time',
  on_missed: 'Planned runs missed',
  on_long_running: 'Unusually long',
  on_short_run: 'Suspiciously short',
  on_retry: 'Failed, is tried again',
  on_success: 'Succeeded',
};

export const kindWords: Readonly<Record<NotificationKind, string>> = {
  failure: 'Failure',
  reminder: 'Reminder',
  recovery: 'Recovery',
  success: 'Success',
  retry: 'Retry',
  missed: 'Missed',
  long_running: 'Long run',
  short_run: 'Short run',
  not_run_by: 'Not run',
  digest: 'Digest',
  doctor: 'Daily check',
  test: 'Test',
};

export const stateLooks: Readonly<Record<OutboxState, { glyph: string; word: string; tone: string }>> = {
  waiting: { glyph: '…', word: 'Waiting', tone: 'retry' },
  sending: { glyph: '●', word: 'Being sent', tone: 'running' },
  sent: { glyph: '✓', word: 'Sent', tone: 'success' },
  failed: { glyph: '✕', word: 'Given up', tone: 'failed' },
};

/** What is asked for beside the channel; empty where there is nothing to ask. */
export const targetHints: Readonly<Record<ChannelName, string>> = {
  email: 'admin@company.com, night@company.com',
  slack: '#alerts',
  teams: 'Operations',
  webhook: 'a name of the configuration, or https://…',
  desktop: '',
  event_log: '',
};

export function needsTarget(channel: ChannelName): boolean {
  return targetHints[channel] !== '';
}

/** A channel and what was typed, as a recipient is written. */
export function recipientOf(channel: ChannelName, text: string): Recipient {
  if (!needsTarget(channel)) return { [channel]: true } as unknown as Recipient;
  const target = text.trim();
  if (channel !== 'email') return { [channel]: target } as unknown as Recipient;
  const addresses = target
    .split(/[,;\s]+/)
    .map((address) => address.trim())
    .filter((address) => address !== '');
  return { email: addresses.length > 1 ? addresses : (addresses[0] ?? '') };
}

/** A recipient as its channel and what would be typed for it. */
export function recipientText(recipient: unknown): { readonly channel: ChannelName; readonly text: string } {
  const [[channel, value] = ['email', '']] =
    typeof recipient === 'object' && recipient !== null ? Object.entries(recipient) : [];
  const text = Array.isArray(value) ? value.join(', ') : value === true || value == null ? '' : String(value);
  return { channel: channel as ChannelName, text };
}
