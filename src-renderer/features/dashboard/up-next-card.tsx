import { Link } from 'react-router';
import type { Dashboard } from '../../../src-shared/contract/statistics';
import { useNow } from '../../lib/clock';
import { formatAbsolute, formatBothZones, isNear, plural } from '../../lib/time-text';
import { Card } from '../../ui/page';
import { EmptyState, SkeletonRows } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import styles from './dashboard.module.css';

/** What runs next, and what can be foreseen to go wrong with it. */
export function UpNextCard({ next }: { readonly next: Dashboard['next'] | undefined }) {
  const now = useNow(60_000);
  return (
    <Card
      title="Up next"
      end={next && next.total > 0 ? `${plural(next.total, 'job')} within 24 h` : undefined}
    >
      {!next ? (
        <SkeletonRows count={3} rowHeight={54} />
      ) : next.items.length === 0 ? (
        <EmptyState title="Nothing is planned for the next 24 hours" isSmall />
      ) : (
        <ul className={styles.list}>
          {next.items.slice(0, 6).map((item) => (
            <li key={item.job_id} className={styles.row}>
              <span className={styles.grow}>
                <Link to={`/jobs/${encodeURIComponent(item.job_id)}`} className={styles.plainName} dir="auto">
                  {item.job_name}
                </Link>
                <span className={styles.soft} title={formatBothZones(Date.parse(item.scheduled_time))}>
                  {formatAbsolute(Date.parse(item.scheduled_time), now)}
                </span>
                {item.warning && <span className={styles.late}>{item.warning}</span>}
              </span>
              {isNear(Date.parse(item.scheduled_time), now) && (
                <span className={styles.soft}>
                  <TimeText instant={item.scheduled_time} />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
