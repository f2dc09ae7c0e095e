import type { Artifact } from '../../../src-shared/model/artifact';
import { formatBytes } from '../../lib/time-text';
import { EmptyState } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import styles from './execution.module.css';

/** Files that the run left. */
export function ArtifactsList({
  execution_id,
  artifacts,
  note,
}: {
  readonly execution_id: string;
  readonly artifacts: readonly Artifact[];
  /** Where they lie, when it is another machine that ran it. */
  readonly note: string | null;
}) {
  if (artifacts.length === 0 && note !== null)
    return (
      <EmptyState isSmall title="No artifacts on this machine">
        {note}.
      </EmptyState>
    );
  if (artifacts.length === 0)
    return (
      <EmptyState isSmall title="No artifacts">
        Reports, notebooks and files written to ARTIFACTS_DIR are kept here with the run.
      </EmptyState>
    );
  const base = `/api/executions/${encodeURIComponent(execution_id)}/artifacts/`;
  return (
    <ul className={styles.artifacts}>
      {artifacts.map(({ name, bytes, modified_date }) => (
        <li key={name}>
          <a href={base + encodeURIComponent(name)} download={name} dir="auto">
            {name}
          </a>
          <span className={styles.soft}>{formatBytes(bytes)}</span>
          <span className={styles.soft}>
            <TimeText instant={modified_date} absolute />
          </span>
        </li>
      ))}
    </ul>
  );
}
