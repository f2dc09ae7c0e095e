import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { app, BrowserWindow, Menu, type Session, session, shell } from 'electron';
import { mayOpenOutside } from './lockdown';
import { isLoopback } from './running-elsewhere';

/** A window without a preload script: the pages are those of another program, and speak to it over HTTP alone. */
const pagePreferences = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  webSecurity: true,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
} as const;

function lockTo(pages: string, own: Session): void {
  const isTheirs = (address: string) => URL.canParse(address) && new URL(address).origin === pages;
  own.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) =>
    answer(permission === 'clipboard-sanitized-write' && isTheirs(requestingUrl)),
  );
  own.setPermissionCheckHandler(
    (_contents, permission, origin) => permission === 'clipboard-sanitized-write' && isTheirs(origin),
  );
  own.setDevicePermissionHandler(() => false);
  own.webRequest.onBeforeRequest(({ url }, answer) =>
    answer({ cancel: /^(https?|wss?|file|ftp):/.test(url) && !isTheirs(url) }),
  );
}

/** Logs in with the key of the data folder, as the command line does; without one the window shows the login page. */
async function logIn(pages: string, dataFolder: string, own: Session): Promise<void> {
  if (!isLoopback(pages)) return;
  try {
    const key = readFileSync(join(dataFolder, 'admin.key'), 'utf8').trim();
    const reply = await fetch(`${pages}/api/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: pages },
      body: JSON.stringify({ key }),
      redirect: 'error',
    });
    const [name, value] = /^([^=;]+)=([^;]*)/.exec(reply.headers.getSetCookie()[0] ?? '')?.slice(1) ?? [];
    if (!reply.ok || name === undefined || value === undefined) return;
    await own.cookies.set({ url: pages, name, value, httpOnly: true, sameSite: 'strict' });
  } catch {
    // No key that may be read, or nobody who answers in time: the pages say what is to be done.
  }
}

/**
 * The desktop application as the window of a service that holds its data folder: no scheduler of its own, and no
 * rights but those of a browser. Ends with the window; the service goes on. Throws when the pages can't be loaded.
 */
export async function openServiceWindow(options: {
  /** The origin of the service's pages. */
  readonly pages: string;
  readonly dataFolder: string;
  readonly iconFile: string;
}): Promise<void> {
  const { pages, dataFolder, iconFile } = options;
  // Of this start alone: no cookie of it stays on the disk.
  const own = session.fromPartition('service');
  lockTo(pages, own);
  await logIn(pages, dataFolder, own);
  Menu.setApplicationMenu(null);
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 640,
    minHeight: 480,
    title: `Job Scheduler (${new URL(pages).host})`,
    icon: iconFile,
    autoHideMenuBar: true,
    show: false,
    webPreferences: { ...pagePreferences, session: own },
  });
  const { webContents } = window;
  const stay = (event: { preventDefault(): void; readonly url: string }) => {
    if (new URL(event.url).origin !== pages) event.preventDefault();
  };
  webContents.on('will-navigate', stay);
  webContents.on('will-frame-navigate', stay);
  webContents.on('will-redirect', stay);
  webContents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
  window.on('page-title-updated', (event) => event.preventDefault());
  window.once('ready-to-show', () => window.show());
  window.on('closed', () => app.exit(0));
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => app.exit(0));
  await window.loadURL(`${pages}/`);
}
