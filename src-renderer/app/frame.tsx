import { Button } from '@fluentui/react-components';
import { NavigationRegular } from '@fluentui/react-icons/svg/navigation';
import { Suspense, useEffect, useState } from 'react';
import { type NavigateFunction, Outlet, useLocation, useNavigate } from 'react-router';
import type { EventData } from '../../src-shared/contract/events';
import { useLive } from '../lib/live';
import { useSession } from '../lib/session';
import { ConfirmHost } from '../ui/confirm';
import { notify, ToastHost } from '../ui/toasts';
import { ConnectionBanner } from './connection-banner';
import styles from './frame.module.css';
import { GapBanner } from './gap-banner';
import { NavigationRail } from './navigation-rail';
import { CommandPalette, PaletteButton } from './palette';
import { SafeModeBanner } from './safe-mode-banner';
import { SchedulerChip } from './scheduler-chip';
import { loadHealth, useScheduler } from './scheduler-store';
import { UserMenu } from './user-menu';

/** A message of the channel `desktop`. */
function showNotification(toast: EventData['notification.toast'], navigate: NavigateFunction): void {
  const { title, text, tone, job_id, execution_id } = toast;
  const page = execution_id
    ? `/executions/${execution_id}`
    : job_id
      ? `/jobs/${encodeURIComponent(job_id)}`
      : '';
  notify({
    kind: tone === 'bad' ? 'error' : tone === 'good' ? 'success' : 'info',
    text: `${title}. ${text}`,
    ...(page === '' ? {} : { action: { text: 'Open', run: () => void navigate(page) } }),
  });
}

const healthEveryMs = 30_000;

/** What stands around every page: top bar, navigation, messages, palette. */
export function Frame() {
  const [isNavOpen, setNavOpen] = useState(false);
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const scheduler = useScheduler();
  const loadSession = useSession((session) => session.load);

  useLive({
    load() {
      void scheduler.load();
      void loadSession().catch(() => undefined);
      void loadHealth();
    },
    apply(event) {
      scheduler.apply(event);
      if (event.type === 'notification.toast') showNotification(event.data, navigate);
    },
  });
  useEffect(() => {
    const timer = setInterval(() => void loadHealth(), healthEveryMs);
    return () => clearInterval(timer);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page was chosen
  useEffect(() => setNavOpen(false), [pathname]);

  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#main">
        Skip to the page
      </a>
      <header className={styles.top}>
        <span className={styles.burger}>
          <Button
            appearance="subtle"
            icon={<NavigationRegular />}
            aria-label="Navigation"
            aria-expanded={isNavOpen}
            onClick={() => setNavOpen(!isNavOpen)}
          />
        </span>
        <div className={styles.brand}>
          <img src="/icon.svg" alt="" width="20" height="20" />
          <span>Job Scheduler</span>
        </div>
        <PaletteButton />
        <div className={styles.end}>
          <SchedulerChip />
          <UserMenu />
        </div>
      </header>
      <NavigationRail isOpen={isNavOpen} />
      <main className={styles.main} id="main" tabIndex={-1}>
        <ConnectionBanner />
        <GapBanner />
        <SafeModeBanner />
        <Suspense fallback={null}>
          <Outlet />
        </Suspense>
      </main>
      <CommandPalette />
      <ConfirmHost />
      <ToastHost />
    </div>
  );
}
