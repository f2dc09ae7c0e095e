import { useEffect } from 'react';
import { useBlocker } from 'react-router';
import { confirm } from '../../ui/confirm';

/** Asks before unsaved changes are left: by a link, by going back, by closing the tab. */
export function useGuard(isDirty: () => boolean): void {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => isDirty() && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (blocker.state !== 'blocked') return;
    void confirm({
      title: 'Leave without saving?',
      text: 'The changes to this job have not been saved and will be lost.',
      action: 'Leave',
      isDangerous: true,
    }).then((yes) => (yes ? blocker.proceed() : blocker.reset()));
  }, [blocker]);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (isDirty()) event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isDirty]);
}
