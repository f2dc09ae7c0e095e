import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import { readInstanceInfo } from '../../adapters/persistence/instance-lock';
import { readAdminKeyFile } from '../../adapters/secrets/admin-key-file';
import { namedDataFolder } from '../data-folder';
import type { Target } from './http-transport';

/** Options that say which program is meant. */
export interface TargetOptions {
  readonly data?: string;
  readonly url?: string;
  readonly keyFile?: string;
}

interface Facts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
}

/** Whether a process of that id runs; also one of somebody else. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const isLoopback = (address: string): boolean =>
  /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(new URL(address).hostname);

/** Checks the form of an address; a path, a key or a name in it has no meaning here. */
export function readAddress(text: string, name: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new AppError('validation_failed', `${name} is "${text}"; expected http://HOST:PORT`);
  }
  const isPlain = url.username === '' && url.password === '' && url.search === '' && url.pathname === '/';
  if (!['http:', 'https:'].includes(url.protocol) || !isPlain)
    throw new AppError('validation_failed', `${name} is not http://HOST:PORT or https://HOST:PORT`);
  return url.origin;
}

/** Where the program on a data folder says that it serves. */
function foundAddress(dataFolder: string): { readonly address: string; readonly socket?: string } {
  const info = readInstanceInfo(dataFolder);
  const help = 'start it (npm run headless), or name another with --data or --url';
  if (!info || !isAlive(info.pid))
    throw new AppError('unavailable', `No program runs on the data folder ${dataFolder}: ${help}`);
  if (info.address !== undefined) {
    // A server on all addresses is reached on this machine's own.
    const url = new URL(info.address);
    if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
    if (url.hostname === '[::]') url.hostname = '[::1]';
    return { address: url.origin };
  }
  if (info.socket !== undefined) return { address: 'http://localhost', socket: info.socket };
  throw new AppError(
    'unavailable',
    info.mode === 'desktop'
      ? `The desktop application runs on ${dataFolder}; it serves no API: use its window, switch "Serve" on there (Settings, This computer), or run the program headless`
      : `Process ${info.pid} on ${dataFolder} does not serve yet; try again in a moment`,
  );
}

function keyIn(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new AppError(
      'validation_failed',
      `The key file ${file} can't be read: ${(error as Error).message}`,
    );
  }
  if (!/^[\x21-\x7e]{8,200}$/.test(text))
    throw new AppError('validation_failed', `The key file ${file} does not hold a key: expected one line`);
  return text;
}

/**
 * Which program is spoken to: --url or JOB_SCHEDULER_URL, else the one on the data folder. The key: --key-file,
 * JOB_SCHEDULER_KEY, JOB_SCHEDULER_KEY_FILE, else the administrator's in the data folder, which is given to this
 * machine only.
 */
export function findTarget(options: TargetOptions, { environment, platform }: Facts): Target {
  const dataFolder = namedDataFolder(options.data, { platform, environment });
  const named = options.url ?? environment.JOB_SCHEDULER_URL;
  const place =
    named === undefined
      ? foundAddress(dataFolder)
      : { address: readAddress(named, options.url === undefined ? 'JOB_SCHEDULER_URL' : '--url') };
  if (options.keyFile !== undefined) return { ...place, key: keyIn(resolve(options.keyFile)) };
  if (environment.JOB_SCHEDULER_KEY) return { ...place, key: environment.JOB_SCHEDULER_KEY.trim() };
  if (environment.JOB_SCHEDULER_KEY_FILE)
    return { ...place, key: keyIn(resolve(environment.JOB_SCHEDULER_KEY_FILE)) };
  if (!isLoopback(place.address)) return { ...place, key: undefined };
  return { ...place, key: readAdminKeyFile(join(dataFolder, 'admin.key')) };
}
