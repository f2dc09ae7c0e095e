import { NavLink } from 'react-router';
import { formatNumber } from '../lib/time-text';
import styles from './navigation-rail.module.css';
import { pages } from './routes';
import { useScheduler } from './scheduler-store';

/** The pages at the left: words when there is room, icons when there is less, a sheet when there is none. */
export function NavigationRail({ isOpen }: { readonly isOpen: boolean }) {
  const status = useScheduler((scheduler) => scheduler.status);
  const counts = { jobs: status?.total_jobs, running: status?.running_executions || undefined };
  return (
    <nav className={styles.rail} data-open={isOpen || undefined} aria-label="Pages">
      {pages.map(({ path, nav }) => {
        if (!nav) return null;
        const count = nav.count && counts[nav.count];
        return (
          <NavLink key={path} to={path} end={path === '/'} className={styles.link} title={nav.label}>
            <span className={styles.icon} aria-hidden="true">
              {nav.icon}
            </span>
            <span className={styles.label}>{nav.label}</span>
            {count !== undefined && (
              <span className={styles.count}>
                {formatNumber(count)}
                {nav.count === 'running' && <span className="visually-hidden"> running</span>}
              </span>
            )}
          </NavLink>
        );
      })}
    </nav>
  );
}
