/** The pages' own scheme: a real origin for storage, history and workers, and nobody else's. */
export const appScheme = 'app';
export const appHost = 'job-scheduler';
export const appOrigin = `${appScheme}://${appHost}`;

/** Whether an address is one of the window's own pages or files. */
export function isOwnAddress(address: string): boolean {
  try {
    const url = new URL(address);
    return url.protocol === `${appScheme}:` && url.host === appHost;
  } catch {
    return false;
  }
}
