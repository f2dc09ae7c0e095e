import { Button } from '@fluentui/react-components';
import { Link, useNavigate } from 'react-router';
import type { Dashboard } from '../../../src-shared/contract/statistics';
import { api } from '../../lib/api';
import { serverNow } from '../../lib/clock';
import { useMay } from '../../lib/session';
import { withLocalTimes } from '../../lib/time-text';
import { Card } from '../../ui/page';
import { EmptyState, SkeletonRows } from '../../ui/states';
import { StatusPill } from '../../ui/status-pill';
import { TimeText } from '../../ui/time-text';
import { attempt } from '../../ui/toasts';
import styles from './dashboard.module.css';

type Item = Dashboard['attention']['items'][number];

/** Jobs whose newest run went wrong: what, why, and the one thing to do about it. */
export function AttentionCard({
  attention,
  hasRuns,
}: {
  readonly attention: Dashboard['attention'] | undefined;
  readonly hasRuns: boolean;
}) {
  return (
    <Card
      title="Needs attention"
      end={
        attention &&
        attention.total > 0 && (
          <Link to="/jobs?status=failed,timeout,interrupted,missed">
            {attention.total > attention.items.length ? `All ${attention.total}` : 'All failures'}
          </Link>
        )
      }
    >
      {!attention ? (
        <SkeletonRows count={3} rowHeight={54} />
      ) : attention.items.length === 0 ? (
        <EmptyState title="Nothing needs attention" isSmall>
          {hasRuns ? 'The newest run of every job ended well.' : 'No job has run yet.'}
        </EmptyState>
      ) : (
        <ul className={styles.list}>
          {attention.items.map((item) => (
            <AttentionRow key={item.job_id} item={item} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function AttentionRow({ item }: { readonly item: Item }) {
  const mayRun = useMay('operator');
  const navigate = useNavigate();
  const isMissed = item.status === 'missed';
  const run = () =>
    attempt(
      () => api.jobs.run({ params: { job_id: item.job_id } }),
      ({ message }) => ({ kind: 'success', text: `${item.job_name}: ${message}` }),
    );
  return (
    <li className={styles.row}>
      <span className={styles.pill}>
        <StatusPill status={item.status} />
      </span>
      <span className={styles.grow}>
        <span className={styles.first}>
          <Link to={`/executions/${item.execution_id}`} className={styles.name} dir="auto">
            {item.job_name}
          </Link>{' '}
          <span className={styles.soft}>
            <TimeText instant={item.time} />
            {!isMissed && item.attempts > 1 && `, attempt ${item.attempt} of ${item.attempts}`}
          </span>
        </span>
        <span className={isMissed ? styles.soft : styles.error} title={item.reason} dir="auto">
          {(isMissed ? withLocalTimes(item.reason, serverNow()) : item.reason) || 'It left no message'}
        </span>
      </span>
      {mayRun &&
        (isMissed ? (
          // The run of that slot, not of now: what it would be is shown first.
          <Button
            size="small"
            onClick={() => void navigate(`/scheduler?tab=missed&catch_up=${encodeURIComponent(item.job_id)}`)}
            aria-label={`Catch up ${item.job_name}`}
          >
            Catch up…
          </Button>
        ) : (
          <Button size="small" onClick={() => void run()} aria-label={`Run ${item.job_name} again`}>
            Run again
          </Button>
        ))}
    </li>
  );
}
