import { readInstanceInfo } from '../../adapters/persistence/instance-lock';

/**
 * Where the pages of the program are that holds this data folder, a service for example; undefined when nobody serves
 * any. Asked after the folder was found to be taken, so that its holder lives.
 */
export function pagesOfHolder(dataFolder: string): string | undefined {
  const info = readInstanceInfo(dataFolder);
  if (info === undefined || info.mode === 'desktop' || info.address === undefined) return undefined;
  const url = new URL(info.address);
  // One that serves on all addresses is reached on this machine's own.
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.hostname === '[::]') url.hostname = '[::1]';
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.origin : undefined;
}

/** Whether an address is this machine's own: only there the key of its data folder is sent. */
export const isLoopback = (pages: string): boolean =>
  /^(127(\.\d{1,3}){3}|\[::1\]|localhost)$/.test(new URL(pages).hostname);
