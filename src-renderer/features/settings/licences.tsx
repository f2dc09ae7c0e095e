import { useState } from 'react';
import { useLoaded } from '../../lib/use-loaded';
import { ErrorState, SkeletonRows } from '../../ui/states';
import styles from './settings.module.css';

/** Packages of others with their licences; the texts come only when they are asked for. */
export function Licences() {
  const { data, error, reload } = useLoaded(async () => (await import('virtual:licences')).licences);
  const [open, setOpen] = useState<string>();
  if (error) return <ErrorState what="The licences" error={error} onRetry={reload} isSmall />;
  if (!data) return <SkeletonRows count={4} rowHeight={28} />;
  return (
    <ul className={styles.licences}>
      {data.packages.map(({ name, version, license, text }) => (
        <li key={name}>
          <button
            type="button"
            className={styles.licence}
            aria-expanded={open === name}
            onClick={() => setOpen(open === name ? undefined : name)}
          >
            <span>{name}</span>
            <span className={styles.soft}>{version}</span>
            <span className={styles.soft}>{license}</span>
          </button>
          {open === name && (
            <pre className={styles.licenceText}>
              {data.texts[text] ?? 'This package names its licence and ships no text of it.'}
            </pre>
          )}
        </li>
      ))}
    </ul>
  );
}
