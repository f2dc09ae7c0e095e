import { type App, type Session, session, shell, type WebContents } from 'electron';
import type { Logger } from '../../core/ports/logger';
import { isOwnAddress } from './scheme';

/** What a page of the window may ask the system for: to copy text, and nothing else. */
const allowedPermissions: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

/** Whether a link may be opened in the person's own browser. */
export function mayOpenOutside(address: string): boolean {
  try {
    const url = new URL(address);
    return url.protocol === 'https:' && url.username === '' && url.password === '';
  } catch {
    return false;
  }
}

/** Closes what the window's pages never need: the network, devices, permissions. */
export function lockSession(own: Session): void {
  own.setPermissionRequestHandler((contents, permission, answer) => {
    answer(allowedPermissions.has(permission) && isOwnAddress(contents.getURL()));
  });
  own.setPermissionCheckHandler(
    (_contents, permission, origin) => allowedPermissions.has(permission) && isOwnAddress(`${origin}/`),
  );
  own.setDevicePermissionHandler(() => false);
  own.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  own.setSpellCheckerEnabled(false);
  // Nothing of the window comes from a network: what asks for it is no page of ours.
  own.webRequest.onBeforeRequest(
    { urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'file://*/*', 'ftp://*/*'] },
    (_details, answer) => answer({ cancel: true }),
  );
}

/** Holds one window's contents to the window's own pages. */
function lockContents(contents: WebContents, logger: Logger): void {
  const stay = (event: { preventDefault(): void }, address: string) => {
    if (isOwnAddress(address)) return;
    event.preventDefault();
    logger.warning('the window was kept from leaving its pages', { to: address.slice(0, 200) });
  };
  contents.on('will-navigate', (event) => stay(event, event.url));
  contents.on('will-frame-navigate', (event) => stay(event, event.url));
  contents.on('will-redirect', (event) => stay(event, event.url));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url)) void shell.openExternal(url);
    else logger.warning('an address was not opened', { to: url.slice(0, 200) });
    return { action: 'deny' };
  });
}

/** Locks everything down, whatever contents are ever made. Called once, when Electron is ready. */
export function lockDown(app: App, logger: Logger): void {
  lockSession(session.defaultSession);
  app.on('web-contents-created', (_event, contents) => lockContents(contents, logger));
}
