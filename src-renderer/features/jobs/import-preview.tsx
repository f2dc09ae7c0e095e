import { foldSame, lineDiff } from '../../../src-shared/line-diff';
import type { Issue } from '../../../src-shared/model/issue';
import { plural } from '../../lib/time-text';
import styles from './dialogs.module.css';

export interface PreviewEntry {
  readonly job_id: string;
  readonly name?: string;
  readonly line?: number;
  readonly kind: 'created' | 'updated' | 'unchanged' | 'conflict';
  readonly before?: string;
  readonly after?: string;
  /** Why taking it in would lose something. */
  readonly conflict?: string;
}

export interface Preview {
  /** The file has errors: nothing of it can be taken in. */
  readonly isRefused: boolean;
  readonly entries: readonly PreviewEntry[];
  readonly issues: readonly (Issue & { readonly source: string | undefined })[];
}

const words = {
  created: '+ New',
  updated: '~ Changed',
  conflict: '! Conflict',
  unchanged: '= Same',
} as const;
const mostShown = 500;

/** New jobs, changed ones as a diff, conflicting ones with the reason, and what is wrong, line by line. */
export function ImportPreview({ preview }: { readonly preview: Preview }) {
  const { entries, issues, isRefused } = preview;
  const count = (kind: PreviewEntry['kind']) => entries.filter((entry) => entry.kind === kind).length;
  const errors = issues.filter((issue) => issue.severity === 'error');
  const order = ['conflict', 'updated', 'created', 'unchanged'];
  const sorted = [...entries].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  return (
    <>
      <div className={styles.summary} role="status">
        {isRefused ? (
          <span className={styles.tag} data-kind="invalid">
            {plural(errors.length, 'error')}: nothing can be imported until they are mended
          </span>
        ) : (
          (['created', 'updated', 'conflict', 'unchanged'] as const).map((kind) => (
            <span key={kind} className={styles.tag} data-kind={kind}>
              {count(kind)}{' '}
              {{ created: 'new', updated: 'changed', conflict: 'conflicting', unchanged: 'the same' }[kind]}
            </span>
          ))
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long preview must be scrolled by keyboard */}
      {/* biome-ignore lint/a11y/useSemanticElements: a section of a dialog */}
      <div className={styles.preview} tabIndex={0} role="region" aria-label="Preview of the import">
        {issues.slice(0, mostShown).map((issue) => (
          <div key={`${issue.line} ${issue.column} ${issue.message}`} className={styles.entry}>
            <span className={styles.tag} data-kind={issue.severity === 'error' ? 'invalid' : 'conflict'}>
              {issue.severity === 'error' ? '✕ Error' : '! Warning'}
            </span>
            {issue.line !== undefined && (
              <span className={styles.soft}>
                line {issue.line}
                {issue.column === undefined ? '' : `, column ${issue.column}`}
              </span>
            )}
            <span className={styles.message}>{issue.message}</span>
            {issue.source !== undefined && issue.source.trim() !== '' && (
              <code className={styles.source}>{issue.source}</code>
            )}
          </div>
        ))}
        {issues.length > mostShown && (
          <div className={styles.entry}>and {plural(issues.length - mostShown, 'more problem')}</div>
        )}
        {sorted.slice(0, mostShown).map((entry) => (
          <Entry key={entry.job_id} entry={entry} />
        ))}
        {sorted.length > mostShown && (
          <div className={styles.entry}>and {plural(sorted.length - mostShown, 'more job')}</div>
        )}
      </div>
    </>
  );
}

function Entry({ entry }: { readonly entry: PreviewEntry }) {
  const head = (
    <>
      <span className={styles.tag} data-kind={entry.kind}>
        {words[entry.kind]}
      </span>
      <b dir="auto">{entry.name ?? entry.job_id}</b>
      <code className={styles.soft}>{entry.job_id}</code>
      {entry.line !== undefined && <span className={styles.soft}>line {entry.line}</span>}
      {entry.conflict !== undefined && <span className={styles.message}>{entry.conflict}</span>}
    </>
  );
  if (entry.before === undefined || entry.after === undefined)
    return <div className={styles.entry}>{head}</div>;
  return (
    <details>
      <summary>{head}</summary>
      <div className={styles.diff}>
        {foldSame(lineDiff(entry.before, entry.after)).map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
          <div key={index} data-kind={line.kind}>
            {{ same: '  ', added: '+ ', removed: '- ', skipped: '' }[line.kind]}
            {line.text}
          </div>
        ))}
      </div>
    </details>
  );
}
