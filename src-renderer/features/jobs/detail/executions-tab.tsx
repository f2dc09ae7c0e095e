import { Button } from '@fluentui/react-components';
import { Link } from 'react-router';
import { formatDuration, formatNumber } from '../../../lib/time-text';
import { Card } from '../../../ui/page';
import { EmptyState, SkeletonRows } from '../../../ui/states';
import { StatusPill } from '../../../ui/status-pill';
import { TimeText } from '../../../ui/time-text';
import { attempt } from '../../../ui/toasts';
import styles from './job-page.module.css';
import { useJob } from './job-store';

const triggers = {
  schedule: 'schedule',
  manual: 'by hand',
  retry: 'retry',
  chain: 'after another job',
  catch_up: 'caught up',
} as const;

/** What it did, newest first. */
export function ExecutionsTab() {
  const { runs, totalRuns, loadMore, job_id } = useJob();
  return (
    <Card
      title="Executions"
      end={<Link to={`/executions?job_id=${encodeURIComponent(job_id)}`}>Filter and search</Link>}
    >
      {!runs ? (
        <SkeletonRows count={10} rowHeight={40} />
      ) : runs.length === 0 ? (
        <EmptyState title="It has not run yet" isSmall />
      ) : (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th>Outcome</th>
                <th>Execution</th>
                <th>Started</th>
                <th className={styles.number}>Duration</th>
                <th>Started by</th>
                <th>What happened</th>
              </tr>
            </thead>
            <tbody>
              {runs.map((run) => (
                <tr key={run.execution_id}>
                  <td>
                    <StatusPill status={run.status} />
                  </td>
                  <td>
                    <Link to={`/executions/${run.execution_id}`}>{run.execution_id}</Link>
                  </td>
                  <td>
                    <TimeText instant={run.start_time} absolute />
                  </td>
                  <td className={styles.number}>{formatDuration(run.duration_seconds)}</td>
                  <td className={styles.soft}>
                    {triggers[run.trigger]}
                    {run.attempt > 1 ? `, attempt ${run.attempt}` : ''}
                  </td>
                  <td className={styles.message} title={run.error_message ?? ''} dir="auto">
                    {run.error_message?.split('\n')[0] ?? ''}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {runs.length < totalRuns && (
            <p className={styles.more}>
              <Button onClick={() => void attempt(loadMore)}>
                Show more ({formatNumber(totalRuns - runs.length)} older)
              </Button>
            </p>
          )}
        </div>
      )}
    </Card>
  );
}
