import { useEffect } from 'react';
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

/** While mounted with `isDirty`, leaving the address, or the tab, asks first. */
export function UnsavedGuard({ isDirty, what }: { readonly isDirty: boolean; readonly what: string }) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      isDirty &&
      (currentLocation.pathname !== nextLocation.pathname || currentLocation.search !== nextLocation.search),
  );
  useEffect(() => {
    if (blocker.state !== 'blocked') return;
    void confirmDiscard(what).then((yes) => (yes ? blocker.proceed() : blocker.reset()));
  }, [blocker, what]);
  useEffect(() => {
    if (!isDirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isDirty]);
  return null;
}
