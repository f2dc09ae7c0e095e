import { Link } from 'react-router';
import type { Dashboard } from '../../../src-shared/contract/statistics';
import type { ExecutionSummary } from '../../../src-shared/model/execution';
import { formatDuration } from '../../lib/time-text';
import { Card } from '../../ui/page';
import { EmptyState, SkeletonRows } from '../../ui/states';
import { StatusPill } from '../../ui/status-pill';
import { TimeText } from '../../ui/time-text';
import styles from './dashboard.module.css';

/** Why a run was there, in words. */
function startedBy({ trigger, attempt, max_retries, metadata }: ExecutionSummary): string {
  const by = metadata.requested_by;
  switch (trigger) {
    case 'manual':
      return typeof by === 'string' ? `${by}, by hand` : 'by hand';
    case 'retry':
      return `retry, attempt ${attempt} of ${max_retries + 1}`;
    case 'chain':
      return 'after another job';
    case 'catch_up':
      return 'caught up';
    case 'schedule':
      return 'schedule';
  }
}

/** The newest executions. */
export function RecentCard({ recent }: { readonly recent: Dashboard['recent'] | undefined }) {
  return (
    <Card title="Recent executions" end={<Link to="/executions">All executions</Link>}>
      {!recent ? (
        <SkeletonRows count={8} rowHeight={40} />
      ) : recent.length === 0 ? (
        <EmptyState title="Nothing has run yet" isSmall>
          Every run is listed here, with what came of it.
        </EmptyState>
      ) : (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead className="visually-hidden">
              <tr>
                <th>Outcome</th>
                <th>Job</th>
                <th>Execution</th>
                <th>Started</th>
                <th>Duration</th>
                <th>Started by</th>
              </tr>
            </thead>
            <tbody>
              {recent.map((execution) => (
                <tr key={execution.execution_id}>
                  <td className={styles.pillCell}>
                    <StatusPill status={execution.status} />
                  </td>
                  <td className={styles.nameCell}>
                    <Link
                      to={`/executions/${execution.execution_id}`}
                      className={styles.name}
                      title={execution.job_name}
                      dir="auto"
                    >
                      {execution.job_name}
                    </Link>
                  </td>
                  <td>
                    <code className={styles.soft}>{execution.execution_id}</code>
                  </td>
                  <td className={styles.number}>
                    <TimeText instant={execution.start_time} />
                  </td>
                  <td className={styles.number}>{formatDuration(execution.duration_seconds)}</td>
                  <td className={styles.soft}>{startedBy(execution)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
