import { execFile } from 'node:child_process';
import { messageText, oneLine, type Tone } from '../../core/notifications/message';
import type { NotificationChannel, Outgoing } from '../../core/ports/notifier';

/** Shows a message on the desktop: the Electron shell's own toast, else that of every open window. */
export type ShowToast = (message: Outgoing['message']) => void;

export function createDesktopChannel(show: ShowToast): NotificationChannel {
  return {
    channel: 'desktop',
    describe: 'a toast where the window is open',
    problem: () => undefined,
    async send({ message }) {
      show(message);
      return { kind: 'sent' };
    },
  };
}

const levels: Readonly<Record<Tone, string>> = {
  bad: 'ERROR',
  warning: 'WARNING',
  good: 'INFORMATION',
  info: 'INFORMATION',
};
/** eventcreate takes ids from 1 to 1000; each kind has its own, so that filters can tell them apart. */
const ids: Readonly<Record<string, number>> = {
  failure: 100,
  reminder: 101,
  recovery: 102,
  success: 103,
  retry: 104,
  missed: 105,
  long_running: 106,
  short_run: 107,
  not_run_by: 108,
  digest: 109,
  test: 110,
  doctor: 112,
};
const longestText = 6000;

/** The arguments of eventcreate.exe for a message. */
export function eventCreateArguments({ message }: Pick<Outgoing, 'message'>): string[] {
  const text = `${message.title}\r\n${messageText(message).replaceAll('\n', '\r\n')}`;
  return [
    ['/L', 'APPLICATION'],
    ['/SO', 'JobScheduler'],
    ['/T', levels[message.tone]],
    ['/ID', String(ids[message.kind] ?? 111)],
    // eventcreate fills %1 and the like; a percent sign of ours is doubled.
    ['/D', text.replaceAll('%', '%%').replaceAll('"', "'").slice(0, longestText)],
  ].flat();
}

/** The Windows event log, through eventcreate.exe. Elsewhere it says that there is none. */
export function createEventLogChannel(platform: string, timeoutMs: number): NotificationChannel {
  const problem = () =>
    platform === 'win32'
      ? undefined
      : 'the event log is part of Windows; this program runs on another system';
  return {
    channel: 'event_log',
    describe: platform === 'win32' ? 'Application log, source JobScheduler' : 'only on Windows',
    problem,
    send: (outgoing) =>
      new Promise((resolve) => {
        const missing = problem();
        if (missing) {
          resolve({ kind: 'failed', error: missing, isFinal: true });
          return;
        }
        const command = `${process.env.SystemRoot ?? 'C:\\Windows'}\\System32\\eventcreate.exe`;
        execFile(
          command,
          eventCreateArguments(outgoing),
          { timeout: timeoutMs, windowsHide: true },
          (error, _, stderr) =>
            resolve(
              error
                ? {
                    kind: 'failed',
                    error: `eventcreate: ${oneLine(stderr || error.message)}`,
                    isFinal: false,
                  }
                : { kind: 'sent' },
            ),
        );
      }),
  };
}
