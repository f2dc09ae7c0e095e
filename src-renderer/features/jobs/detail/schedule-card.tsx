import { useEffect, useState } from 'react';
import type { JobDetail } from '../../../../src-shared/model/job';
import type { Slot } from '../../../../src-shared/model/slot';
import { api } from '../../../lib/api';
import { serverNow, useNow } from '../../../lib/clock';
import { slotText } from '../../../lib/slot-text';
import { formatBothZones, withLocalTimes } from '../../../lib/time-text';
import { Card } from '../../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../../ui/states';
import styles from './job-page.module.css';
import own from './schedule-card.module.css';

const shownSlots = 8;
const yearMs = 366 * 86_400_000;

/** The schedule in words, and when it comes to: in its own zone, and in the viewer's where that is another. */
export function ScheduleCard({ job }: { readonly job: JobDetail }) {
  const [slots, setSlots] = useState<readonly Slot[]>();
  const [zone, setZone] = useState(job.effective.timezone);
  const [error, setError] = useState<unknown>();
  const now = useNow(60_000);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the next run moving means that the slots have
  useEffect(() => {
    let isCurrent = true;
    const from = serverNow();
    const query = {
      from: new Date(from).toISOString(),
      to: new Date(from + yearMs).toISOString(),
      limit: shownSlots,
    };
    api.schedule.slots({ params: { job_id: job.job_id }, query }).then(
      (reply) => {
        if (!isCurrent) return;
        setSlots(reply.slots);
        setZone(reply.timezone);
        setError(undefined);
      },
      (reason) => isCurrent && setError(reason),
    );
    return () => {
      isCurrent = false;
    };
  }, [job.job_id, job.next_run_time, job.enabled, job.modified_date]);

  return (
    <Card title="Schedule">
      <p className={own.schedule}>
        <b>{job.schedule_text}</b>
        {job.schedule && !job.schedule_text.includes(zone) ? (
          <span className={styles.soft}>{zone}</span>
        ) : null}
      </p>
      {error && !slots ? (
        <ErrorState what="The next runs" error={error} isSmall />
      ) : !slots ? (
        <SkeletonRows count={4} rowHeight={36} />
      ) : slots.length === 0 ? (
        <EmptyState title={job.schedule ? 'No further run is planned' : 'It has no schedule'} isSmall>
          {job.schedule ? '' : 'It runs by hand, through the API, or after another job.'}
        </EmptyState>
      ) : (
        <ul className={own.slots}>
          {slots.map((slot) => (
            <NextSlot key={slot.scheduled_time} slot={slot} zone={zone} now={now} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function NextSlot({ slot, zone, now }: { readonly slot: Slot; readonly zone: string; readonly now: number }) {
  const at = Date.parse(slot.scheduled_time);
  const willRun = slot.fate === 'planned' || slot.fate === 'pending' || slot.fate === 'running';
  const { day, clock, here } = slotText(at, zone, now);
  const words = [
    willRun ? here : '',
    slot.count && slot.count > 1 ? `${slot.count} planned times` : '',
    slot.note ?? '',
    willRun ? '' : withLocalTimes(slot.reason ?? 'will not run', now),
  ].filter(Boolean);
  return (
    <li title={formatBothZones(at, zone)} data-off={!willRun || undefined}>
      <span>{day}</span>
      <b>{willRun ? clock : `${clock} –`}</b>
      <span className={styles.soft}>{words.join(' · ')}</span>
    </li>
  );
}
