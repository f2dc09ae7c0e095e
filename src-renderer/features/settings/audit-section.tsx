import { Link } from 'react-router';
import { api } from '../../lib/api';
import { useLoaded } from '../../lib/use-loaded';
import { Card } from '../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import { actionWords, nameOf, outcomeWords } from './audit/audit-words';
import { useChainCheck } from './audit/chain-check';
import styles from './settings.module.css';

const shownRows = 12;

/** The newest of the audit, and the way to all of it. */
export function AuditSection() {
  const { data, error, reload } = useLoaded(() => api.security.audit({ query: { limit: shownRows } }));
  const { button, notice } = useChainCheck();
  return (
    <>
      {notice}
      <Card
        title="Audit"
        note="every change and every act by hand, newest first"
        end={
          <span className={styles.buttons}>
            {button}
            <Link to="/audit">All of it, to filter and export</Link>
          </span>
        }
      >
        {error && !data ? (
          <ErrorState what="The audit" error={error} onRetry={reload} isSmall />
        ) : !data ? (
          <SkeletonRows count={6} />
        ) : data.audit.length === 0 ? (
          <EmptyState title="Nothing was changed yet" isSmall />
        ) : (
          <div className={styles.scroll}>
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col">When</th>
                  <th scope="col">Who</th>
                  <th scope="col">What</th>
                  <th scope="col">Outcome</th>
                </tr>
              </thead>
              <tbody>
                {data.audit.map((row) => (
                  <tr key={row.audit_id}>
                    <td>
                      <TimeText instant={row.time} />
                    </td>
                    <td title={`${row.actor}\nfrom ${row.origin}`} dir="auto">
                      {nameOf(row.actor)}
                    </td>
                    <td>
                      <Link to={`/audit?row=${row.audit_id}`}>{actionWords(row.action)}</Link>
                      <span className={styles.sub} dir="auto">
                        {row.subject}
                      </span>
                    </td>
                    <td>{outcomeWords[row.outcome] ?? row.outcome}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Card>
    </>
  );
}
