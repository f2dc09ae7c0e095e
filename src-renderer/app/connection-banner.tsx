import { Button } from '@fluentui/react-components';
import { retryLive, useConnection } from '../lib/live';
import styles from './connection-banner.module.css';

/** Says when what is shown may be old, or the program is unwell. Nothing while all is well. */
export function ConnectionBanner() {
  const { state, reason } = useConnection();
  if (state === 'reconnecting') {
    return (
      <div className={styles.banner} data-kind="warn" role="status">
        <span>
          <b>Reconnecting.</b> The program does not answer; what you see may be old. Jobs go on as long as it
          runs.
        </span>
        <Button size="small" onClick={retryLive}>
          Try now
        </Button>
      </div>
    );
  }
  if (state === 'degraded') {
    return (
      <div className={styles.banner} data-kind="bad" role="status">
        <span>
          <b>The program is not well.</b> {reason}
        </span>
      </div>
    );
  }
  if (state === 'signed_out') {
    return (
      <div className={styles.banner} data-kind="bad" role="alert">
        <span>
          <b>You are signed out.</b> The session has ended, or its key was revoked.
        </span>
        <Button size="small" appearance="primary" onClick={() => location.reload()}>
          Log in
        </Button>
      </div>
    );
  }
  return null;
}
