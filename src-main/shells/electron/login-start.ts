import { app } from 'electron';

const args = ['--hidden'];

/** Starting with the person's session: the tray alone. Only where the system has a list of such programs. */
export const loginStart = {
  /** Undefined where it can't be set: from the sources, and on systems without. */
  isOn(): boolean | undefined {
    if (!app.isPackaged || (process.platform !== 'win32' && process.platform !== 'darwin')) return undefined;
    return app.getLoginItemSettings({ args }).openAtLogin;
  },
  set(on: boolean): void {
    app.setLoginItemSettings({ openAtLogin: on, args });
  },
};
