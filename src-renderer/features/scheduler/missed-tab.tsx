import { Button } from '@fluentui/react-components';
import { Link } from 'react-router';
import { api } from '../../lib/api';
import { serverNow } from '../../lib/clock';
import { useMay } from '../../lib/session';
import { formatNumber, plural, withLocalTimes } from '../../lib/time-text';
import { useUrlText } from '../../lib/url-state';
import { useLoaded } from '../../lib/use-loaded';
import { Card } from '../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import { CatchUpDialog } from './catch-up-dialog';
import { groupMissed } from './missed';
import styles from './scheduler.module.css';
import { useSchedulerPage } from './scheduler-page-store';

const dayMs = 86_400_000;
const lookedBackMs = 30 * dayMs;
const mostRuns = 1000;

/** What was missed, why, and how to catch up. */
export function MissedTab() {
  const version = useSchedulerPage((state) => state.missedVersion);
  const mayRun = useMay('operator');
  const [caughtId, setCaughtId] = useUrlText('catch_up');
  const { data, error, reload } = useLoaded(
    () =>
      api.executions.list({
        query: {
          status: ['missed'],
          from: new Date(serverNow() - lookedBackMs).toISOString(),
          limit: mostRuns,
        },
      }),
    String(version),
  );
  const jobs = data && groupMissed(data.executions);
  const caught = mayRun ? jobs?.find((job) => job.job_id === caughtId) : undefined;
  return (
    <Card
      title="Missed runs"
      note="of the last 30 days, by job"
      end={<Link to="/executions?status=missed">All missed runs</Link>}
    >
      {error && !jobs ? (
        <ErrorState what="The missed runs" error={error} onRetry={reload} isSmall />
      ) : !jobs ? (
        <SkeletonRows count={3} />
      ) : jobs.length === 0 ? (
        <EmptyState title="Nothing was missed" isSmall>
          Runs whose time passed while the computer slept or the program was down would stand here, with the
          reason.
        </EmptyState>
      ) : (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Job</th>
                <th scope="col">Missed</th>
                <th scope="col">Why, at the last</th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {jobs.map((job) => (
                <tr key={job.job_id}>
                  <td>
                    <Link
                      to={`/jobs/${encodeURIComponent(job.job_id)}`}
                      dir="auto"
                      className={styles.runName}
                    >
                      {job.name}
                    </Link>
                  </td>
                  <td className={styles.when}>
                    <span className={styles.missed}>◇ {plural(job.slots, 'run')}</span>
                    <span className={styles.sub}>
                      {job.first !== job.last && (
                        <>
                          <TimeText instant={job.first} absolute /> –{' '}
                        </>
                      )}
                      <TimeText instant={job.last} absolute />
                    </span>
                  </td>
                  <td dir="auto" title={job.reason}>
                    {withLocalTimes(job.reason, serverNow())}
                  </td>
                  <td className={styles.end}>
                    {mayRun && (
                      <Button
                        size="small"
                        aria-label={`Catch up ${job.name}`}
                        onClick={() => setCaughtId(job.job_id)}
                      >
                        Catch up…
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {data && data.total > data.executions.length && (
        <p className={styles.foot}>
          The newest {plural(data.executions.length, 'missed run')} of {formatNumber(data.total)} are counted
          here.
        </p>
      )}
      {caught && <CatchUpDialog job={caught} onClose={() => setCaughtId('')} onDone={reload} />}
    </Card>
  );
}
