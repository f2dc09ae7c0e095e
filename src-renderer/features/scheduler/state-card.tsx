import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { Link } from 'react-router';
import { api } from '../../lib/api';
import { useNow } from '../../lib/clock';
import { useMay } from '../../lib/session';
import { formatAbsolute, formatDuration, plural } from '../../lib/time-text';
import { confirm } from '../../ui/confirm';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import { attempt } from '../../ui/toasts';
import { PauseDialog } from './pause-dialog';
import styles from './scheduler.module.css';
import { useSchedulerPage } from './scheduler-page-store';
import { readActor, stateLooks } from './scheduler-words';
import own from './state-card.module.css';

async function act(name: 'start' | 'stop' | 'resume'): Promise<void> {
  await attempt(
    () => api.scheduler[name]({}),
    ({ message }) => ({ kind: 'success', text: message }),
  );
  await useSchedulerPage.getState().load();
}

async function stop(scheduled: number): Promise<void> {
  const isSure = await confirm({
    title: 'Stop the scheduler?',
    text: `${plural(scheduled, 'job')} will not start by schedule until it is started again, and what comes due meanwhile may be missed for good: each job’s grace time decides. What runs goes on. To hold jobs for a while, pause instead.`,
    action: 'Stop the scheduler',
    isDangerous: true,
  });
  if (isSure) await act('stop');
}

function Controls({
  state,
  scheduled,
}: {
  readonly state: keyof typeof stateLooks;
  readonly scheduled: number;
}) {
  const mayAct = useMay('operator');
  const [isPausing, setPausing] = useState(false);
  if (!mayAct) return <p className={styles.soft}>Your role may look, and not act.</p>;
  return (
    <div className={own.controls}>
      {state === 'running' && (
        <Button appearance="primary" onClick={() => setPausing(true)}>
          Pause…
        </Button>
      )}
      {state === 'paused' && (
        <Button appearance="primary" onClick={() => void act('resume')}>
          Resume
        </Button>
      )}
      {state === 'stopped' ? (
        <Button appearance="primary" onClick={() => void act('start')}>
          Start
        </Button>
      ) : (
        <Button onClick={() => void stop(scheduled)}>Stop…</Button>
      )}
      {isPausing && <PauseDialog onClose={() => setPausing(false)} />}
    </div>
  );
}

/** The state in words: since when, by whom, why, and what comes next. */
export function StateCard() {
  const { status, windows } = useSchedulerPage();
  const now = useNow(1000);
  if (!status) {
    return (
      <section className={styles.state} aria-busy="true" aria-label="State">
        <Skeleton width={160} height={28} />
        <Skeleton width={280} />
      </section>
    );
  }
  const { who, why } = readActor(status.changed_by);
  const look = stateLooks[status.state];
  const since = status.since === null ? undefined : Date.parse(status.since);
  const open = windows?.filter((window) => window.open) ?? [];
  return (
    <section className={styles.state} aria-label="State">
      <div className={own.stateHead}>
        <div className={own.stateWords}>
          <h2 className={own.word} data-tone={look.tone}>
            <span aria-hidden="true">{look.glyph}</span> {look.word}
          </h2>
          <p>
            {since !== undefined && (
              <>
                since <TimeText instant={since} absolute /> (
                {formatDuration(Math.max(0, (now - since) / 1000))})
              </>
            )}
            {who === 'start-up'
              ? ', from the start of the program'
              : who && (
                  <>
                    , by <b dir="auto">{who}</b>
                  </>
                )}
            {why && (
              <>
                : <q dir="auto">{why}</q>
              </>
            )}
          </p>
          <p className={styles.soft}>
            {status.state === 'running' && status.next_run_time && status.next_job_id ? (
              <>
                Next:{' '}
                <Link to={`/jobs/${encodeURIComponent(status.next_job_id)}`} dir="auto">
                  {status.next_job_name ?? status.next_job_id}
                </Link>{' '}
                <TimeText instant={status.next_run_time} />
              </>
            ) : status.state === 'running' ? (
              'No job is planned'
            ) : (
              'No job starts by its schedule'
            )}
            {' · '}
            {plural(status.scheduled_jobs, 'job')} scheduled, {status.enabled_jobs} of {status.total_jobs}{' '}
            enabled
            {' · '}schedules in {status.timezone}
          </p>
        </div>
        <Controls state={status.state} scheduled={status.scheduled_jobs} />
      </div>
      {open.map((window) => (
        <Notice key={window.window_id} tone="warning">
          <b dir="auto">{window.reason}</b>: {window.tag ? `jobs tagged “${window.tag}”` : 'all jobs'} are
          held until {window.to ? formatAbsolute(Date.parse(window.to), now) : 'further notice'} by a
          maintenance window. <Link to="?tab=maintenance">Maintenance windows</Link>
        </Notice>
      ))}
    </section>
  );
}
