import { BaseWindow } from 'electron';

/** Held here: a window that nothing refers to is closed by the garbage collector. */
let held: BaseWindow | undefined;

/**
 * A window that nobody sees, to be closed by who wants the headless program to end in order: on Windows that is how
 * nssm (`sc stop`), the installer and `taskkill` ask a program without a console. It is not SIGTERM, which Windows
 * does not have, but is answered alike.
 */
export function stopWhenClosed(): void {
  held = new BaseWindow({ show: false, skipTaskbar: true, title: 'Job Scheduler' });
  held.on('close', (event) => {
    // It stays: asked again while the program stops, the last window must not end it before the runs have ended.
    event.preventDefault();
    process.emit('SIGTERM', 'SIGTERM');
  });
}
