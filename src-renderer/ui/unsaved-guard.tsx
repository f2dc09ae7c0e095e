import { useEffect, useRef } from 'react';
import { useBlocker } from 'react-router';
import { confirm } from './confirm';

/** Asks before something unsaved is thrown away; true when it may go. */
export function confirmDiscard(what: string): Promise<boolean> {
  return confirm({
    title: `Leave ${what} unsaved?`,
    text: 'What you have changed will be lost.',
    action: 'Discard changes',
    isDangerous: true,
  });
}

/**
 * While mounted, leaving the address, or the tab, asks first. `isDirty` is asked at that moment: what was saved just
 * now must not be asked for because the screen does not show it yet.
 */
export function UnsavedGuard({ isDirty, what }: { readonly isDirty: () => boolean; readonly what: string }) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      (currentLocation.pathname !== nextLocation.pathname ||
        currentLocation.search !== nextLocation.search) &&
      isDirty(),
  );
  useEffect(() => {
    if (blocker.state !== 'blocked') return;
    void confirmDiscard(what).then((yes) => (yes ? blocker.proceed() : blocker.reset()));
  }, [blocker, what]);
  const latest = useRef(isDirty);
  latest.current = isDirty;
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (latest.current()) event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, []);
  return null;
}
