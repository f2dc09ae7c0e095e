import { Button } from '@fluentui/react-components';
import { useMemo, useState } from 'react';
import { plural } from '../../../lib/time-text';
import { type Fix, fixesFor } from '../document/fixes';
import type { PlacedIssue } from '../document/issue-place';
import styles from './problems-bar.module.css';

const mostShown = 100;
const mostFixes = 3;

/** Under the editor: how many problems, the first one or all of them, each with its place and mends to click. */
export function ProblemsBar({
  text,
  issues,
  isChecked,
  mayFix,
  cursor,
  onGoTo,
  onFix,
}: {
  readonly text: string;
  readonly issues: readonly PlacedIssue[];
  /** The program itself has checked this very text. */
  readonly isChecked: boolean;
  readonly mayFix: boolean;
  readonly cursor: string;
  readonly onGoTo: (issue: PlacedIssue) => void;
  readonly onFix: (fix: Fix) => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const errors = issues.filter((issue) => issue.severity === 'error').length;
  const shown = isOpen ? issues.slice(0, mostShown) : issues.slice(0, 1);
  return (
    <section className={styles.bar} aria-label="Problems">
      <div className={styles.head}>
        <span role="status" data-tone={errors > 0 ? 'bad' : issues.length > 0 ? 'doubt' : 'good'}>
          {issues.length === 0
            ? isChecked
              ? '✓ No problems'
              : 'Checking…'
            : errors > 0
              ? `✕ ${plural(errors, 'problem')}${errors < issues.length ? `, ${plural(issues.length - errors, 'warning')}` : ''}`
              : `! ${plural(issues.length, 'warning')}`}
        </span>
        {issues.length > 1 && (
          <Button size="small" appearance="subtle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? 'Show the first' : 'Show all'}
          </Button>
        )}
        <span className={styles.cursor}>{cursor}</span>
      </div>
      {shown.length > 0 && (
        <ul className={styles.list}>
          {shown.map((issue) => (
            <Problem key={`${issue.start} ${issue.message}`} {...{ text, issue, mayFix, onGoTo, onFix }} />
          ))}
        </ul>
      )}
      {isOpen && issues.length > mostShown && (
        <p className={styles.more}>and {issues.length - mostShown} more</p>
      )}
    </section>
  );
}

function Problem({
  text,
  issue,
  mayFix,
  onGoTo,
  onFix,
}: {
  readonly text: string;
  readonly issue: PlacedIssue;
  readonly mayFix: boolean;
  readonly onGoTo: (issue: PlacedIssue) => void;
  readonly onFix: (fix: Fix) => void;
}) {
  const fixes = useMemo(
    () => (mayFix ? fixesFor(text, issue).slice(0, mostFixes) : []),
    [text, issue, mayFix],
  );
  return (
    <li data-severity={issue.severity}>
      <button type="button" className={styles.place} onClick={() => onGoTo(issue)}>
        <span className={styles.number}>
          {issue.line}:{issue.column}
        </span>
        <span dir="auto">{issue.message}</span>
      </button>
      {fixes.map((fix) => (
        <Button key={fix.title} size="small" onClick={() => onFix(fix)}>
          {fix.title}
        </Button>
      ))}
    </li>
  );
}
