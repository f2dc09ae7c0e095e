import type { ChannelName, NotificationDefaults } from '../../../src-shared/model/notification';
import type { NotificationMessage } from '../notifications/message';
import type { CertificateLook } from './certificate';

/** A message as a channel gets it. */
export interface Outgoing {
  /** The same for every try of the same message: receivers can tell a repetition by it. */
  readonly id: string;
  readonly target: string;
  readonly message: NotificationMessage;
}

export type Delivery =
  | { readonly kind: 'sent'; readonly note?: string }
  | {
      readonly kind: 'failed';
      readonly error: string;
      /** Trying again would be of no use. */
      readonly isFinal: boolean;
      readonly retryAfterSeconds?: number;
    };

/** A way to reach people. `send` never throws, and always comes to an end by itself. */
export interface NotificationChannel {
  readonly channel: ChannelName;
  /** Where it sends, for the settings page; no secret in it. */
  readonly describe: string;
  /** Why nothing can be sent, in general or to this target; undefined when it can. */
  problem(target?: string): string | undefined;
  send(outgoing: Outgoing): Promise<Delivery>;
}

/** What the configuration says of notifications. */
export interface NotificationPorts {
  readonly channels: readonly NotificationChannel[];
  readonly defaults: NotificationDefaults;
  readonly by_tag: Readonly<Record<string, NotificationDefaults>>;
  readonly allowedHosts: readonly string[];
  readonly giveUpAfterSeconds: number;
  /** Where links lead, without a slash at the end; undefined while nothing serves pages. */
  linkBase(): string | undefined;
  /** Looks at the certificates of all that messages are sent to, and of the web addresses that jobs name themselves. */
  certificates?(jobUrls: readonly string[]): Promise<readonly CertificateLook[]>;
  /** Tells a monitor elsewhere that this program lives; absent when none is configured. */
  readonly heartbeat?: {
    readonly everySeconds: number;
    readonly describe: string;
    /** What went wrong; undefined when the monitor was reached. */
    beat(): Promise<string | undefined>;
  };
}
