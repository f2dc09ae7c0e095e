import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { Link } from 'react-router';
import { api } from '../lib/api';
import { useNow } from '../lib/clock';
import { useLive } from '../lib/live';
import { useMay } from '../lib/session';
import { formatAbsolute, formatClock, formatDay, plural } from '../lib/time-text';
import { useLoaded } from '../lib/use-loaded';
import { confirm } from '../ui/confirm';
import { attempt } from '../ui/toasts';
import styles from './gap-banner.module.css';

type Gap = NonNullable<Awaited<ReturnType<typeof api.schedule.gap>>['gap']>;

const mostNamed = 3;
const askBefore = 20;
/** The rows of what was missed are written a moment after the program is there again. */
const settleMs = 3000;

/** `02:10 to 06:40`, with the days when it was not within one. */
function stretch({ from, to }: Gap, now: number): string {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  if (formatDay(start, now) !== formatDay(end, now))
    return `${formatAbsolute(start, now)} to ${formatAbsolute(end, now)}`;
  const day = formatDay(start, now);
  return `${day === formatDay(now, now) ? '' : `${day} `}${formatClock(start)} to ${formatClock(end)}`;
}

function jobsText({ jobs }: Gap): string {
  const named = jobs.slice(0, mostNamed).map(({ name }) => name);
  const more = jobs.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Asks what is to become of the runs that were missed while nobody was there. Nothing while none were. */
export function GapBanner() {
  const { data, reload } = useLoaded(() => api.schedule.gap({}));
  const [isBusy, setBusy] = useState(false);
  const mayRun = useMay('operator');
  const now = useNow(60_000);
  useLive({
    load: reload,
    apply({ type }) {
      if (type !== 'scheduler.state' && type !== 'clock.gap') return;
      reload();
      setTimeout(reload, settleMs);
    },
  });
  const gap = data?.gap;
  if (!gap) return null;

  const answer = async (action: 'latest' | 'all' | 'leave') => {
    if (action === 'all' && gap.slots > askBefore) {
      const isSure = await confirm({
        title: `Run all ${gap.slots} missed runs?`,
        text: 'Those of one job run one after the other, those of different jobs side by side.',
        action: 'Run all',
      });
      if (!isSure) return;
    }
    setBusy(true);
    await attempt(
      () => api.schedule.answerGap({ body: { to: gap.to, action } }),
      ({ message }) => ({ kind: action === 'leave' ? 'info' : 'success', text: message }),
    );
    setBusy(false);
    reload();
  };

  const what =
    gap.times === 1
      ? `The scheduler was down ${stretch(gap, now)}`
      : `The scheduler was down ${gap.times} times, ${stretch(gap, now)}`;
  return (
    <section className={styles.banner} aria-label="Missed runs">
      <div className={styles.words}>
        <b title={gap.text}>
          {what}, {plural(gap.slots, 'slot')} missed.
        </b>{' '}
        <span className={styles.jobs} dir="auto">
          <Link to="/scheduler?tab=missed">{jobsText(gap)}</Link>
        </span>
      </div>
      {mayRun && (
        <div className={styles.actions}>
          <Button size="small" disabled={isBusy} onClick={() => void answer('latest')}>
            Run the latest{gap.jobs.length > 1 ? ' of each' : ''}
          </Button>
          <Button size="small" disabled={isBusy} onClick={() => void answer('all')}>
            Run all {gap.slots}
          </Button>
          <Button size="small" disabled={isBusy} onClick={() => void answer('leave')}>
            Leave
          </Button>
        </div>
      )}
    </section>
  );
}
