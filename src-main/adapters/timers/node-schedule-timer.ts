import { scheduleJob } from 'node-schedule';
import type { Logger } from '../../core/ports/logger';
import type { Timer } from '../../core/ports/timer';

/** Longest delay a Node timer takes; beyond it fires at once. */
const longestTimeout = 2 ** 31 - 1;
/** How much later than the alarm the elapsed time wakes, so that it is not the one that usually does. */
const backupMs = 50;

/**
 * node-schedule as the alarm clock, for single instants only: its recurring jobs cost 4 ms each to set up, and run once
 * for every minute that a clock jump passes over. Plain timers for elapsed time. A callback that throws is logged: an alarm must not end the program.
 */
export function createNodeScheduleTimer(logger: Logger): Timer {
  const guarded = (callback: () => void) => () => {
    try {
      callback();
    } catch (error) {
      logger.error('a timer callback failed', {
        error: error instanceof Error ? error.stack : String(error),
      });
    }
  };

  const after = (milliseconds: number, callback: () => void): (() => void) => {
    const started = performance.now();
    let timer: NodeJS.Timeout;
    const arm = () => {
      const left = milliseconds - (performance.now() - started);
      timer = setTimeout(
        left <= longestTimeout ? guarded(callback) : arm,
        Math.max(0, Math.min(left, longestTimeout)),
      );
    };
    arm();
    return () => clearTimeout(timer);
  };

  return {
    after,
    at(instant, callback) {
      const wait = instant - Date.now();
      let isOver = false;
      let cancelBackup: () => void = () => undefined;
      const once = () => {
        if (isOver) return;
        isOver = true;
        job?.cancel();
        cancelBackup();
        callback();
      };
      const job = wait > 0 ? scheduleJob(new Date(instant), guarded(once)) : null;
      // node-schedule gives nothing for an instant that has just passed, and looks at the wall clock again before
      // it fires: set back by an hour it would stay silent for that hour. The elapsed time wakes us all the same.
      cancelBackup = after(job ? wait + backupMs : 0, once);
      return () => {
        isOver = true;
        job?.cancel();
        cancelBackup();
      };
    },
  };
}
