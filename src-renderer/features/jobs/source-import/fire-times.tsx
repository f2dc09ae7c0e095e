import { Switch } from '@fluentui/react-components';
import { useState } from 'react';
import type { ProvedSlot } from '../../../../src-shared/model/job-source';
import styles from './source-import.module.css';

const mostShown = 12;

const shownTime = (local: string): string => {
  const day = new Date(`${local.slice(0, 10)}T00:00:00Z`).toLocaleDateString('en', {
    weekday: 'short',
    timeZone: 'UTC',
  });
  return `${day} ${local.slice(0, 10)} ${local.slice(11, 19)}`;
};

function Row({ slot }: { readonly slot: ProvedSlot }) {
  const isSame = slot.theirs === slot.ours;
  const mark = (is: boolean) => (is ? '✓' : '–');
  return (
    <tr data-differs={!isSame || undefined}>
      <td>
        {shownTime(slot.local_time)} <span className={styles.offset}>{slot.local_time.slice(19)}</span>
      </td>
      <td>{mark(slot.theirs)}</td>
      <td>{mark(slot.ours)}</td>
      <td>{isSame ? '' : slot.theirs ? 'only there' : 'only here'}</td>
    </tr>
  );
}

/** The next fire times by the rules of the source beside ours; what differs is marked, and can be shown alone. */
export function FireTimes({
  slots,
  clockChanges,
  timezone,
}: {
  readonly slots: readonly ProvedSlot[];
  readonly clockChanges: readonly ProvedSlot[];
  readonly timezone: string;
}) {
  const [isAll, setAll] = useState(false);
  const [onlyDiffering, setOnlyDiffering] = useState(() => slots.some(({ theirs, ours }) => theirs !== ours));
  const differing = slots.filter(({ theirs, ours }) => theirs !== ours);
  const chosen = onlyDiffering ? differing : slots;
  const shown = isAll ? chosen : chosen.slice(0, mostShown);
  if (slots.length === 0) return <p className={styles.hint}>It has no times: it runs only by hand.</p>;
  return (
    <>
      <div className={styles.timesHead}>
        <b>
          Next {slots.length} fire times <span className={styles.offset}>({timezone})</span>
        </b>
        {differing.length > 0 && (
          <Switch
            label={`only the ${differing.length} that differ`}
            checked={onlyDiffering}
            onChange={(_, { checked }) => setOnlyDiffering(checked)}
          />
        )}
      </div>
      <table className={styles.times}>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">There</th>
            <th scope="col">Here</th>
            <th scope="col">
              <span className={styles.unseen}>Difference</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((slot) => (
            <Row key={slot.scheduled_time} slot={slot} />
          ))}
          {clockChanges.length > 0 && (
            <>
              <tr>
                <th colSpan={4} scope="rowgroup">
                  At the next clock changes
                </th>
              </tr>
              {clockChanges.slice(0, mostShown).map((slot) => (
                <Row key={slot.scheduled_time} slot={slot} />
              ))}
            </>
          )}
        </tbody>
      </table>
      {chosen.length > mostShown && (
        <button type="button" className={styles.more} onClick={() => setAll(!isAll)}>
          {isAll ? 'Show fewer' : `Show all ${chosen.length}`}
        </button>
      )}
    </>
  );
}
