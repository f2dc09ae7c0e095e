import { Button } from '@fluentui/react-components';
import type { CSSProperties, ReactNode } from 'react';
import { errorText, isForbidden } from '../lib/api';
import { useSession } from '../lib/session';
import styles from './states.module.css';

interface StateProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly isSmall?: boolean;
}

function classOf(isSmall: boolean | undefined): string {
  return isSmall ? `${styles.state} ${styles.small}` : `${styles.state}`;
}

/** Nothing here yet: says what belongs here, and offers the first step. */
export function EmptyState({ title, children, actions, isSmall }: StateProps) {
  return (
    <div className={classOf(isSmall)}>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}

/** Something could not be shown: what, why, and what now. A refusal is told as one. */
export function ErrorState({
  what,
  error,
  onRetry,
  isSmall,
}: {
  /** What is missing: "The jobs", "This execution". */
  readonly what: string;
  readonly error: unknown;
  readonly onRetry?: () => void;
  readonly isSmall?: boolean;
}) {
  if (isForbidden(error)) return <ForbiddenState what={what} error={error} isSmall={isSmall} />;
  return (
    <div className={classOf(isSmall)} role="alert">
      <span className={styles.glyph} data-bad aria-hidden="true">
        ✕
      </span>
      <h2>{what} can't be shown</h2>
      <p>{errorText(error)}</p>
      {onRetry && (
        <div className={styles.actions}>
          <Button onClick={onRetry}>Try again</Button>
        </div>
      )}
    </div>
  );
}

/** Not for this role: says which one the caller has. */
export function ForbiddenState({
  what,
  error,
  isSmall,
}: {
  readonly what: string;
  readonly error?: unknown;
  readonly isSmall?: boolean;
}) {
  const { name, role } = useSession();
  return (
    <div className={classOf(isSmall)}>
      <span className={styles.glyph} aria-hidden="true">
        –
      </span>
      <h2>{what} can't be seen with your role</h2>
      <p>
        You are logged in as {name}, whose role is {role}. {error === undefined ? '' : errorText(error)} Ask
        an administrator for a key with a higher role.
      </p>
    </div>
  );
}

/** A grey place of the final size, while loading. */
export function Skeleton({
  width = '100%',
  height = 16,
  style,
}: {
  readonly width?: number | string;
  readonly height?: number | string;
  readonly style?: CSSProperties;
}) {
  return <div className={styles.skeleton} style={{ width, height, ...style }} aria-hidden="true" />;
}

/** Rows of a list that is loading. */
export function SkeletonRows({
  count,
  rowHeight = 44,
}: {
  readonly count: number;
  readonly rowHeight?: number;
}) {
  return (
    <div aria-busy="true">
      <span className="visually-hidden" role="status">
        Loading
      </span>
      {Array.from({ length: count }, (_, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of a skeleton are all the same
          key={index}
          style={{ height: rowHeight, display: 'flex', alignItems: 'center', gap: 24, padding: '0 16px' }}
        >
          <Skeleton width="28%" height={14} />
          <Skeleton width={70} height={18} />
          <Skeleton width="20%" height={14} />
          <Skeleton width="14%" height={14} />
        </div>
      ))}
    </div>
  );
}
