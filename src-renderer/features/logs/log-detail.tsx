import { Button } from '@fluentui/react-components';
import { Link } from 'react-router';
import type { LogLine } from '../../../src-shared/model/log';
import { formatFull } from '../../lib/time-text';
import { CopyButton } from '../../ui/copy-button';
import { lineText, withContext } from './log-context';
import styles from './logs.module.css';
import { levelWords } from './logs-filter';
import { MarkedText } from './marked-text';

const jobOf = (source: string) => (source.startsWith('jobs/') ? source.slice('jobs/'.length) : undefined);

/** The chosen line whole, what it is about, and what can be done with it. */
export function LogDetail({
  line,
  search,
  onShowAround,
  onClose,
}: {
  readonly line: LogLine;
  readonly search: string;
  readonly onShowAround: () => void;
  readonly onClose: () => void;
}) {
  const job_id = jobOf(line.source);
  const execution_id = /\bexec_\d+\b/.exec(line.message)?.[0];
  return (
    <section className={styles.detail} aria-label="The chosen line">
      <div className={styles.detailHead}>
        <b data-level={line.level} className={styles.detailLevel}>
          {levelWords[line.level]}
        </b>
        <span>{formatFull(Date.parse(line.time))}</span>
        <span className={styles.soft}>
          {job_id ? <Link to={`/jobs/${encodeURIComponent(job_id)}`}>{job_id}</Link> : line.source}
          {execution_id && (
            <>
              {' · '}
              <Link to={`/executions/${execution_id}`}>{execution_id}</Link>
            </>
          )}
        </span>
        <span className={styles.detailActions}>
          <CopyButton text={() => lineText(line)} what="Copy line" />
          <CopyButton text={() => withContext(line)} what="Copy with context" />
          <Button size="small" onClick={onShowAround} title="The lines before and after, without filters">
            Show around
          </Button>
          <Button size="small" appearance="subtle" aria-label="Close the line" onClick={onClose}>
            ✕
          </Button>
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keyboard */}
      <pre className={styles.detailText} tabIndex={0} dir="auto">
        <MarkedText text={line.message} search={search} />
      </pre>
    </section>
  );
}
