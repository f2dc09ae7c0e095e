import { Link } from 'react-router';
import { plural } from '../../lib/time-text';
import { Card } from '../../ui/page';
import { Skeleton } from '../../ui/states';
import { StatusPill } from '../../ui/status-pill';
import { TimeText } from '../../ui/time-text';
import own from './pool-card.module.css';
import styles from './scheduler.module.css';
import { useSchedulerPage } from './scheduler-page-store';

const mostShown = 6;

/** How full the pool is, what waits for it, and what is in it. */
export function PoolCard() {
  const queue = useSchedulerPage((state) => state.queue);
  if (!queue) {
    return (
      <Card title="Pool">
        <div className={styles.pad}>
          <Skeleton height={56} />
        </div>
      </Card>
    );
  }
  const { running, pending, waiting_retries, thread_pool_size, executions } = queue;
  const waiting = pending - waiting_retries;
  const isFull = running >= thread_pool_size;
  return (
    <Card
      title="Pool"
      note={isFull ? 'full: further runs wait' : `${plural(thread_pool_size - running, 'free place')}`}
    >
      <div className={styles.pad}>
        {/* biome-ignore lint/a11y/useSemanticElements: a <meter> can't be drawn in the colours of the themes */}
        <div
          className={own.meter}
          role="meter"
          aria-label="Places in use"
          aria-valuemin={0}
          aria-valuemax={thread_pool_size}
          aria-valuenow={running}
          aria-valuetext={`${running} of ${thread_pool_size}`}
          data-full={isFull || undefined}
        >
          <div style={{ width: `${Math.min(100, (running / thread_pool_size) * 100)}%` }} />
        </div>
        <dl className={own.gauges}>
          <div>
            <dd>
              {running} <span className={styles.soft}>of {thread_pool_size}</span>
            </dd>
            <dt>running</dt>
          </div>
          <div>
            <dd>{waiting}</dd>
            <dt>waiting</dt>
          </div>
          <div>
            <dd>{waiting_retries}</dd>
            <dt>waiting for a retry</dt>
          </div>
        </dl>
      </div>
      {executions.length > 0 && (
        <ul className={own.runs}>
          {executions.slice(0, mostShown).map((run) => (
            <li key={run.execution_id}>
              <StatusPill status={run.status} />
              <Link className={styles.runName} to={`/executions/${run.execution_id}`} dir="auto">
                {run.job_name}
              </Link>
              <span className={styles.soft}>
                {run.attempt > 1 && `attempt ${run.attempt}, `}
                <TimeText instant={run.since} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {executions.length > mostShown && (
        <p className={styles.foot}>
          <Link to="/executions?status=running,pending">
            {plural(executions.length - mostShown, 'more run')}
          </Link>
        </p>
      )}
    </Card>
  );
}
