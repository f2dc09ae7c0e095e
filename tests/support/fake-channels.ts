import type {
  Delivery,
  NotificationChannel,
  NotificationPorts,
  Outgoing,
} from '../../src-main/core/ports/notifier';
import type { ChannelName, NotificationDefaults } from '../../src-shared/model/notification';

export interface FakeChannels {
  readonly ports: NotificationPorts;
  /** Everything that was sent, whatever became of it. */
  readonly sent: (Outgoing & { readonly channel: ChannelName })[];
  /** `email a@b: Title`, for short expectations. */
  titles(): string[];
  /** What sending comes to; sent when nothing is said. */
  answer: ((outgoing: Outgoing & { readonly channel: ChannelName }) => Promise<Delivery>) | undefined;
}

/** Channels that remember, and answer as they are told. */
export function fakeChannels(
  configured: {
    readonly defaults?: NotificationDefaults;
    readonly by_tag?: Readonly<Record<string, NotificationDefaults>>;
    readonly giveUpAfterSeconds?: number;
  } = {},
): FakeChannels {
  const sent: FakeChannels['sent'] = [];
  const channel = (name: ChannelName): NotificationChannel => ({
    channel: name,
    describe: name,
    problem: () => undefined,
    async send(outgoing) {
      sent.push({ ...outgoing, channel: name });
      return fake.answer ? fake.answer({ ...outgoing, channel: name }) : { kind: 'sent' };
    },
  });
  const fake: FakeChannels = {
    sent,
    answer: undefined,
    titles: () => sent.map(({ channel, target, message }) => `${channel} ${target}: ${message.title}`),
    ports: {
      channels: (['email', 'slack', 'teams', 'webhook', 'desktop'] as const).map(channel),
      defaults: configured.defaults ?? {},
      by_tag: configured.by_tag ?? {},
      allowedHosts: [],
      giveUpAfterSeconds: configured.giveUpAfterSeconds ?? 86_400,
      linkBase: () => 'http://scheduler:5000',
    },
  };
  return fake;
}
