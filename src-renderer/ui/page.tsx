import { type ReactNode, useEffect, useId } from 'react';
import { Link } from 'react-router';
import styles from './page.module.css';

/** A page's room: margins, width, and the document's title. `isFilling` gives it the window's height. */
export function Page({
  title,
  isFilling = false,
  children,
}: {
  readonly title: string;
  readonly isFilling?: boolean;
  readonly children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} - Job Scheduler`;
  }, [title]);
  return <div className={isFilling ? `${styles.page} ${styles.fill}` : styles.page}>{children}</div>;
}

export interface Crumb {
  readonly text: string;
  readonly to?: string;
}

/** The top of a page: where we are, its one title, a word about it, and what can be done (one primary button). */
export function PageHeader({
  title,
  crumbs = [],
  beside,
  note,
  actions,
}: {
  readonly title: string;
  readonly crumbs?: readonly Crumb[];
  /** A pill or the like beside the title. */
  readonly beside?: ReactNode;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <header className={styles.header}>
      <div className={styles.titles}>
        {crumbs.length > 0 && (
          <nav className={styles.crumbs} aria-label="Path">
            <ol>
              {crumbs.map((crumb) => (
                <li key={crumb.text}>{crumb.to ? <Link to={crumb.to}>{crumb.text}</Link> : crumb.text}</li>
              ))}
            </ol>
          </nav>
        )}
        <div className={styles.line}>
          <h1 className={styles.title} dir="auto">
            {title}
          </h1>
          {beside}
          {note !== undefined && <span className={styles.note}>{note}</span>}
        </div>
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </header>
  );
}

/** A card with a heading. `end` stands at the right of the heading line. */
export function Card({
  title,
  note,
  end,
  className = '',
  children,
}: {
  readonly title: string;
  readonly note?: ReactNode;
  readonly end?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={`${styles.card} ${className}`} aria-labelledby={id}>
      <div className={styles.cardHeader}>
        <h2 id={id}>{title}</h2>
        {note !== undefined && <span className={styles.cardNote}>{note}</span>}
        {end !== undefined && <span className={styles.cardEnd}>{end}</span>}
      </div>
      {children}
    </section>
  );
}
