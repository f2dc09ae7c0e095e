import { Button } from '@fluentui/react-components';
import { StopRegular } from '@fluentui/react-icons/svg/stop';
import { Link } from 'react-router';
import type { Dashboard } from '../../../src-shared/contract/statistics';
import { api } from '../../lib/api';
import { useNow } from '../../lib/clock';
import { useMay } from '../../lib/session';
import { formatDuration, formatRoughDuration } from '../../lib/time-text';
import { confirm } from '../../ui/confirm';
import { Card } from '../../ui/page';
import { EmptyState, SkeletonRows } from '../../ui/states';
import { attempt } from '../../ui/toasts';
import styles from './dashboard.module.css';

type Run = Dashboard['running'][number];

/** What runs now, and how far it is compared with what it usually takes. */
export function RunningCard({
  running,
  queue,
}: {
  readonly running: Dashboard['running'] | undefined;
  readonly queue: Dashboard['queue'] | undefined;
}) {
  const more = queue && running ? queue.running + queue.pending - running.length : 0;
  return (
    <Card
      title="Running now"
      end={
        running && running.length > 0 ? (
          <Link to="/executions?status=running,pending">{more > 0 ? `and ${more} more` : 'All running'}</Link>
        ) : undefined
      }
    >
      {!running ? (
        <SkeletonRows count={2} rowHeight={54} />
      ) : running.length === 0 ? (
        <EmptyState title="Nothing runs at the moment" isSmall />
      ) : (
        <ul className={styles.list}>
          {running.slice(0, 5).map((run) => (
            <RunningRow key={run.execution_id} run={run} />
          ))}
        </ul>
      )}
    </Card>
  );
}

/** "41 s of about 64 s", "9 min, usually 5": in words, and how much of the bar is full. */
export function progressOf(
  run: Pick<Run, 'status' | 'attempt' | 'usual_seconds' | 'p95_seconds'>,
  elapsed: number,
) {
  if (run.status === 'pending')
    return {
      text: run.attempt > 1 ? 'waits to be tried again' : 'waits for its turn',
      share: 0,
      isLate: false,
    };
  const usual = run.usual_seconds;
  if (usual === null)
    return { text: `${formatRoughDuration(elapsed)}, first run`, share: undefined, isLate: false };
  const isLate = elapsed > Math.max(run.p95_seconds ?? 0, usual * 1.25, usual + 1);
  const text = isLate
    ? `${formatRoughDuration(elapsed)}, usually ${formatRoughDuration(usual)}`
    : `${formatRoughDuration(elapsed)} of about ${formatRoughDuration(usual)}`;
  return { text, share: Math.min(1, elapsed / Math.max(usual, 0.001)), isLate };
}

function RunningRow({ run }: { readonly run: Run }) {
  const now = useNow(1000);
  const mayStop = useMay('operator');
  const elapsed = Math.max(0, Math.floor((now - Date.parse(run.since)) / 1000));
  const { text, share, isLate } = progressOf(run, elapsed);
  const stop = async () => {
    const yes = await confirm({
      title: `Stop ${run.job_name}?`,
      text: `${run.execution_id} has run for ${formatDuration(elapsed)}. Its processes are ended, and it counts as cancelled.`,
      action: 'Stop it',
      isDangerous: true,
    });
    if (yes)
      await attempt(
        () => api.executions.cancel({ params: { execution_id: run.execution_id } }),
        ({ message }) => ({ kind: 'info', text: `${run.job_name}: ${message}` }),
      );
  };
  return (
    <li className={styles.running}>
      <span className={styles.row2}>
        <Link to={`/executions/${run.execution_id}`} className={styles.name} dir="auto">
          {run.job_name}
        </Link>
        <span className={isLate ? styles.late : styles.soft}>{text}</span>
        {mayStop && (
          <Button
            size="small"
            appearance="subtle"
            icon={<StopRegular />}
            title="Stop it…"
            aria-label={`Stop ${run.job_name}`}
            onClick={() => void stop()}
          />
        )}
      </span>
      <span
        className={styles.track}
        role="progressbar"
        aria-label={`Progress of ${run.job_name}`}
        aria-valuetext={text}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === undefined ? undefined : Math.round(share * 100)}
        data-late={isLate || undefined}
        data-unknown={share === undefined || undefined}
      >
        <span style={{ width: `${(share ?? 1) * 100}%` }} />
      </span>
    </li>
  );
}
