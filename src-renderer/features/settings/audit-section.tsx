import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { api } from '../../lib/api';
import { useLoaded } from '../../lib/use-loaded';
import { Card } from '../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import styles from './settings.module.css';

const pageSize = 50;
const outcomes: Readonly<Record<string, string>> = { ok: '✓ Done', refused: '– Refused', failed: '✕ Failed' };

/** `key:abc (nightly)` is "nightly" to a person. */
const nameOf = (actor: string) => /\((.+)\)$/.exec(actor)?.[1] ?? actor;

/** Who changed what: every write, refused ones too. */
export function AuditSection() {
  const [limit, setLimit] = useState(pageSize);
  const { data, error, reload } = useLoaded(() => api.security.audit({ query: { limit } }), String(limit));
  return (
    <Card
      title="Audit"
      note="every change, newest first"
      end={
        <Button size="small" onClick={reload}>
          Renew
        </Button>
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
              {data.audit.map((row, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows of the audit have no id and never change
                <tr key={`${row.time} ${index}`}>
                  <td>
                    <TimeText instant={row.time} />
                  </td>
                  <td title={`${row.actor}\nfrom ${row.origin}`} dir="auto">
                    {nameOf(row.actor)}
                  </td>
                  <td>
                    {row.action}{' '}
                    <span className={styles.soft} dir="auto">
                      {row.subject}
                    </span>
                  </td>
                  <td title={row.details ? JSON.stringify(row.details, null, 1) : undefined}>
                    {outcomes[row.outcome] ?? row.outcome}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {data && data.audit.length === limit && limit < 1000 && (
        <div className={styles.foot}>
          <Button
            size="small"
            appearance="subtle"
            onClick={() => setLimit(Math.min(1000, limit + 5 * pageSize))}
          >
            Show more
          </Button>
        </div>
      )}
    </Card>
  );
}
