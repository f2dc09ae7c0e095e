import { Button, Select } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import type { Slot } from '../../../../src-shared/model/slot';
import { api } from '../../../lib/api';
import { serverNow } from '../../../lib/clock';
import { formatBothZones, formatDuration, withLocalTimes } from '../../../lib/time-text';
import { useUrlText } from '../../../lib/url-state';
import { Card } from '../../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../../ui/states';
import { StatusPill } from '../../../ui/status-pill';
import { TimeText } from '../../../ui/time-text';
import styles from './job-page.module.css';
import { useJob } from './job-store';

const days = 86_400_000;
/** Planned times shown before somebody asks for all. */
const nearest = 6;
const spans = [
  { id: '1', label: 'a day', ms: days },
  { id: '7', label: 'a week', ms: 7 * days },
  { id: '31', label: 'a month', ms: 31 * days },
] as const;

const fates = {
  ran: 'success',
  running: 'running',
  pending: 'pending',
  missed: 'missed',
  skipped: 'skipped',
  shadow: 'shadow',
} as const;

/** What a slot shows: the run's own outcome where there is one. */
function statusOf(slot: Slot): string | undefined {
  if (slot.status && slot.fate !== 'shadow') return slot.status;
  return slot.fate in fates ? fates[slot.fate as keyof typeof fates] : undefined;
}

/** Every planned time, past and future, with what became of it. */
export function SlotsTab({ job_id }: { readonly job_id: string }) {
  const [spanId, setSpan] = useUrlText('days');
  const span = spans.find(({ id }) => id === spanId) ?? spans[1];
  const [found, setFound] = useState<Awaited<ReturnType<typeof api.schedule.slots>>>();
  const [error, setError] = useState<unknown>();
  const [isAllShown, setAllShown] = useState(false);
  const runs = useJob((state) => state.runs);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a run that began or ended changes a slot's fate
  useEffect(() => {
    let isCurrent = true;
    const now = serverNow();
    const query = { from: new Date(now - span.ms).toISOString(), to: new Date(now + span.ms).toISOString() };
    api.schedule.slots({ params: { job_id }, query }).then(
      (reply) => isCurrent && setFound(reply),
      (reason) => isCurrent && setError(reason),
    );
    return () => {
      isCurrent = false;
    };
  }, [job_id, span, runs]);

  const now = found ? Date.parse(found.now) : 0;
  const ahead = found?.slots.filter((slot) => Date.parse(slot.scheduled_time) > now) ?? [];
  const past = found?.slots.filter((slot) => Date.parse(slot.scheduled_time) <= now).reverse() ?? [];

  return (
    <Card
      title="Planned and missed"
      note={found?.truncated ? 'the nearest to now; there are more' : undefined}
      end={
        <Select
          size="small"
          aria-label="How far back and ahead"
          value={span.id}
          onChange={(_, { value }) => setSpan(value === '7' ? '' : value)}
        >
          {spans.map(({ id, label }) => (
            <option key={id} value={id}>
              {label} back and ahead
            </option>
          ))}
        </Select>
      }
    >
      {error && !found ? (
        <ErrorState what="The planned times" error={error} isSmall />
      ) : !found ? (
        <SkeletonRows count={8} rowHeight={40} />
      ) : found.slots.length === 0 ? (
        <EmptyState title="Nothing was or is planned in this stretch" isSmall />
      ) : (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th>Planned</th>
                <th>What became of it</th>
                <th>Late by</th>
                <th>Why</th>
              </tr>
            </thead>
            <tbody>
              <Rows slots={ahead.slice(0, isAllShown ? undefined : nearest)} zone={found.timezone} />
              {ahead.length > nearest && !isAllShown && (
                <tr>
                  <td colSpan={4}>
                    <Button size="small" onClick={() => setAllShown(true)}>
                      Show {ahead.length - nearest} more planned times
                    </Button>
                  </td>
                </tr>
              )}
              {past.length > 0 && (
                <tr className={styles.divider}>
                  <th colSpan={4} scope="rowgroup">
                    Until now, newest first
                  </th>
                </tr>
              )}
              <Rows slots={past} zone={found.timezone} />
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function Rows({ slots, zone }: { readonly slots: readonly Slot[]; readonly zone: string }) {
  return slots.map((slot) => <SlotRow key={slot.scheduled_time} slot={slot} zone={zone} />);
}

function SlotRow({ slot, zone }: { readonly slot: Slot; readonly zone: string }) {
  const status = statusOf(slot);
  const isStretch = slot.count !== undefined && slot.count > 1;
  return (
    <tr>
      <td title={formatBothZones(Date.parse(slot.scheduled_time), zone)}>
        <TimeText instant={slot.scheduled_time} zone={zone} absolute />
        {isStretch && slot.last_scheduled_time && (
          <>
            {' to '}
            <TimeText instant={slot.last_scheduled_time} zone={zone} absolute />
            <span className={styles.soft}> ({slot.count} times)</span>
          </>
        )}
      </td>
      <td>
        {status ? (
          <StatusPill status={status} />
        ) : (
          <span className={styles.soft}>{slot.fate === 'planned' ? 'planned' : 'will not run'}</span>
        )}{' '}
        {slot.execution_id && <Link to={`/executions/${slot.execution_id}`}>{slot.execution_id}</Link>}
      </td>
      <td className={styles.number}>
        {slot.lateness_seconds !== undefined && slot.lateness_seconds >= 0.5
          ? formatDuration(slot.lateness_seconds)
          : ''}
      </td>
      <td className={styles.wrap} dir="auto">
        {withLocalTimes([slot.reason, slot.note].filter(Boolean).join(' · '), serverNow())}
      </td>
    </tr>
  );
}
