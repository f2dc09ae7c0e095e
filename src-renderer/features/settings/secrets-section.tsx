import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Secret } from '../../../src-shared/model/secret';
import { api } from '../../lib/api';
import { useMay } from '../../lib/session';
import { useLoaded } from '../../lib/use-loaded';
import { confirm } from '../../ui/confirm';
import { Card } from '../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import { attempt } from '../../ui/toasts';
import { SecretDialog } from './secret-dialog';
import styles from './settings.module.css';

const mostNamed = 3;

function UsedBy({ jobs }: { readonly jobs: readonly string[] }) {
  if (jobs.length === 0) return <span className={styles.soft}>no job</span>;
  return (
    <span title={jobs.join('\n')}>
      {jobs.slice(0, mostNamed).map((job_id, index) => (
        <span key={job_id}>
          {index > 0 && ', '}
          <Link to={`/jobs/${encodeURIComponent(job_id)}`}>{job_id}</Link>
        </span>
      ))}
      {jobs.length > mostNamed && ` and ${jobs.length - mostNamed} more`}
    </span>
  );
}

/** Values that jobs use by name. They go in and never come out. */
export function SecretsSection() {
  const mayChange = useMay('admin');
  const { data, error, reload } = useLoaded(() => api.secrets.list({}));
  const [edited, setEdited] = useState<Secret | 'new'>();
  const remove = async (secret: Secret) => {
    const isSure = await confirm({
      title: `Delete the secret “${secret.name}”?`,
      text: 'Its value can’t be brought back.',
      action: 'Delete',
      isDangerous: true,
    });
    if (!isSure) return;
    await attempt(
      () => api.secrets.remove({ params: { name: secret.name } }),
      () => ({ kind: 'success', text: `The secret “${secret.name}” is deleted` }),
    );
    reload();
  };
  const newButton = mayChange && (
    <Button appearance="primary" size="small" onClick={() => setEdited('new')}>
      New secret…
    </Button>
  );
  return (
    <Card
      title="Secrets"
      note={
        <>
          jobs use them as <code>{'{{ secrets.name }}'}</code>; values are never shown
        </>
      }
      end={newButton || 'Only an admin changes them'}
    >
      {error && !data ? (
        <ErrorState what="The secrets" error={error} onRetry={reload} isSmall />
      ) : !data ? (
        <SkeletonRows count={3} />
      ) : data.secrets.length === 0 ? (
        <EmptyState title="There is no secret yet" isSmall>
          A password or token that is kept here need not stand in a job’s text, and is masked in outputs and
          logs.
        </EmptyState>
      ) : (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Used by</th>
                <th scope="col">Changed</th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.secrets.map((secret) => (
                <tr key={secret.name}>
                  <td className={styles.name}>{secret.name}</td>
                  <td>
                    <UsedBy jobs={secret.used_by} />
                  </td>
                  <td title={secret.modified_by}>
                    <TimeText instant={secret.modified_date} />
                  </td>
                  <td className={styles.end}>
                    {mayChange && (
                      <span className={styles.buttons}>
                        <Button
                          size="small"
                          aria-label={`Replace ${secret.name}`}
                          onClick={() => setEdited(secret)}
                        >
                          Replace…
                        </Button>
                        <Button
                          size="small"
                          aria-label={`Delete ${secret.name}`}
                          disabled={secret.used_by.length > 0}
                          title={
                            secret.used_by.length > 0 ? `Used by ${secret.used_by.join(', ')}` : undefined
                          }
                          onClick={() => void remove(secret)}
                        >
                          Delete…
                        </Button>
                      </span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {edited && (
        <SecretDialog
          secret={edited === 'new' ? undefined : edited}
          taken={data?.secrets.map((one) => one.name) ?? []}
          onSaved={reload}
          onClose={() => setEdited(undefined)}
        />
      )}
    </Card>
  );
}
