import { Button } from '@fluentui/react-components';
import { Link } from 'react-router';
import { useConnection } from '../lib/live';
import { useMay } from '../lib/session';
import { TimeText } from '../ui/time-text';
import styles from './scheduler-chip.module.css';
import { useScheduler } from './scheduler-store';

const words = { running: 'Running', paused: 'Paused', stopped: 'Stopped' } as const;

/** The scheduler's state, what runs next, and the one switch that is needed at once. */
export function SchedulerChip() {
  const { status, pause, resume, start } = useScheduler();
  const connection = useConnection((state) => state.state);
  const mayAct = useMay('operator');
  if (!status) return <span className={styles.chip} />;
  const isStale = connection === 'reconnecting' || connection === 'signed_out';
  const { state } = status;
  const [text, act] =
    state === 'running'
      ? (['Pause', pause] as const)
      : state === 'paused'
        ? (['Resume', resume] as const)
        : (['Start', start] as const);
  return (
    <>
      <span className={styles.chip} data-state={isStale ? 'unknown' : state}>
        <span className={styles.dot} aria-hidden="true" />
        <span className={styles.state}>{isStale ? 'Not connected' : words[state]}</span>
        {!isStale && state === 'running' && status.next_run_time && status.next_job_id && (
          <span className={styles.next}>
            · next{' '}
            <Link to={`/jobs/${encodeURIComponent(status.next_job_id)}`} dir="auto">
              {status.next_job_name ?? status.next_job_id}
            </Link>{' '}
            <TimeText instant={status.next_run_time} />
          </span>
        )}
      </span>
      {mayAct && !isStale && (
        <Button size="small" onClick={() => void act()}>
          {text}
        </Button>
      )}
    </>
  );
}
