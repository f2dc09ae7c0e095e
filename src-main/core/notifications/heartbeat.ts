import type { Logger } from '../ports/logger';
import type { NotificationPorts } from '../ports/notifier';
import type { CancelTimer, Timer } from '../ports/timer';

const firstMs = 2000;

/**
 * Tells a monitor elsewhere at regular times that this program lives. It is silent while the program is unwell or
 * does not schedule: then the monitor raises its alarm, which is what it is for.
 */
export function createHeartbeat(deps: {
  readonly heartbeat: NotificationPorts['heartbeat'];
  readonly timer: Timer;
  readonly logger: Logger;
  isWell(): Promise<boolean>;
}): { start(): void; stop(): void } {
  const { heartbeat, logger } = deps;
  let cancel: CancelTimer | undefined;
  let cancelNext: CancelTimer | undefined;
  let isStopped = true;
  let trouble: string | undefined;

  const beat = async () => {
    if (!heartbeat) return;
    const isWell = await deps.isWell().catch(() => false);
    const problem = isWell
      ? await heartbeat.beat()
      : 'not sent, because the program is not well or does not schedule; its monitor will raise an alarm';
    // Said when it begins and when it ends, not every minute.
    if (problem !== trouble) {
      if (problem) logger.warning(`heartbeat to ${heartbeat.describe}: ${problem}`);
      else logger.info(`heartbeat to ${heartbeat.describe} is received again`);
    }
    trouble = problem;
  };

  const next = () => {
    if (isStopped || !heartbeat) return;
    cancelNext = deps.timer.after(heartbeat.everySeconds * 1000, () => {
      void beat();
      next();
    });
  };

  return {
    start() {
      isStopped = false;
      // The scheduler is about to begin.
      cancel = deps.timer.after(firstMs, () => void beat());
      next();
    },
    stop() {
      isStopped = true;
      cancel?.();
      cancelNext?.();
    },
  };
}
