import { Button } from '@fluentui/react-components';
import { useNavigate } from 'react-router';
import { desktopApi, useDesktop } from '../lib/desktop-store';
import { useLive } from '../lib/live';
import { attempt } from '../ui/toasts';
import styles from './connection-banner.module.css';

/** Says that the program has put itself on hold. Nothing in a browser, and nothing while all is well. */
export function SafeModeBanner() {
  const { status, load, note } = useDesktop();
  const navigate = useNavigate();
  useLive({
    load: () => void load(),
    apply({ type }) {
      if (type === 'scheduler.state') void load();
    },
  });
  if (!desktopApi || !status?.safe_mode) return null;
  const leave = async () => {
    const now = await attempt(
      () => desktopApi?.leaveSafeMode({ body: {} }) ?? Promise.reject(new Error('no desktop')),
      () => ({ kind: 'success', text: 'Schedules go on' }),
    );
    if (now) note(now);
  };
  return (
    <div className={styles.banner} data-kind="bad" role="alert">
      <span>
        <b>Safe mode: nothing is scheduled.</b> {status.safe_mode}
      </span>
      <Button size="small" onClick={() => void navigate('/logs')}>
        Look at the log
      </Button>
      <Button size="small" appearance="primary" onClick={() => void leave()}>
        Schedule again
      </Button>
    </div>
  );
}
