import { Switch } from '@fluentui/react-components';
import type { JobSummary } from '../../../src-shared/model/job';
import { useMay } from '../../lib/session';
import { formatBothZones, formatDuration } from '../../lib/time-text';
import { SparkBars } from '../../ui/spark-bars';
import { StatusPill } from '../../ui/status-pill';
import { TimeText } from '../../ui/time-text';
import type { Column } from '../../ui/virtual-table';
import { useFigures } from './figures-store';
import { actOnJobs } from './job-actions';
import { shownStatus } from './job-filter';
import styles from './jobs-page.module.css';
import { RowMenu } from './row-menu';

/** The zone a schedule names, when it is one. */
function zoneOf(schedule: unknown): string | undefined {
  const one = (Array.isArray(schedule) ? schedule[0] : schedule) as
    | { timezone?: string; cron_params?: { timezone?: string } }
    | null
    | undefined;
  return one?.timezone ?? one?.cron_params?.timezone;
}

function NextRun({ job }: { readonly job: JobSummary }) {
  if (!job.enabled) return <span className={styles.soft}>disabled</span>;
  if (job.disabled_reason !== undefined && !job.shadow)
    return (
      <span className={styles.soft} title={job.disabled_reason}>
        not on this machine
      </span>
    );
  if (job.next_run_time === null)
    return <span className={styles.soft}>{job.schedule ? 'not planned' : 'by hand'}</span>;
  const next = <TimeText instant={job.next_run_time} zone={zoneOf(job.schedule)} />;
  return job.shadow ? (
    <span className={styles.soft} title="Its planned runs are recorded, and nothing is started">
      ◌ in shadow, {next}
    </span>
  ) : (
    next
  );
}

function LastRuns({ job_id }: { readonly job_id: string }) {
  const figures = useFigures(({ byJob }) => byJob.get(job_id));
  if (!figures) return null;
  return (
    <SparkBars
      bars={figures.recent.map(({ status, duration_seconds, start_time }) => ({
        status,
        duration_seconds,
        note: formatBothZones(Date.parse(start_time)),
      }))}
    />
  );
}

function OnOff({ job, isActive }: { readonly job: JobSummary; readonly isActive: boolean }) {
  const may = useMay('operator');
  return (
    <Switch
      className={styles.switch}
      checked={job.enabled}
      disabled={!may}
      tabIndex={isActive ? 0 : -1}
      aria-label={`${job.name} is on`}
      onChange={() => void actOnJobs(job.enabled ? 'disable' : 'enable', [job])}
    />
  );
}

/** Each is left out before the columns would be wider than the table: at any width the row's menu is in sight. */
export const jobColumns: readonly Column<JobSummary>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(160px, 1.25fr)',
    isSortable: true,
    cell: (job) => (
      <span className={styles.name}>
        <b title={job.name} dir="auto">
          {job.name}
        </b>
        <code>{job.job_id}</code>
      </span>
    ),
  },
  {
    id: 'status',
    header: 'Last run',
    width: '112px',
    isSortable: true,
    cell: (job) => (
      <StatusPill
        status={shownStatus(job)}
        title={job.last_execution ? formatBothZones(Date.parse(job.last_execution.start_time)) : undefined}
      />
    ),
  },
  {
    id: 'type',
    header: 'Type',
    width: '98px',
    hideBelow: 1100,
    isSortable: true,
    cell: (job) => <span className={styles.type}>{job.job_type}</span>,
  },
  {
    id: 'schedule',
    header: 'Schedule',
    width: 'minmax(130px, 1.5fr)',
    hideBelow: 708,
    isSortable: true,
    cell: (job) => (
      <span className={job.schedule ? undefined : styles.soft} title={job.schedule_text}>
        {job.schedule_text}
      </span>
    ),
  },
  { id: 'next', header: 'Next run', width: '146px', isSortable: true, cell: (job) => <NextRun job={job} /> },
  {
    id: 'runs',
    header: 'Last 14',
    width: '108px',
    hideBelow: 914,
    cell: (job) => <LastRuns job_id={job.job_id} />,
  },
  {
    id: 'duration',
    header: 'Duration',
    width: '98px',
    align: 'end',
    hideBelow: 806,
    isSortable: true,
    cell: (job) => formatDuration(job.last_execution?.duration_seconds),
  },
  { id: 'on', header: 'On', width: '60px', cell: (job, isActive) => <OnOff job={job} isActive={isActive} /> },
  {
    id: 'more',
    header: '',
    width: '44px',
    cell: (job, isActive) => <RowMenu job={job} isActive={isActive} />,
  },
];
