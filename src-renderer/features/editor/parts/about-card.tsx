import { Link } from 'react-router';
import type { JobDetail } from '../../../../src-shared/model/job';
import { Chains, chainList } from '../../../../src-shared/model/run-rules';
import { formatRoughDuration } from '../../../lib/time-text';
import { Card } from '../../../ui/page';
import { TimeText } from '../../../ui/time-text';
import { type Dict, isDict } from '../document/read-job-text';
import styles from './side-cards.module.css';

/** The jobs that the text starts after itself. */
function followersOf(current: Dict | undefined, when: 'success' | 'failure') {
  const chains = Chains.safeParse(current?.[`on_${when}`]);
  return chainList(chains.success ? chains.data : undefined).map(({ run }) => ({ when, run }));
}

/** What the text leaves open and what it hangs on: limits in force, connection, the file it is synchronised with. */
export function AboutCard({
  job,
  current,
}: {
  readonly job: JobDetail | undefined;
  readonly current: Dict | undefined;
}) {
  const connection = isDict(current?.connection) ? current.connection.connection_id : undefined;
  const own = (key: string, fallback: number | undefined) => {
    const value = current?.[key];
    return typeof value === 'number' ? { value, isOwn: true } : { value: fallback, isOwn: false };
  };
  const timeout = own('timeout', job?.effective.timeout);
  const retries = own('max_retries', job?.effective.max_retries);
  const delay = own('retry_delay', job?.effective.retry_delay);
  const followers = [...followersOf(current, 'success'), ...followersOf(current, 'failure')];
  const suffix = (isOwn: boolean) => (isOwn ? '' : ' (default)');
  return (
    <Card title="In force">
      <ul className={styles.list}>
        {retries.value !== undefined && delay.value !== undefined && (
          <li>
            {retries.value === 0
              ? 'No retries'
              : `Retries ${retries.value} × ${formatRoughDuration(delay.value)}`}
            {suffix(retries.isOwn)}
          </li>
        )}
        {timeout.value !== undefined && (
          <li>
            {timeout.value === 0 ? 'No time limit' : `Ends after ${formatRoughDuration(timeout.value)}`}
            {suffix(timeout.isOwn)}
          </li>
        )}
        {typeof connection === 'string' && (
          <li>
            Connection <Link to="/connections">{connection}</Link>
          </li>
        )}
        {followers.map(({ when, run }) => (
          <li key={`${when} ${run}`}>
            On {when} it starts <Link to={`/jobs/${encodeURIComponent(run)}`}>{run}</Link>
          </li>
        ))}
        {job?.disabled_reason && <li className={styles.bad}>{job.disabled_reason}</li>}
        {job?.source && (
          <li>
            Synchronised with <code>{job.source}</code>
            {job.edited_in_app ? '; changed here since' : ''}
          </li>
        )}
        {job && (
          <li className={styles.soft}>
            Saved <TimeText instant={job.modified_date} />, made by {job.created_by}
          </li>
        )}
        {!job && (
          <li className={styles.soft}>What the text leaves open is filled by the program's defaults.</li>
        )}
      </ul>
    </Card>
  );
}
