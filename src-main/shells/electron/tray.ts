import { join } from 'node:path';
import { Menu, nativeImage, Tray } from 'electron';
import type { Logger } from '../../core/ports/logger';
import {
  type TrayActions,
  type TrayFacts,
  type TrayIcon,
  trayIcon,
  trayMenu,
  trayTooltip,
} from './tray-menu';

/** The icon beside the clock. */
export interface TrayPlace {
  show(facts: TrayFacts): void;
  destroy(): void;
}

/** Puts the icon there; undefined where the system has no place for one: the program runs without. */
export function createTray(deps: {
  readonly assetsFolder: string;
  readonly actions: TrayActions;
  readonly logger: Logger;
}): TrayPlace | undefined {
  const extension = process.platform === 'win32' ? 'ico' : 'png';
  const pictures = new Map<TrayIcon, Electron.NativeImage>();
  const picture = (icon: TrayIcon) => {
    let known = pictures.get(icon);
    if (!known) {
      known = nativeImage.createFromPath(join(deps.assetsFolder, 'tray', `${icon}.${extension}`));
      pictures.set(icon, known);
    }
    return known;
  };
  let tray: Tray;
  try {
    tray = new Tray(picture('normal'));
  } catch (error) {
    deps.logger.warning('there is no place for an icon in the tray', { error: String(error) });
    return undefined;
  }
  tray.on('click', () => deps.actions.open());
  tray.on('double-click', () => deps.actions.open());
  let shown = '';
  return {
    show(facts) {
      const now = JSON.stringify(facts);
      if (now === shown || tray.isDestroyed()) return;
      shown = now;
      tray.setImage(picture(trayIcon(facts)));
      tray.setToolTip(trayTooltip(facts));
      tray.setContextMenu(Menu.buildFromTemplate(trayMenu(facts, deps.actions)));
    },
    destroy: () => tray.destroy(),
  };
}
