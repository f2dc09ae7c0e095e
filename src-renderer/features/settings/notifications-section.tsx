import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import type {
  ChannelName,
  NotificationDefaults,
  RecipientList,
} from '../../../src-shared/model/notification';
import { api } from '../../lib/api';
import { useLive } from '../../lib/live';
import { channelWords, listWords, recipientText } from '../../lib/notification-words';
import { useMay } from '../../lib/session';
import { formatDuration } from '../../lib/time-text';
import { useLoaded } from '../../lib/use-loaded';
import { Card } from '../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { TestNotificationDialog } from '../../ui/test-notification';
import styles from './notifications.module.css';
import { OutboxCard } from './outbox-card';

type Channels = Awaited<ReturnType<typeof api.notifications.channels>>;

/** How people are told: channels, who is told by default, and what is on its way. */
export function NotificationsSection() {
  const { data, error, reload } = useLoaded(() => api.notifications.channels({}));
  const [tested, setTested] = useState<ChannelName>();
  const [version, setVersion] = useState(0);
  useLive({
    load: () => setVersion((now) => now + 1),
    apply: (event) => {
      if (event.type === 'notification.changed') setVersion((now) => now + 1);
    },
  });
  return (
    <>
      <Card title="Channels" note="set up in the configuration file, under notifications">
        {error && !data ? (
          <ErrorState what="The channels" error={error} onRetry={reload} isSmall />
        ) : !data ? (
          <SkeletonRows count={6} />
        ) : (
          <ChannelTable data={data} onTest={setTested} />
        )}
      </Card>
      {data && <DefaultsCard data={data} />}
      <OutboxCard version={version} />
      {tested && <TestNotificationDialog channel={tested} onClose={() => setTested(undefined)} />}
    </>
  );
}

function ChannelTable({
  data,
  onTest,
}: {
  readonly data: Channels;
  readonly onTest: (channel: ChannelName) => void;
}) {
  const mayTest = useMay('editor');
  return (
    <ul className={styles.channels}>
      {data.channels.map(({ channel, description, problem }) => (
        <li key={channel} data-off={problem !== null || undefined}>
          <span className={styles.glyph} aria-hidden="true">
            {problem === null ? '✓' : '○'}
          </span>
          <span className={styles.name}>{channelWords[channel]}</span>
          <span className={styles.about}>{problem ?? description}</span>
          {mayTest && problem === null && (
            <Button
              size="small"
              aria-label={`Send a test message by ${channelWords[channel]}`}
              onClick={() => onTest(channel)}
            >
              Send test…
            </Button>
          )}
        </li>
      ))}
      <li data-off={data.heartbeat === null || undefined}>
        <span className={styles.glyph} aria-hidden="true">
          {data.heartbeat ? '✓' : '○'}
        </span>
        <span className={styles.name}>Heartbeat</span>
        <span className={styles.about}>
          {data.heartbeat
            ? `to ${data.heartbeat.target} every ${formatDuration(data.heartbeat.every_seconds)}, while the program is well`
            : 'tells a monitor elsewhere that this program lives: set notifications.heartbeat.url'}
        </span>
      </li>
    </ul>
  );
}

function DefaultsCard({ data }: { readonly data: Channels }) {
  const groups: readonly (readonly [string, NotificationDefaults])[] = [
    ['All jobs', data.defaults],
    ...Object.entries(data.by_tag).map(([tag, lists]) => [`#${tag}`, lists] as const),
  ];
  const rows = groups.flatMap(([name, lists]) =>
    (Object.keys(listWords) as RecipientList[]).flatMap((list) => {
      const recipients = lists[list] ?? [];
      return recipients.length === 0 ? [] : [{ name, list, recipients }];
    }),
  );
  return (
    <Card title="Told by default" note="jobs that have a list of their own for an event use that instead">
      {rows.length === 0 ? (
        <EmptyState title="Nobody is told by default" isSmall>
          With <code>notifications.defaults</code> and <code>notifications.by_tag</code> in the configuration
          file, every job has somebody who hears of its failures.
        </EmptyState>
      ) : (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Jobs</th>
                <th scope="col">When</th>
                <th scope="col">Who</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ name, list, recipients }) => (
                <tr key={`${name} ${list}`}>
                  <td>{name}</td>
                  <td>{listWords[list]}</td>
                  <td>
                    {recipients.map((recipient) => {
                      const { channel, text } = recipientText(recipient);
                      return (
                        <div key={`${channel} ${text}`}>
                          {text === '' ? channelWords[channel] : `${channelWords[channel]} ${text}`}
                        </div>
                      );
                    })}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
