import { Fragment } from 'react';
import { Link } from 'react-router';
import type { Execution } from '../../../src-shared/model/execution';
import type { ExecutionContext } from '../../../src-shared/model/execution-context';
import { useNow } from '../../lib/clock';
import { formatAbsolute, formatDuration, plural } from '../../lib/time-text';
import styles from './execution.module.css';
import { changeWords, sameWords, verdictOf } from './execution-words';

/** Why it ended so: the error line, its meaning, and what changed since the last success. */
export function VerdictCard({
  execution,
  context,
}: {
  readonly execution: Execution;
  readonly context: ExecutionContext | undefined;
}) {
  const now = useNow(1000);
  const { tone, title, note } = verdictOf(execution, context, now);
  const [first = '', ...more] = title.split('\n');
  return (
    <section className={styles.verdict} data-tone={tone} aria-label="Why it ended so">
      <p className={styles.verdictLine}>
        <strong dir="auto">{first}</strong>
        {note !== '' && <span className={styles.soft}>{note}</span>}
      </p>
      {more.length > 0 && (
        <pre className={styles.verdictMore} dir="auto">
          {more.join('\n')}
        </pre>
      )}
      {execution.status === 'running' && <Progress execution={execution} context={context} now={now} />}
      {(tone === 'failed' || tone === 'retry') && context && <Since context={context} now={now} />}
    </section>
  );
}

function Progress({
  execution,
  context,
  now,
}: {
  readonly execution: Execution;
  readonly context: ExecutionContext | undefined;
  readonly now: number;
}) {
  const usual = context?.usual_seconds;
  if (!usual) return null;
  const share = Math.min(1, (now - Date.parse(execution.start_time)) / 1000 / usual);
  return (
    <div
      className={styles.progress}
      role="progressbar"
      aria-label="Progress against the usual duration"
      aria-valuenow={Math.round(share * 100)}
    >
      <span style={{ width: `${share * 100}%` }} />
    </div>
  );
}

function Since({ context, now }: { readonly context: ExecutionContext; readonly now: number }) {
  const { last_success, changes, failures } = context;
  const inRow = failures > 1 ? `${plural(failures, 'failure')} in a row. ` : '';
  if (!last_success)
    return (
      <p className={styles.since}>{inRow}It has not succeeded before, as far as the history goes back.</p>
    );
  return (
    <p className={styles.since}>
      {inRow}Since the{' '}
      <Link to={`/executions/${last_success.execution_id}`}>
        last success ({formatAbsolute(Date.parse(last_success.start_time), now)},{' '}
        {formatDuration(last_success.duration_seconds)})
      </Link>
      :{' '}
      {changes.map((change, index) => {
        const { what, rest } = changeWords(change, now);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: changes have no name and do not move
          <Fragment key={index}>
            {index > 0 && ', then '}
            <b dir="auto">{what}</b>
            {rest}
          </Fragment>
        );
      })}
      {changes.length > 0 ? '. ' : ''}
      {sameWords(context)}
      {changes.some((change) => change.kind === 'connection') && (
        <>
          {' '}
          <Link to="/connections">Test the connection</Link>
        </>
      )}
    </p>
  );
}
