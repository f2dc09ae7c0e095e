import { join } from 'node:path';
import { app, BrowserWindow, nativeTheme, screen } from 'electron';
import type { Logger } from '../../core/ports/logger';
import { appOrigin } from './scheme';
import type { SmallFile } from './small-file';
import { leastSize, placeWindow, type WindowState } from './window-state';

/** The one window: made when it is first wanted, hidden when it is closed. */
export interface MainWindow {
  /** Shows it, in front; `path` also leads it to a page, e.g. `/executions/exec_12`. */
  show(path?: string): void;
  hide(): void;
  isVisible(): boolean;
  /** The window if there is one. */
  current(): BrowserWindow | undefined;
}

/** So many crashes of the page within a minute are more than chance. */
const mostCrashes = 3;
const crashSpanMs = 60_000;

const pageColour = () => (nativeTheme.shouldUseDarkColors ? '#141414' : '#f5f5f5');

export function createMainWindow(deps: {
  readonly preloadFile: string;
  readonly iconFile: string;
  readonly state: SmallFile<WindowState>;
  readonly logger: Logger;
  /** Asked when the person closes it: true lets it go for good, false hides it. */
  readonly mayClose: () => boolean;
  readonly onHidden: () => void;
  /** Somebody looks at it. */
  readonly onFocus: () => void;
  /** Windows ends the person's session; there are seconds left. */
  readonly onSessionEnd: () => void;
}): MainWindow {
  const { logger } = deps;
  let window: BrowserWindow | undefined;
  const crashes: number[] = [];

  const remember = (own: BrowserWindow) => {
    if (own.isDestroyed() || own.isMinimized()) return;
    deps.state.write({ ...own.getNormalBounds(), maximized: own.isMaximized() });
  };

  const reviveAfterCrash = (own: BrowserWindow, reason: string) => {
    const now = Date.now();
    crashes.push(now);
    while ((crashes[0] ?? now) < now - crashSpanMs) crashes.shift();
    logger.error(`the window's page ended (${reason}); jobs go on`, { crashes: crashes.length });
    // Again and again means that loading it is what breaks it; the tray still offers to open it.
    if (crashes.length > mostCrashes) own.destroy();
    else own.webContents.reload();
  };

  const make = (path: string): BrowserWindow => {
    const { maximized, ...bounds } = placeWindow(
      deps.state.read(),
      screen.getAllDisplays().map((display) => display.workArea),
    );
    const own = new BrowserWindow({
      ...bounds,
      minWidth: leastSize.width,
      minHeight: leastSize.height,
      title: 'Job Scheduler',
      icon: deps.iconFile,
      backgroundColor: pageColour(),
      autoHideMenuBar: true,
      show: false,
      webPreferences: {
        preload: deps.preloadFile,
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        webviewTag: false,
        navigateOnDragDrop: false,
        spellcheck: false,
        devTools: !app.isPackaged,
      },
    });
    if (maximized) own.maximize();
    let timer: NodeJS.Timeout | undefined;
    const rememberSoon = () => {
      clearTimeout(timer);
      timer = setTimeout(() => remember(own), 300);
    };
    own.on('resize', rememberSoon);
    own.on('move', rememberSoon);
    own.once('ready-to-show', () => own.show());
    own.on('page-title-updated', (event) => event.preventDefault());
    own.on('close', (event) => {
      clearTimeout(timer);
      remember(own);
      if (deps.mayClose()) return;
      event.preventDefault();
      own.hide();
      deps.onHidden();
    });
    own.on('focus', deps.onFocus);
    own.on('session-end', deps.onSessionEnd);
    own.on('closed', () => {
      if (window === own) window = undefined;
    });
    own.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason !== 'clean-exit') reviveAfterCrash(own, reason);
    });
    own.webContents.on('unresponsive', () => logger.warning('the window does not answer; jobs go on'));
    void own.loadURL(appOrigin + path).catch((error: unknown) => {
      logger.error('the window could not be loaded', { error: String(error) });
    });
    return own;
  };

  return {
    show(path) {
      if (!window || window.isDestroyed()) {
        window = make(path ?? '/');
        return;
      }
      if (path !== undefined) void window.loadURL(appOrigin + path).catch(() => undefined);
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    hide: () => window?.hide(),
    isVisible: () => window?.isVisible() ?? false,
    current: () => window,
  };
}

/** Where the built preload script lies. */
export const preloadIn = (programFolder: string): string =>
  join(programFolder, 'out', 'desktop', 'preload.cjs');
