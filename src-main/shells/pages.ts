/**
 * What a browser gets before anyone has logged in: the icon, and the program's own code, which holds nothing of
 * the user's. The login page is made of it.
 */
export const isPublicFile = (path: string): boolean =>
  path === '/icon.svg' || (/^\/assets\/[\w.-]+$/.test(path) && !path.endsWith('.map'));

/** Whether an address belongs to the window: no file, no part of the API, nothing hidden. */
export function isPagePath(path: string): boolean {
  if (path.startsWith('/api') || path.startsWith('/assets/') || path === '/metrics') return false;
  if (path.includes('/.')) return false;
  // Ids may hold dots: /jobs/nightly.load is a page.
  return /^\/(jobs|executions)\/./.test(path) || !/\.[a-z0-9]+$/i.test(path);
}
