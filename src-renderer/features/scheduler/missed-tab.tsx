import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { Link } from 'react-router';
import type { ExecutionSummary } from '../../../src-shared/model/execution';
import { api } from '../../lib/api';
import { serverNow } from '../../lib/clock';
import { useMay } from '../../lib/session';
import { plural } from '../../lib/time-text';
import { useLoaded } from '../../lib/use-loaded';
import { Card } from '../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import { CatchUpDialog } from './catch-up-dialog';
import styles from './scheduler.module.css';
import { useSchedulerPage } from './scheduler-page-store';

const dayMs = 86_400_000;
const lookedBackMs = 30 * dayMs;

/** The missed slots of one job; a row of the history may stand for many. */
export interface MissedJob {
  readonly job_id: string;
  readonly name: string;
  readonly slots: number;
  /** Epoch ms of the oldest and the newest. */
  readonly first: number;
  readonly last: number;
  readonly reason: string;
}

const numberOf = (value: unknown) => (typeof value === 'number' ? value : undefined);
const instantOf = (value: unknown) => (typeof value === 'string' ? Date.parse(value) : Number.NaN);

/** Missed rows by job, the job that missed last first. Rows are given newest first. */
export function groupMissed(rows: readonly ExecutionSummary[]): readonly MissedJob[] {
  const jobs = new Map<string, MissedJob>();
  for (const { job_id, job_name, scheduled_time, start_time, error_message, metadata } of rows) {
    const at = Date.parse(scheduled_time ?? start_time);
    const first = instantOf(metadata.first_scheduled_time);
    const last = instantOf(metadata.last_scheduled_time);
    const known = jobs.get(job_id);
    jobs.set(job_id, {
      job_id,
      name: known?.name ?? job_name,
      slots: (known?.slots ?? 0) + (numberOf(metadata.count) ?? 1),
      first: Math.min(known?.first ?? at, Number.isNaN(first) ? at : first),
      last: Math.max(known?.last ?? at, Number.isNaN(last) ? at : last),
      reason: known?.reason ?? error_message ?? '',
    });
  }
  return [...jobs.values()];
}

/** What was missed, why, and how to catch up. */
export function MissedTab() {
  const version = useSchedulerPage((state) => state.missedVersion);
  const mayRun = useMay('operator');
  const [caught, setCaught] = useState<MissedJob>();
  const { data, error, reload } = useLoaded(
    () =>
      api.executions.list({
        query: {
          status: ['missed'],
          from: new Date(serverNow() - lookedBackMs).toISOString(),
          limit: 1000,
        },
      }),
    String(version),
  );
  const jobs = data && groupMissed(data.executions);
  return (
    <Card
      title="Missed runs"
      note="of the last 30 days, by job"
      end={<Link to="/executions?status=missed">All missed runs</Link>}
    >
      {error && !jobs ? (
        <ErrorState what="The missed runs" error={error} onRetry={reload} isSmall />
      ) : !jobs ? (
        <SkeletonRows count={3} />
      ) : jobs.length === 0 ? (
        <EmptyState title="Nothing was missed" isSmall>
          Runs whose time passed while the computer slept or the program was down would stand here, with the
          reason.
        </EmptyState>
      ) : (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Job</th>
                <th scope="col">Missed</th>
                <th scope="col">Why, at the last</th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {jobs.map((job) => (
                <tr key={job.job_id}>
                  <td>
                    <Link
                      to={`/jobs/${encodeURIComponent(job.job_id)}`}
                      dir="auto"
                      className={styles.runName}
                    >
                      {job.name}
                    </Link>
                  </td>
                  <td className={styles.when}>
                    <span className={styles.missed}>◇ {plural(job.slots, 'run')}</span>
                    <span className={styles.sub}>
                      {job.first !== job.last && (
                        <>
                          <TimeText instant={job.first} absolute /> –{' '}
                        </>
                      )}
                      <TimeText instant={job.last} absolute />
                    </span>
                  </td>
                  <td dir="auto">{job.reason}</td>
                  <td className={styles.end}>
                    {mayRun && (
                      <Button size="small" aria-label={`Catch up ${job.name}`} onClick={() => setCaught(job)}>
                        Catch up…
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {caught && <CatchUpDialog job={caught} onClose={() => setCaught(undefined)} onDone={reload} />}
    </Card>
  );
}
