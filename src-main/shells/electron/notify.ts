import { Notification } from 'electron';
import type { Logger } from '../../core/ports/logger';
import type { FailureNote } from './failure-notes';

/** Notifications that are still shown: what nobody holds is collected, and its buttons with it. */
const shown = new Set<Notification>();
const mostShown = 20;

/** Shows a note of the system's own; a click opens its page, the button runs the job again. */
export function showNote(
  note: FailureNote,
  deps: {
    readonly iconFile: string;
    readonly open: (path: string) => void;
    readonly runAgain: (job_id: string) => void;
    readonly logger: Logger;
  },
): void {
  if (!Notification.isSupported()) return;
  const { job_id } = note;
  const notification = new Notification({
    title: note.title,
    body: note.body,
    icon: deps.iconFile,
    actions: [
      { type: 'button', text: 'Open' },
      ...(job_id === undefined ? [] : [{ type: 'button' as const, text: 'Run again' }]),
    ],
  });
  const drop = () => shown.delete(notification);
  notification.on('click', () => {
    drop();
    deps.open(note.path);
  });
  // The number of the button stands in the event from Electron 40 on, and beside it before.
  notification.on('action', (event: { actionIndex?: number }, index?: number) => {
    drop();
    if ((event.actionIndex ?? index) === 1 && job_id !== undefined) deps.runAgain(job_id);
    else deps.open(note.path);
  });
  notification.on('close', drop);
  notification.on('failed', (_event, error) => {
    drop();
    deps.logger.warning('a notification could not be shown', { error });
  });
  shown.add(notification);
  if (shown.size > mostShown) shown.delete([...shown][0] as Notification);
  notification.show();
}

/** Tells once that closing the window did not end the program. */
export function tellStillRunning(iconFile: string, open: () => void): void {
  if (!Notification.isSupported()) return;
  const notification = new Notification({
    title: 'Job Scheduler goes on in the background',
    body: 'Jobs run as planned. Open it again, or quit it, from its icon beside the clock.',
    icon: iconFile,
  });
  shown.add(notification);
  notification.on('click', open);
  notification.on('close', () => shown.delete(notification));
  notification.show();
}
