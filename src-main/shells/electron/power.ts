import { powerMonitor } from 'electron';
import type { Core } from '../../core/core';
import type { Logger } from '../../core/ports/logger';

/** Tells the scheduler what the system tells of its power: it looks at the clocks the moment the machine is back. */
export function watchPower(deps: {
  readonly core: Pick<Core, 'scheduler'>;
  readonly logger: Logger;
  readonly onShutdown: () => void;
}): void {
  const { logger } = deps;
  powerMonitor.on('suspend', () => logger.info('power: the computer goes to sleep'));
  powerMonitor.on('resume', () => {
    logger.info('power: the computer is awake again');
    deps.core.scheduler.look();
  });
  // Linux and macOS; Windows tells the window that its session ends.
  powerMonitor.on('shutdown', () => {
    logger.info('power: the system shuts down');
    deps.onShutdown();
  });
}
