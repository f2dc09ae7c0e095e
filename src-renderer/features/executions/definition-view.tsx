import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { api, isNotFound } from '../../lib/api';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import styles from './execution.module.css';

type Definition = Awaited<ReturnType<typeof api.executions.definition>>;

/** The job as this execution ran it. */
export function DefinitionView({ execution_id }: { readonly execution_id: string }) {
  const [found, setFound] = useState<Definition>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    let isCurrent = true;
    api.executions.definition({ params: { execution_id } }).then(
      (definition) => isCurrent && setFound(definition),
      (reason) => isCurrent && setError(reason),
    );
    return () => {
      isCurrent = false;
    };
  }, [execution_id]);
  if (error && isNotFound(error))
    return (
      <EmptyState isSmall title="The definition was not kept">
        It never began to run, or it ran before this program kept definitions.
      </EmptyState>
    );
  if (error) return <ErrorState isSmall what="The definition" error={error} />;
  if (!found) return <SkeletonRows count={5} rowHeight={24} />;
  const text = found.yaml === '' ? JSON.stringify(found.configuration, null, 2) : found.yaml;
  return (
    <div className={styles.definition}>
      <p className={styles.soft}>
        As it ran
        {found.version !== null && (
          <>
            :{' '}
            <Link to={`/jobs/${encodeURIComponent(found.job_id)}?tab=versions&version=${found.version}`}>
              version {found.version}
            </Link>
          </>
        )}
        . {found.is_current ? 'The job is still defined like this.' : 'The job was changed since.'}{' '}
        <Link to={`/jobs/${encodeURIComponent(found.job_id)}`}>The job now</Link>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <pre tabIndex={0}>{text}</pre>
    </div>
  );
}
