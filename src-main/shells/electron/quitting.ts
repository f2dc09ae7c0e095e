import { type App, type BrowserWindow, dialog } from 'electron';
import type { Core } from '../../core/core';
import type { Logger } from '../../core/ports/logger';
import { quitQuestion } from './quit-question';

/** The way out: asked while jobs run, not asked when the session ends. */
export interface Quitting {
  /** True from the moment on that nothing stops it any more. */
  readonly isCertain: boolean;
  /** Somebody wants to quit: asks if something would be lost. */
  request(): Promise<void>;
  /** Ends without a question and begins anew, with the same data. */
  restart(): Promise<void>;
  /** The session or the system ends: no question, what runs is ended in order. */
  now(why: string): Promise<void>;
}

export function createQuitting(deps: {
  readonly app: App;
  readonly core: Pick<Core, 'queue' | 'scheduler' | 'events'>;
  readonly logger: Logger;
  readonly window: () => BrowserWindow | undefined;
  /** Stops the program; every run has its final row when this resolves. */
  readonly stop: () => Promise<void>;
}): Quitting {
  const { core, logger } = deps;
  let isCertain = false;
  let isAsking = false;

  const busyNames = () => core.queue.status().executions.map(({ row }) => row.job_name);

  const now = async (why: string) => {
    if (isCertain) return;
    isCertain = true;
    logger.info(`stopping (${why})`);
    try {
      await deps.stop();
    } catch (error) {
      logger.error('the stop was not clean', { error: String(error) });
    }
    deps.app.exit(0);
  };

  /** Plans nothing more and quits with the last run; a job that is asked to run by hand meanwhile still counts. */
  const afterRuns = async () => {
    await core.scheduler.stop('quitting');
    logger.info('quitting as soon as the running jobs have ended');
    const look = () => {
      if (core.scheduler.state !== 'stopped') unsubscribe();
      else if (busyNames().length === 0) {
        unsubscribe();
        void now('the last job has ended');
      }
    };
    const unsubscribe = core.events.subscribe((event) => {
      if (event.type === 'execution.finished' || event.type === 'scheduler.state') setImmediate(look);
    });
    look();
  };

  return {
    get isCertain() {
      return isCertain;
    },
    now,
    restart() {
      // What was opened once is not opened again; the window is wanted, however this start was.
      const args = process.argv
        .slice(1)
        .filter((argument) => argument !== '--hidden' && !/\.job\.ya?ml$/i.test(argument));
      // Portable and AppImage: the file itself, not what it was unpacked to.
      const execPath = process.env.PORTABLE_EXECUTABLE_FILE ?? process.env.APPIMAGE;
      if (!isCertain) deps.app.relaunch({ args, ...(execPath ? { execPath } : {}) });
      return now('starting anew');
    },
    async request() {
      if (isCertain || isAsking) return;
      const question = quitQuestion(busyNames());
      if (!question) return now('quit');
      isAsking = true;
      try {
        const { choices, buttons, ...text } = question;
        const options = {
          type: 'question' as const,
          title: 'Quit Job Scheduler',
          ...text,
          buttons: [...buttons],
          defaultId: 0,
          cancelId: choices.indexOf('stay'),
          noLink: true,
        };
        const owner = deps.window();
        const { response } = owner?.isVisible()
          ? await dialog.showMessageBox(owner, options)
          : await dialog.showMessageBox(options);
        const choice = choices[response] ?? 'stay';
        if (choice === 'now') await now('quit');
        else if (choice === 'after-runs') await afterRuns();
      } finally {
        isAsking = false;
      }
    },
  };
}
