import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { Link } from 'react-router';
import type { OutboxEntry, OutboxState } from '../../../src-shared/model/notification';
import { api } from '../../lib/api';
import { channelWords, kindWords, stateLooks } from '../../lib/notification-words';
import { useMay } from '../../lib/session';
import { formatNumber } from '../../lib/time-text';
import { useLoaded } from '../../lib/use-loaded';
import { Card } from '../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import { attempt } from '../../ui/toasts';
import styles from './notifications.module.css';

const pageSize = 25;
const choices: readonly (readonly [OutboxState | 'all', string])[] = [
  ['all', 'All'],
  ['waiting', 'Waiting'],
  ['failed', 'Given up'],
  ['sent', 'Sent'],
];

/** What was told, what waits, and what could not be sent. */
export function OutboxCard({ version }: { readonly version: number }) {
  const [state, setState] = useState<OutboxState | 'all'>('all');
  const [limit, setLimit] = useState(pageSize);
  const { data, error, reload } = useLoaded(
    () => api.notifications.outbox({ query: { limit, ...(state === 'all' ? {} : { state: [state] }) } }),
    `${version} ${state} ${limit}`,
  );
  const countOf = (one: OutboxState | 'all') =>
    !data
      ? 0
      : one === 'all'
        ? Object.values(data.counts).reduce((sum, count) => sum + count, 0)
        : data.counts[one];
  return (
    <Card title="Outbox" note="kept for 90 days; what can’t be sent is tried again for a day">
      <div className={styles.choices} role="toolbar" aria-label="Which messages">
        {choices.map(([one, word]) => (
          <button
            key={one}
            type="button"
            className={styles.choice}
            aria-pressed={state === one}
            onClick={() => {
              setState(one);
              setLimit(pageSize);
            }}
          >
            {word} <span>{formatNumber(countOf(one))}</span>
          </button>
        ))}
      </div>
      {error && !data ? (
        <ErrorState what="The outbox" error={error} onRetry={reload} isSmall />
      ) : !data ? (
        <SkeletonRows count={3} />
      ) : data.notifications.length === 0 ? (
        <EmptyState
          title={state === 'all' ? 'Nobody has been told of anything yet' : 'None of these'}
          isSmall
        >
          {state === 'all' ? 'Each message to each recipient is a line here, with what became of it.' : ''}
        </EmptyState>
      ) : (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">State</th>
                <th scope="col">Message</th>
                <th scope="col">To</th>
                <th scope="col">When</th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.notifications.map((entry) => (
                <OutboxRow key={entry.notification_id} entry={entry} onChange={reload} />
              ))}
            </tbody>
          </table>
          {data.total > data.notifications.length && (
            <div className={styles.more}>
              <Button size="small" onClick={() => setLimit(limit + 100)}>
                Show more of {formatNumber(data.total)}
              </Button>
            </div>
          )}
        </div>
      )}
    </Card>
  );
}

function OutboxRow({ entry, onChange }: { readonly entry: OutboxEntry; readonly onChange: () => void }) {
  const mayRetry = useMay('operator');
  const look = stateLooks[entry.state];
  const page = entry.execution_id
    ? `/executions/${entry.execution_id}`
    : entry.job_id
      ? `/jobs/${encodeURIComponent(entry.job_id)}`
      : undefined;
  const retry = async () => {
    await attempt(
      () => api.notifications.retry({ params: { notification_id: entry.notification_id } }),
      ({ message }) => ({ kind: 'info', text: message }),
    );
    onChange();
  };
  return (
    <tr>
      <td>
        <span className={styles.state} data-tone={look.tone}>
          <span aria-hidden="true">{look.glyph}</span> {look.word}
        </span>
        {entry.attempts > 1 && <span className={styles.sub}>{entry.attempts} tries</span>}
      </td>
      <td className={styles.message}>
        <span dir="auto">{page ? <Link to={page}>{entry.title}</Link> : entry.title}</span>
        <span className={styles.sub}>{entry.note ?? kindWords[entry.kind]}</span>
      </td>
      <td className={styles.to}>
        {channelWords[entry.channel]}
        <span className={styles.sub}>{entry.target}</span>
      </td>
      <td className={styles.when}>
        <TimeText instant={entry.sent ?? entry.created} />
        {entry.next_attempt && (
          <span className={styles.sub}>
            again <TimeText instant={entry.next_attempt} />
          </span>
        )}
      </td>
      <td className={styles.end}>
        {mayRetry && (entry.state === 'waiting' || entry.state === 'failed') && (
          <Button size="small" aria-label={`Send “${entry.title}” now`} onClick={() => void retry()}>
            Send now
          </Button>
        )}
      </td>
    </tr>
  );
}
