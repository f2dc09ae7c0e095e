import { api } from '../../lib/api';
import type { LeftOut } from '../../lib/output-log';
import { formatBytes } from '../../lib/time-text';
import { attempt, notify } from '../toasts';
import styles from './live-log.module.css';

/** What the program writes into an output where its middle was. */
const markerText = 'bytes left out here';

/** Says that not all of an output is here: how much is missing, why, and where the gap is. */
export function LeftOutNote({
  execution_id,
  leftOut,
  isEnded,
  onLine,
}: {
  readonly execution_id: string;
  readonly leftOut: LeftOut;
  readonly isEnded: boolean;
  readonly onLine: (line: number) => void;
}) {
  const show = () =>
    attempt(async () => {
      const query = { text: markerText, limit: 100 };
      const { lines } = await api.executions.searchOutput({ params: { execution_id }, query });
      // A job may print such words too; ours stands between empty lines, so the middle one is the likeliest.
      const line = lines[Math.floor((lines.length - 1) / 2)];
      if (line === undefined) notify({ kind: 'info', text: 'The gap is at the end of what is kept' });
      else onLine(line);
    });
  return (
    <div className={styles.leftOut} role="note">
      <span className={styles.leftOutGlyph} aria-hidden="true">
        !
      </span>
      <span>
        <b>{formatBytes(leftOut.bytes)} of this output are not kept</b>: {leftOut.reason}.
      </span>
      {isEnded && (
        <button type="button" className={styles.leftOutPlace} onClick={() => void show()}>
          Show the gap
        </button>
      )}
    </div>
  );
}
