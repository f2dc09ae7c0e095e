import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { ExecutionSummary } from '../../../../src-shared/model/execution';
import type { JobDetail } from '../../../../src-shared/model/job';
import { useNow } from '../../../lib/clock';
import { formatDuration, formatRoughDuration, plural } from '../../../lib/time-text';
import { Card } from '../../../ui/page';
import { EmptyState, Skeleton } from '../../../ui/states';
import { lookOf } from '../../../ui/status';
import { TimeText } from '../../../ui/time-text';
import { DurationChart } from './duration-chart';
import styles from './job-page.module.css';
import { useJob } from './job-store';
import { NotificationsCard } from './notifications-card';
import { ScheduleCard } from './schedule-card';
import { WhyCard } from './why-card';

/** The answer first: outcome, next run, trend; then the schedule, the durations, and what the job is set to. */
export function OverviewTab({ job }: { readonly job: JobDetail }) {
  const { runs, figures } = useJob();
  return (
    <div className={styles.columns}>
      <div className={styles.column}>
        <Doing job={job} />
        <Card
          title="Durations"
          note={runs && runs.length > 0 ? `last ${plural(runs.length, 'run')}` : undefined}
          end={
            figures?.usual_seconds != null
              ? `median ${formatRoughDuration(figures.usual_seconds)}, 95th percentile ${formatRoughDuration(figures.p95_seconds)}`
              : undefined
          }
        >
          <div className={styles.body}>
            {!runs ? (
              <Skeleton height={150} />
            ) : runs.length === 0 ? (
              <EmptyState title="It has not run yet" isSmall>
                Each run is a bar here: its height how long it took, its colour what came of it.
              </EmptyState>
            ) : (
              <DurationChart runs={runs} usualSeconds={figures?.usual_seconds ?? null} />
            )}
          </div>
        </Card>
        <WhyCard job={job} />
      </div>
      <div className={styles.column}>
        <ScheduleCard job={job} />
        <NotificationsCard job={job} />
        <Settings job={job} />
      </div>
    </div>
  );
}

/** How it is doing, in three sentences. */
function Doing({ job }: { readonly job: JobDetail }) {
  const { runs, figures } = useJob();
  const last = runs?.[0];
  const tone = last ? lookOf(last.status).tone : 'idle';
  return (
    <section className={styles.doing} data-tone={tone} aria-label="How it is doing">
      {!runs ? (
        <Skeleton height={40} />
      ) : (
        <>
          <p className={styles.answer}>
            {last && (last.status === 'running' || last.status === 'pending') ? (
              <Underway run={last} usualSeconds={figures?.usual_seconds ?? null} />
            ) : last ? (
              <>
                <Link to={`/executions/${last.execution_id}`}>{lookOf(last.status).word}</Link>{' '}
                <TimeText instant={last.start_time} />
                {last.duration_seconds !== null &&
                  last.status !== 'missed' &&
                  last.status !== 'skipped' &&
                  `, took ${formatDuration(last.duration_seconds)}`}
                {figures?.usual_seconds != null && `, usually ${formatRoughDuration(figures.usual_seconds)}`}
              </>
            ) : (
              'It has not run yet'
            )}
          </p>
          {last?.error_message && (
            <pre className={styles.error} dir="auto">
              {last.error_message.split('\n').slice(0, 4).join('\n')}
            </pre>
          )}
          <p className={styles.soft}>
            <Next job={job} />
            {figures?.success_rate != null &&
              ` · ${(figures.success_rate * 100).toFixed(figures.success_rate === 1 ? 0 : 1)} % of its last runs succeeded`}
          </p>
        </>
      )}
    </section>
  );
}

/** "Running for 24 s, usually 5 min". */
function Underway({
  run,
  usualSeconds,
}: {
  readonly run: ExecutionSummary;
  readonly usualSeconds: number | null;
}) {
  const now = useNow(1000);
  const seconds = Math.max(0, Math.floor((now - Date.parse(run.start_time)) / 1000));
  return (
    <>
      <Link to={`/executions/${run.execution_id}`}>{lookOf(run.status).word}</Link> for{' '}
      {formatRoughDuration(seconds)}
      {usualSeconds !== null && `, usually ${formatRoughDuration(usualSeconds)}`}
    </>
  );
}

function Next({ job }: { readonly job: JobDetail }) {
  if (job.disabled_reason !== undefined) return <>It will not run on this machine: {job.disabled_reason}</>;
  if (!job.enabled) return <>Disabled: it runs only by hand</>;
  if (job.next_run_time)
    return (
      <>
        Next run <TimeText instant={job.next_run_time} zone={job.effective.timezone} />
      </>
    );
  return (
    <>{job.schedule ? 'No further run is planned' : 'No schedule: it runs by hand or through the API'}</>
  );
}

const overlapWords = {
  skip: 'the new one is skipped',
  queue: 'the new one waits',
  replace: 'the running one is ended',
} as const;

/** What the settings come to, defaults included. */
function Settings({ job }: { readonly job: JobDetail }) {
  const { effective } = job;
  const rows: readonly (readonly [string, ReactNode])[] = [
    ['Timeout', effective.timeout === 0 ? 'none' : formatDuration(effective.timeout)],
    [
      'Retries',
      effective.max_retries === 0
        ? 'none'
        : `${effective.max_retries}, ${formatDuration(effective.retry_delay)} apart`,
    ],
    [
      'If it still runs',
      effective.max_instances > 1
        ? `up to ${effective.max_instances} at once, then ${overlapWords[effective.overlap]}`
        : overlapWords[effective.overlap],
    ],
    [
      'If it is late',
      effective.misfire_grace_time === null
        ? 'runs however late'
        : `runs up to ${formatDuration(effective.misfire_grace_time)} late`,
    ],
    ['Missed runs', effective.coalesce ? 'caught up as one' : 'caught up one by one'],
    ...(effective.not_after ? ([['Not after', effective.not_after]] as const) : []),
    ...(Array.isArray(job.runs_on) ? ([['Runs on', job.runs_on.join(', ')]] as const) : []),
    ...(effective.exclude.length > 0 ? ([['Not on', effective.exclude.join(', ')]] as const) : []),
    ['Created', <TimeText key="created" instant={job.created_date} absolute />],
    ['Changed', <TimeText key="changed" instant={job.modified_date} absolute />],
    ['Created by', job.created_by],
    ...(job.source
      ? ([['File', `${job.source}${job.edited_in_app ? ', edited here since' : ''}`]] as const)
      : []),
  ];
  return (
    <Card title="Settings" note="defaults included">
      <dl className={styles.settings}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd dir="auto">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
