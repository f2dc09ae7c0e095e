import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Dashboard } from '../../../src-shared/contract/statistics';
import { serverNow } from '../../lib/clock';
import { formatNumber, plural, withLocalTimes } from '../../lib/time-text';
import { Skeleton } from '../../ui/states';
import styles from './tiles.module.css';

function percent(rate: number | null): string {
  if (rate === null) return '–';
  return `${rate === 1 ? '100' : (rate * 100).toFixed(1)} %`;
}

/** How the day compares with the week, in words. */
function trend({ success_rate, week_success_rate }: Dashboard['day']): string {
  if (success_rate === null) return 'nothing has ended yet';
  if (week_success_rate === null) return '';
  const difference = (success_rate - week_success_rate) * 100;
  if (Math.abs(difference) < 0.05) return 'as in the week';
  return `${difference > 0 ? '▲' : '▼'} ${Math.abs(difference).toFixed(1)} on the week`;
}

function Tile({
  label,
  to,
  value,
  note,
  tone,
  aside,
}: {
  readonly label: string;
  readonly to: string;
  readonly value: string | undefined;
  readonly note: string | undefined;
  readonly tone?: 'failed' | 'missed';
  readonly aside?: ReactNode;
}) {
  return (
    <Link to={to} className={styles.tile}>
      <span className={styles.label}>{label}</span>
      <span className={styles.line}>
        <span className={styles.value} data-tone={tone}>
          {value ?? <Skeleton width={64} height={28} />}
        </span>
        {aside}
      </span>
      <span className={styles.note} title={note}>
        {note ?? <Skeleton width={120} height={12} />}
      </span>
    </Link>
  );
}

/** Five numbers that say how things are, each with its reason, each leading to what is behind it. */
export function Tiles({ data }: { readonly data: Dashboard | undefined }) {
  const jobs = data?.jobs;
  const queue = data?.queue;
  const day = data?.day;
  const failedNote =
    day &&
    (day.failed === 0
      ? recovered(day.recovered) || 'none'
      : [plural(day.failed_jobs, 'job'), recovered(day.recovered)].filter(Boolean).join(', '));
  return (
    <nav className={styles.tiles} aria-label="How things are">
      <Tile
        label="Active jobs"
        to="/jobs"
        value={jobs && formatNumber(jobs.enabled)}
        note={jobs && `${formatNumber(jobs.disabled)} disabled`}
      />
      <Tile
        label="Running now"
        to="/executions?status=running,pending"
        value={queue && formatNumber(queue.running)}
        note={queue && queueNote(queue)}
      />
      <Tile
        label="Success, 24 h"
        to="/executions?status=success"
        value={day && percent(day.success_rate)}
        note={day && trend(day)}
        aside={data && <HourBars hours={data.hours} now={Date.parse(data.generated_at)} />}
      />
      <Tile
        label="Failed, 24 h"
        to="/executions?status=failed,timeout,interrupted"
        value={day && formatNumber(day.failed)}
        note={failedNote}
        tone={day && day.failed > 0 ? 'failed' : undefined}
      />
      <Tile
        label="Missed, 24 h"
        to="/executions?status=missed"
        value={day && formatNumber(day.missed)}
        note={day && (day.missed === 0 ? 'none' : withLocalTimes(day.missed_reason ?? '', serverNow()))}
        tone={day && day.missed > 0 ? 'missed' : undefined}
      />
    </nav>
  );
}

function queueNote({ pending, waiting_retries, free_slots, thread_pool_size }: Dashboard['queue']): string {
  const waiting = pending - waiting_retries;
  if (free_slots === 0 && waiting > 0) return `${plural(waiting, 'run')} waiting for a slot`;
  const retries = waiting_retries > 0 ? `, ${formatNumber(waiting_retries)} to retry` : '';
  return `${free_slots} of ${thread_pool_size} slots free${retries}`;
}

function recovered(count: number): string {
  return count === 0 ? '' : `${formatNumber(count)} recovered by retry`;
}

const shownHours = 14;
const bars = { width: 94, height: 22 };

/** The last hours: height how much ran, red where something failed. */
function HourBars({ hours, now }: { readonly hours: Dashboard['hours']; readonly now: number }) {
  const hour = 3_600_000;
  const first = Math.floor(now / hour) - shownHours + 1;
  const counts = Array.from({ length: shownHours }, () => ({ good: 0, bad: 0 }));
  for (const { hour: start, by_status } of hours) {
    const at = counts[Math.floor(Date.parse(start) / hour) - first];
    if (!at) continue;
    at.good = by_status.success ?? 0;
    at.bad = (by_status.failed ?? 0) + (by_status.timeout ?? 0) + (by_status.interrupted ?? 0);
  }
  const most = Math.max(1, ...counts.map(({ good, bad }) => good + bad));
  const step = bars.width / shownHours;
  const heightOf = (count: number) => (count === 0 ? 0 : Math.max(2, (bars.height * count) / most));
  return (
    <svg className={styles.bars} width={bars.width} height={bars.height} aria-hidden="true">
      {counts.map(({ good, bad }, index) => {
        const badHeight = heightOf(bad);
        const goodHeight = Math.min(heightOf(good), bars.height - badHeight);
        const place = { x: index * step, width: step - 1.6, rx: 1 };
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
          <g key={index}>
            <rect
              {...place}
              y={bars.height - goodHeight}
              height={goodHeight}
              fill="var(--status-success-bar)"
            />
            <rect
              {...place}
              y={bars.height - goodHeight - badHeight}
              height={badHeight}
              fill="var(--status-failed-bar)"
            />
          </g>
        );
      })}
    </svg>
  );
}
