import { scheduleJob } from 'node-schedule';
import type { Logger } from '../../core/ports/logger';
import type { Timer } from '../../core/ports/timer';

/** Longest delay a Node timer takes; beyond it fires at once. */
const longestTimeout = 2 ** 31 - 1;

/**
 * node-schedule as the alarm clock, for single instants only (spec/time.md says why); plain timers for elapsed
 * time. A callback that throws is logged: an alarm must not end the program.
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
      const job = instant > Date.now() ? scheduleJob(new Date(instant), guarded(callback)) : null;
      // node-schedule gives nothing for an instant that has just passed.
      if (!job) return after(0, callback);
      return () => {
        job.cancel();
      };
    },
  };
}
