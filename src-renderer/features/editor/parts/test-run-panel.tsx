import { Button } from '@fluentui/react-components';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { resultsOf } from '../../../../src-shared/model/sql-result';
import { errorText } from '../../../lib/api';
import { followOutput, useLive } from '../../../lib/live';
import { formatDuration } from '../../../lib/time-text';
import { StatusPill } from '../../../ui/status-pill';
import { attempt } from '../../../ui/toasts';
import { useTestRun } from '../test-run-store';
import { ResultGrid } from './result-grid';
import styles from './test-run-panel.module.css';
import { TrialParams } from './trial-params';

/** The trial of the text: its output while it runs, its outcome and its rows when it has ended. */
export function TestRunPanel({ onAgain }: { readonly onAgain: () => void }) {
  const run = useTestRun();
  const { execution_id, ended, status } = run;
  useLive({ load: () => void run.refresh(), apply: run.apply }, execution_id);
  useEffect(() => (execution_id ? followOutput(execution_id) : undefined), [execution_id]);

  const isLive = run.isStarting || (execution_id !== undefined && !ended);
  const previews = ended ? resultsOf(ended.metadata) : [];
  return (
    <section className={styles.panel} aria-label="Test run">
      <div className={styles.head}>
        <h2>Test run</h2>
        <span className={styles.note}>runs the text above, saves nothing</span>
        <span className={styles.end}>
          {status && <StatusPill status={status} />}
          {ended && <span className={styles.note}>{formatDuration(ended.duration_seconds)}</span>}
          {ended && execution_id && <Link to={`/executions/${execution_id}`}>Details</Link>}
          {isLive && execution_id && (
            <Button size="small" onClick={() => void attempt(run.cancel)}>
              Cancel the run
            </Button>
          )}
          {!isLive && (
            <Button size="small" onClick={onAgain}>
              Run again
            </Button>
          )}
          {!isLive && (
            <Button size="small" appearance="subtle" aria-label="Close the test run" onClick={run.close}>
              ✕
            </Button>
          )}
        </span>
      </div>
      <TrialParams />
      {run.error !== undefined && (
        <p className={styles.failure} role="alert">
          {errorText(run.error)}
        </p>
      )}
      {ended?.error_message && (
        <p className={styles.failure} role="alert" dir="auto">
          {ended.error_message}
        </p>
      )}
      {previews.map((preview, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: results have no other name than their place
        <ResultGrid key={index} preview={preview} label={`Result ${index + 1}`} />
      ))}
      <Output isLive={isLive} />
    </section>
  );
}

/** The output as it comes; stays at its end unless somebody has scrolled up. */
function Output({ isLive }: { readonly isLive: boolean }) {
  const { pieces, ended, error } = useTestRun();
  const box = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  const whole = ended?.output;
  // biome-ignore lint/correctness/useExhaustiveDependencies: new output is what moves the end
  useEffect(() => {
    if (isAtEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [pieces, whole]);
  if (error !== undefined && pieces.length === 0) return null;
  const isEmpty = (whole ?? '') === '' && pieces.length === 0;
  return (
    <pre
      ref={box}
      className={styles.output}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      role="log"
      aria-label="Output of the test run"
      aria-busy={isLive}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < 24;
      }}
    >
      {isEmpty && <span className={styles.note}>{isLive ? 'Waiting for output…' : 'No output.'}</span>}
      {pieces.length > 0
        ? pieces.map((piece, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces only ever follow one another
            <span key={index} data-stream={piece.stream}>
              {piece.text}
            </span>
          ))
        : whole}
    </pre>
  );
}
