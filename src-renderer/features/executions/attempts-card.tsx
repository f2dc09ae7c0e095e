import { Link } from 'react-router';
import type { ExecutionSummary } from '../../../src-shared/model/execution';
import { formatClockSeconds, formatDuration } from '../../lib/time-text';
import { Card } from '../../ui/page';
import { StatusPill } from '../../ui/status-pill';
import styles from './execution.module.css';

/** The attempts of a run, first to last; each leads to its own page. */
export function AttemptsCard({
  attempts,
  shown,
}: {
  readonly attempts: readonly ExecutionSummary[];
  readonly shown: string;
}) {
  return (
    <Card title="Attempts">
      <ol className={styles.attempts}>
        {attempts.map((attempt) => (
          <li key={attempt.execution_id}>
            <Link
              to={`/executions/${attempt.execution_id}`}
              aria-current={attempt.execution_id === shown ? 'page' : undefined}
            >
              <StatusPill status={attempt.status} />
              <span>{attempt.attempt}</span>
              <span className={styles.soft}>
                {formatClockSeconds(Date.parse(attempt.start_time))}
                {attempt.end_time === null ? '' : ` · ${formatDuration(attempt.duration_seconds)}`}
              </span>
            </Link>
          </li>
        ))}
      </ol>
    </Card>
  );
}
