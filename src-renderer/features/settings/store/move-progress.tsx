import { Button, ProgressBar } from '@fluentui/react-components';
import type { MovedTable, StoreMove } from '../../../../src-shared/model/store';
import { api } from '../../../lib/api';
import { formatNumber } from '../../../lib/time-text';
import { Notice } from '../../../ui/notice';
import { Card } from '../../../ui/page';
import { attempt } from '../../../ui/toasts';
import styles from './store.module.css';

const stepWords: Readonly<Record<StoreMove['step'], string>> = {
  connecting: 'Connecting',
  copying: 'Copying',
  comparing: 'Comparing both sides',
  writing_setting: 'Writing the setting',
  ended: 'Ended',
};

const stateWords: Readonly<Record<MovedTable['state'], string>> = {
  waiting: '',
  copying: '● copying',
  comparing: '● comparing',
  same: '✓ same',
  differs: '✕ differs',
  counted: 'counted',
};

const tones = { done: 'success', failed: 'error', cancelled: 'info' } as const;

function TableRows({ move }: { readonly move: StoreMove }) {
  const filled = move.tables.filter(({ source, target }) => source > 0 || (target ?? 0) > 0);
  const empty = move.tables.length - filled.length;
  return (
    <div className={styles.tables}>
      <table>
        <thead>
          <tr>
            <th scope="col">Table</th>
            <th scope="col" className={styles.number}>
              Here
            </th>
            <th scope="col" className={styles.number}>
              There
            </th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {filled.map(({ name, source, target, state, digest }) => (
            <tr key={name}>
              <td>{name}</td>
              <td className={styles.number}>{formatNumber(source)}</td>
              <td className={styles.number}>{target === null ? '–' : formatNumber(target)}</td>
              <td data-state={state} title={digest ? `digest ${digest}` : undefined}>
                {stateWords[state]}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {empty > 0 && <p className={styles.soft}>{empty} more tables are empty on this side</p>}
    </div>
  );
}

/** How far a move is, table by table, or how it ended. */
export function MoveProgress({
  move,
  onChange,
}: {
  readonly move: StoreMove;
  readonly onChange: () => void;
}) {
  const { state, step, rows_done, rows_total } = move;
  const isRunning = state === 'running';
  const share = rows_total > 0 ? Math.min(1, rows_done / rows_total) : undefined;
  const title = `${move.dry_run ? 'Dry run: to' : 'To'} ${move.place}`;
  return (
    <Card
      title={title}
      end={
        isRunning && (
          <Button size="small" onClick={() => void attempt(() => api.store.cancel({})).then(onChange)}>
            Cancel
          </Button>
        )
      }
    >
      <div className={styles.progress}>
        {state === 'running' ? (
          <>
            <div className={styles.line} role="status">
              <span>{stepWords[step]} …</span>
              {rows_total > 0 && (
                <span className={styles.soft}>
                  {formatNumber(rows_done)} of {formatNumber(rows_total)} rows
                </span>
              )}
            </div>
            <ProgressBar value={share} aria-label="Progress of the move" thickness="large" />
            <span className={styles.soft}>Jobs go on meanwhile. Nothing is changed where it comes from.</span>
          </>
        ) : (
          <Notice tone={tones[state]}>{move.message}</Notice>
        )}
      </div>
      {move.tables.length > 0 && <TableRows move={move} />}
    </Card>
  );
}
