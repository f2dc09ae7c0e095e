import { Button } from '@fluentui/react-components';
import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import { serverNow, useNow } from '../../lib/clock';
import {
  formatAbsolute,
  formatClock,
  formatDay,
  formatNumber,
  formatRoughDuration,
  plural,
} from '../../lib/time-text';
import { useUrlText } from '../../lib/url-state';
import { useLoaded } from '../../lib/use-loaded';
import { Notice } from '../../ui/notice';
import { Card } from '../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import { groupRuns, loadForecast, type Row, startOf } from './forecast';
import { HourGrid } from './hour-grid';
import styles from './scheduler.module.css';
import { useSchedulerPage } from './scheduler-page-store';

const hourMs = 3_600_000;
const spans = {
  '24h': { label: '24 hours', ms: 24 * hourMs },
  '7d': { label: '7 days', ms: 168 * hourMs },
} as const;
const mostRows = 200;

function Run({ run, count, last }: Row) {
  const now = useNow(60_000);
  const isWithheld = run.fate !== 'planned';
  return (
    <tr data-off={isWithheld || undefined}>
      <td className={styles.when}>
        <TimeText instant={run.scheduled_time} absolute />
        {count > 1 && <span className={styles.sub}>to {formatAbsolute(last, now)}</span>}
      </td>
      <td>
        <Link to={`/jobs/${encodeURIComponent(run.job_id)}`} dir="auto" className={styles.runName}>
          {run.name}
        </Link>
      </td>
      <td className={styles.number}>{formatNumber(count)}</td>
      <td className={styles.number}>
        {isWithheld ? '–' : formatRoughDuration(run.expected_duration_seconds)}
        {run.samples === 0 && !isWithheld && <span className={styles.soft}> assumed</span>}
      </td>
      <td>
        {run.reason ??
          (run.waits_seconds ? `waits about ${formatRoughDuration(run.waits_seconds)} for a free place` : '')}
      </td>
    </tr>
  );
}

/** What will run: a grid of hours, where runs will meet, and the runs themselves. */
export function PlanTab() {
  const [span, setSpan] = useUrlText('span');
  const chosen = span === '7d' ? '7d' : '24h';
  const version = useSchedulerPage((state) => state.planVersion);
  const [hour, setHour] = useState<number>();
  const { data, error, reload } = useLoaded(() => {
    const from = serverNow();
    return loadForecast(from, from + spans[chosen].ms);
  }, `${chosen} ${version}`);
  const now = useNow(10_000);
  const rows = useMemo(
    () =>
      groupRuns(
        (data?.runs ?? []).filter((run) =>
          hour === undefined ? startOf(run) >= now : startOf(run) >= hour && startOf(run) < hour + hourMs,
        ),
      ),
    [data, hour, now],
  );
  return (
    <Card
      title="What will run"
      note={
        data &&
        (data.truncated
          ? `first ${data.runs.length} of ${plural(data.total, 'run')}`
          : plural(data.total, 'run'))
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
      ) : data.runs.length === 0 && !data.standstill ? (
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
                  <span aria-hidden="true">!</span> {collision.text}
                </li>
              ))}
              {data.collisions.length > 5 && <li>and {data.collisions.length - 5} more</li>}
            </ul>
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
                {rows.slice(0, mostRows).map((row) => (
                  <Run key={`${row.run.job_id} ${row.run.fate} ${row.run.reason}`} {...row} />
                ))}
              </tbody>
            </table>
          </div>
          {rows.length > mostRows && (
            <p className={styles.foot}>
              and {plural(rows.length - mostRows, 'more job')}; choose an hour above to see its own
            </p>
          )}
        </>
      )}
    </Card>
  );
}
