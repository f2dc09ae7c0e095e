import { app } from 'electron';
import type { Logger } from '../../core/ports/logger';

/** Newer versions, from a feed that an admin names; without one nothing is ever asked for. */
export interface Updates {
  readonly feed: string | undefined;
  /** In words. */
  readonly state: string;
  check(): Promise<void>;
  stop(): void;
}

const everyMs = 24 * 60 * 60_000;

/**
 * `feed` is the setting updates.feed: an https address of a folder with the files electron-builder makes. A newer
 * version is fetched in the background and put in place when the program is quit, never while jobs run.
 */
export function createUpdates(deps: { readonly feed: string | undefined; readonly logger: Logger }): Updates {
  const { feed, logger } = deps;
  let state = feed ? 'Not looked yet' : 'Off: no feed is set (updates.feed)';
  let timer: NodeJS.Timeout | undefined;

  const check = async () => {
    if (!feed) return;
    if (!app.isPackaged) {
      state = 'Only an installed program updates itself';
      return;
    }
    try {
      const { default: updater } = await import('electron-updater');
      const { autoUpdater } = updater;
      autoUpdater.setFeedURL({ provider: 'generic', url: feed });
      autoUpdater.autoDownload = true;
      autoUpdater.autoInstallOnAppQuit = true;
      autoUpdater.allowDowngrade = false;
      const found = await autoUpdater.checkForUpdates();
      state = found?.isUpdateAvailable
        ? `Version ${found.updateInfo.version} is fetched and comes with the next start`
        : 'This is the newest version';
    } catch (error) {
      state = `The feed ${feed} could not be read: ${error instanceof Error ? error.message.split('\n')[0] : error}`;
      logger.warning(state);
    }
  };

  if (feed) {
    void check();
    timer = setInterval(() => void check(), everyMs);
  }
  return {
    feed,
    get state() {
      return state;
    },
    check,
    stop: () => clearInterval(timer),
  };
}
