import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { Link } from 'react-router';
import { serverNow, useNow } from '../../lib/clock';
import {
  formatAbsolute,
  formatClock,
  formatDay,
  formatNumber,
  formatRoughDuration,
  plural,
  withLocalTimes,
} from '../../lib/time-text';
import { useUrlText } from '../../lib/url-state';
import { useLoaded } from '../../lib/use-loaded';
import { Notice } from '../../ui/notice';
import { Card } from '../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import { loadForecast, type PlannedJob } from './forecast';
import { HourGrid } from './hour-grid';
import styles from './scheduler.module.css';
import { useSchedulerPage } from './scheduler-page-store';

const hourMs = 3_600_000;
const spans = {
  '24h': { label: '24 hours', ms: 24 * hourMs },
  '7d': { label: '7 days', ms: 168 * hourMs },
} as const;
/** The plan moves on with the time. */
const renewMs = { '24h': 60_000, '7d': 300_000 };

/** What a row says besides its numbers. */
function noteOf(job: PlannedJob): string {
  if (job.reason !== undefined) return job.reason;
  if (job.waits === 0) return job.schedule_text;
  const longest = formatRoughDuration(job.longest_wait_seconds);
  const wait = job.waits === 1 ? `1 waits ${longest}` : `${formatNumber(job.waits)} wait, up to ${longest}`;
  return `${job.schedule_text}; ${wait}`;
}

function JobRow({ job }: { readonly job: PlannedJob }) {
  const now = useNow(60_000);
  const isWithheld = job.fate !== 'planned';
  return (
    <tr data-off={isWithheld || undefined}>
      <td className={styles.when}>
        <TimeText instant={job.first_scheduled_time} absolute />
        {job.count > 1 && (
          <span className={styles.sub}>to {formatAbsolute(Date.parse(job.last_scheduled_time), now)}</span>
        )}
      </td>
      <td>
        <Link to={`/jobs/${encodeURIComponent(job.job_id)}`} dir="auto" className={styles.runName}>
          {job.name}
        </Link>
      </td>
      <td className={styles.number}>{formatNumber(job.count)}</td>
      <td className={styles.number}>
        {isWithheld ? '–' : formatRoughDuration(job.expected_duration_seconds)}
        {job.samples === 0 && !isWithheld && <span className={styles.soft}> assumed</span>}
      </td>
      <td>{noteOf(job)}</td>
    </tr>
  );
}

/** What will run: a grid of hours, where runs will meet, and the runs themselves. */
export function PlanTab() {
  const [span, setSpan] = useUrlText('span');
  const chosen = span === '7d' ? '7d' : '24h';
  const version = useSchedulerPage((state) => state.planVersion);
  const [hour, setHour] = useState<number>();
  const minute = useNow(renewMs[chosen]);
  const { data, error, reload } = useLoaded(() => {
    const from = serverNow();
    return loadForecast(from, from + spans[chosen].ms);
  }, `${chosen} ${version} ${minute}`);
  const inHour = useLoaded(
    async () =>
      hour === undefined
        ? undefined
        : { hour, plan: await loadForecast(Math.max(hour, serverNow()), hour + hourMs - 1) },
    `${hour} ${version} ${minute}`,
  );
  const shown = hour === undefined ? data : inHour.data?.hour === hour ? inHour.data.plan : undefined;
  return (
    <Card
      title="What will run"
      note={
        data &&
        [
          plural(data.planned, 'run'),
          data.withheld > 0 && `${formatNumber(data.withheld)} will not run`,
          data.waiting > 0 && `${formatNumber(data.waiting)} will wait`,
        ]
          .filter(Boolean)
          .join(', ')
      }
      end={
        <fieldset className={styles.segments}>
          <legend className="visually-hidden">Stretch of time</legend>
          {(Object.keys(spans) as (keyof typeof spans)[]).map((key) => (
            <Button
              key={key}
              size="small"
              appearance={key === chosen ? 'primary' : 'secondary'}
              aria-pressed={key === chosen}
              onClick={() => {
                setHour(undefined);
                setSpan(key === '24h' ? '' : key);
              }}
            >
              {spans[key].label}
            </Button>
          ))}
        </fieldset>
      }
    >
      {error && !data ? (
        <ErrorState what="The forecast" error={error} onRetry={reload} isSmall />
      ) : !data ? (
        <SkeletonRows count={6} rowHeight={36} />
      ) : data.job_total === 0 && !data.standstill ? (
        <EmptyState title="Nothing is planned" isSmall>
          No enabled job has a run in this stretch of time.
        </EmptyState>
      ) : (
        <>
          {data.standstill && (
            <div className={styles.pad}>
              <Notice tone="warning">{data.standstill}</Notice>
            </div>
          )}
          <HourGrid forecast={data} chosen={hour} onChoose={setHour} />
          {data.collisions.length > 0 && (
            <ul className={styles.collisions} aria-label="Where runs will meet">
              {data.collisions.slice(0, 5).map((collision) => (
                <li key={`${collision.kind} ${collision.from}`}>
                  <span aria-hidden="true">!</span> {withLocalTimes(collision.text, minute)}
                </li>
              ))}
              {data.collision_total > 5 && <li>and {formatNumber(data.collision_total - 5)} more</li>}
            </ul>
          )}
          {Date.parse(data.worked_out_until) < Date.parse(data.to) && (
            <p className={styles.foot}>
              So much is planned that waits and meetings are worked out until{' '}
              {formatAbsolute(Date.parse(data.worked_out_until), minute)}; behind it runs are counted only.
            </p>
          )}
          <div className={styles.scroll}>
            <table className={styles.table}>
              <caption className={styles.caption}>
                {hour === undefined ? (
                  'By job, the next first'
                ) : (
                  <>
                    {formatDay(hour, serverNow())} {formatClock(hour)}–{formatClock(hour + hourMs)}{' '}
                    <Button size="small" appearance="subtle" onClick={() => setHour(undefined)}>
                      Show all
                    </Button>
                  </>
                )}
              </caption>
              <thead>
                <tr>
                  <th scope="col">When</th>
                  <th scope="col">Job</th>
                  <th scope="col" className={styles.number}>
                    Runs
                  </th>
                  <th scope="col" className={styles.number}>
                    Usually
                  </th>
                  <th scope="col">Note</th>
                </tr>
              </thead>
              <tbody>
                {shown?.jobs.map((job) => (
                  <JobRow key={`${job.job_id} ${job.fate} ${job.reason}`} job={job} />
                ))}
              </tbody>
            </table>
            {!shown &&
              (inHour.error ? (
                <ErrorState what="This hour" error={inHour.error} onRetry={inHour.reload} isSmall />
              ) : (
                <SkeletonRows count={3} rowHeight={36} />
              ))}
          </div>
          {shown && shown.job_total > shown.jobs.length && (
            <p className={styles.foot}>
              and {plural(shown.job_total - shown.jobs.length, 'more job')}
              {hour === undefined && '; choose an hour above to see its own'}
            </p>
          )}
        </>
      )}
    </Card>
  );
}
